// Retries, backoff and hosts in trouble, in a running crawl.
#include <doctest/doctest.h>

#include "support/table_web.hpp"

using namespace weft;
using namespace weft::test;
using namespace std::chrono_literals;

TEST_CASE("what may go better later is tried again, with longer and longer pauses") {
  TableWeb web{{"http://a/", {.status = 500}},
               {"http://a/", {.status = 502}},
               {"http://a/", html("at last")}};
  const Crawled crawled = crawl(web, {"http://a/"}, {.tries = 3});
  CHECK(crawled.record("http://a/").outcome == Outcome::ok);
  CHECK(crawled.record("http://a/").attempts == 3);
  const Clock::duration first = web.asked[2].at - web.asked[1].at;
  const Clock::duration second = web.asked[3].at - web.asked[2].at;
  CHECK(first >= 500ms);
  CHECK(first <= 1500ms);
  CHECK(second >= 1s);
  CHECK(second <= 3s);
}

TEST_CASE("what will not go better is asked once") {
  for (const int status : {400, 401, 403, 404, 410, 501}) {
    TableWeb web{{"http://a/", {.status = status}}};
    CHECK_MESSAGE(crawl(web, {"http://a/"}).fetched().size() == 1, status);
  }
  TableWeb certificate{{"http://a/", html(R"(<a href=/x>x</a>)")},
                       {"http://a/x", broken(Outcome::tls_error, false)}};
  const Crawled crawled = crawl(certificate, {"http://a/"});
  CHECK(crawled.record("http://a/x").attempts == 1);
  CHECK(crawled.record("http://a/x").outcome == Outcome::tls_error);
}

TEST_CASE("tries are bounded, and the last answer is the record's") {
  TableWeb web{{"http://a/", {.status = 503}}};
  const Crawled crawled = crawl(web, {"http://a/"}, {.tries = 4});
  CHECK(crawled.fetched().size() == 4);
  CHECK(crawled.record("http://a/").status == 503);
  CHECK(crawled.record("http://a/").attempts == 4);
}

TEST_CASE("Retry-After is obeyed for the whole host, and capped") {
  const auto pause = [](const std::string& retry_after) {
    TableWeb web{
        {"http://a/", html(R"(<a href=/busy>x</a><a href=/other>x</a>)")},
        {"http://a/busy", {.status = 429, .headers = {{"Retry-After", retry_after}}}},
        {"http://a/busy", html("ok")},
        {"http://a/other", html("ok")},
    };
    const Crawled crawled = crawl(web, {"http://a/"}, {.jobs = 1, .per_host = 1});
    CHECK(crawled.record("http://a/busy").outcome == Outcome::ok);
    CHECK(crawled.record("http://a/other").outcome == Outcome::ok);
    return web.asked[3].at - web.asked[2].at;
  };
  CHECK(pause("2") == 2s);
  CHECK(pause("100000") == 10min);
  CHECK(pause("Fri, 02 Jan 2026 03:04:35 GMT") == 30s);  // the clock stands at 03:04:05
}

TEST_CASE("a host that answers 429 gets fewer transfers at once") {
  std::string links;
  for (int i = 0; i < 40; ++i) links += "<a href=/" + std::to_string(i) + ">x</a>";
  TableWeb web{{"http://a/", html(links)}};
  for (int i = 0; i < 40; ++i) {
    const std::string url = "http://a/" + std::to_string(i);
    if (i < 8) web.add(url, {.status = 429, .after = 100ms});
    web.add(url, {.after = 100ms});
  }
  const Crawled crawled = crawl(web, {"http://a/"}, {.per_host = 8});
  for (int i = 0; i < 40; ++i) {
    CHECK(crawled.record("http://a/" + std::to_string(i)).outcome == Outcome::ok);
  }
  // The ninth request on is sent at most four at a time.
  int after_first_wave = 0;
  for (std::size_t i = 10; i < web.asked.size(); ++i) {
    after_first_wave += web.asked[i].at == web.asked[10].at ? 1 : 0;
  }
  CHECK(after_first_wave <= 4);
}

TEST_CASE("a slow host costs the others nothing") {
  TableWeb web{{"http://slow/", {.after = 1h}},
               {"http://slow/robots.txt", {.status = 404, .after = 1h}}};
  Urls seeds{"http://slow/"};
  for (int host = 0; host < 5; ++host) {
    const std::string seed = "http://fast" + std::to_string(host) + "/";
    seeds.push_back(seed);
    web.add(seed, html(R"(<a href=/1>x</a><a href=/2>x</a>)"));
  }
  const Clock::time_point begin = web.clock.now();
  crawl(web, seeds, {.jobs = 8});
  for (const Asked& asked : web.asked) {
    if (asked.url.starts_with("http://fast")) CHECK(asked.at == begin);
  }
}

TEST_CASE("a dead host's pages are all settled, and the summary names it") {
  std::string links;
  for (int i = 0; i < 30; ++i) links += "<a href=http://dead/" + std::to_string(i) + ">x</a>";
  TableWeb web{{"http://a/", html(links)}};
  web.add("http://dead/robots.txt", {.status = 404});
  for (int i = 0; i < 30; ++i) {
    web.add("http://dead/" + std::to_string(i), broken(Outcome::connect_error, true));
  }
  const Crawled crawled = crawl(web, {"http://a/"}, {.scope = ScopeKind::any});
  for (int i = 0; i < 30; ++i) {
    CHECK(crawled.record("http://dead/" + std::to_string(i)).outcome == Outcome::connect_error);
  }
  CHECK(crawled.fetched().size() < 30);  // most were settled without asking
  REQUIRE(crawled.result.troubles.size() == 1);
  CHECK(crawled.result.troubles[0].host == "dead");
  CHECK(crawled.result.troubles[0].down);
}

TEST_CASE("a host that only ever answers 503 is given up, one that recovers is not") {
  std::string links;
  for (int i = 0; i < 100; ++i) links += "<a href=/" + std::to_string(i) + ">x</a>";
  TableWeb web{{"http://a/", html(links)}};
  for (int i = 0; i < 100; ++i) web.add("http://a/" + std::to_string(i), {.status = 503});
  const Crawled crawled = crawl(web, {"http://a/"});
  CHECK(crawled.result.left_queued == 0);
  CHECK(crawled.fetched().size() < 50);
  CHECK(crawled.record("http://a/99").outcome == Outcome::http_error);
  REQUIRE(crawled.result.troubles.size() == 1);
  CHECK(crawled.result.troubles[0].down);

  TableWeb busy{{"http://a/", html(links)}};
  for (int i = 0; i < 100; ++i) {
    const std::string url = "http://a/" + std::to_string(i);
    if (i % 10 != 0) busy.add(url, {.status = 503});
    busy.add(url, html("x"));
  }
  const Crawled recovered = crawl(busy, {"http://a/"});
  CHECK(recovered.result.troubles.empty());
  for (int i = 0; i < 100; ++i) {
    CHECK(recovered.record("http://a/" + std::to_string(i)).outcome == Outcome::ok);
  }
}

TEST_CASE("no such host: nothing more is asked of it") {
  TableWeb web{{"http://nowhere/robots.txt", broken(Outcome::dns_error, false)}};
  const Crawled crawled = crawl(web, {"http://nowhere/1", "http://nowhere/2"});
  CHECK(crawled.asked == Urls{"http://nowhere/robots.txt"});
  CHECK(crawled.record("http://nowhere/1").outcome == Outcome::dns_error);
  CHECK(crawled.record("http://nowhere/2").outcome == Outcome::dns_error);
}

TEST_CASE("errors never speed a host up") {
  std::string links;
  for (int i = 0; i < 60; ++i) links += "<a href=/" + std::to_string(i) + ">x</a>";
  TableWeb web{{"http://a/", html(links)}, {"http://a/0", {.status = 503, .after = 100ms}}};
  for (int i = 1; i < 60; ++i) {
    web.add("http://a/" + std::to_string(i),
            {.status = i % 2 == 0 ? 404 : 501, .after = i < 2 ? 100ms : 1s});
  }
  crawl(web, {"http://a/"}, {.per_host = 2, .tries = 1});
  // Two at once till the 503, never again after.
  std::size_t at_once = 0;
  for (std::size_t i = 5; i < web.asked.size(); ++i) {
    at_once += web.asked[i].at < web.asked[i - 1].at + 1s ? 1 : 0;
  }
  CHECK(at_once <= 1);
}

TEST_CASE("a host that only ever says it is overloaded is named in the summary") {
  TableWeb web{{"http://a/", {.status = 503}}};
  const Crawled crawled = crawl(web, {"http://a/"});
  REQUIRE(crawled.result.troubles.size() == 1);
  CHECK(crawled.result.troubles[0].reason == "it answered 503");
  CHECK_FALSE(crawled.result.troubles[0].down);
}
