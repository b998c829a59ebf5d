// robots.txt in a running crawl: RFC 9309 §2.3 to §2.5.
#include <doctest/doctest.h>

#include "support/table_web.hpp"
#include "weft/page/robots.hpp"

using namespace weft;
using namespace weft::test;
using namespace std::chrono_literals;

namespace {

bool reaches_page(TableWeb& web, CrawlConfig config = {}) {
  const Crawled crawled = crawl(web, {"http://a/"}, std::move(config));
  return crawled.fetched() == Urls{"http://a/"};
}

// gzip of "http://a/listed\n", its end missing.
const std::string kCutGzip(
    "\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\x03\xca\x28\x29\x29\xb0\xd2\xd7\x4f\xd4\xcf"
    "\xc9\x2c\x2e\x49\x4d\xe1\x02\x00\x00\x00\xff\xff",
    32);

const Answer kDisallow = text("User-agent: *\nDisallow: /");

}  // namespace

TEST_CASE("what robots.txt disallows is never asked for, and the record names the line") {
  TableWeb web{
      {"http://a/robots.txt", text("User-agent: *\nDisallow: /no\n")},
      {"http://a/", html(R"(<a href=/no/1>x</a><a href=/yes>x</a>)")},
  };
  const Crawled crawled = crawl(web, {"http://a/"});
  CHECK(crawled.fetched() == Urls{"http://a/", "http://a/yes"});
  const Record& refused = crawled.record("http://a/no/1");
  CHECK(refused.outcome == Outcome::refused_robots);
  CHECK(refused.rule == "robots");
  CHECK(refused.error->message == "robots.txt line 2: Disallow: /no");
  CHECK(crawled.result.refused.at("robots") == 1);
}

TEST_CASE("--no-robots asks for no robots.txt") {
  TableWeb web{{"http://a/robots.txt", kDisallow}};
  const Crawled crawled = crawl(web, {"http://a/"}, {.robots = false});
  CHECK(crawled.asked == Urls{"http://a/"});
}

TEST_CASE("the group of our own product token counts before that of *") {
  TableWeb web{
      {"http://a/robots.txt", text("User-agent: *\nDisallow: /\nUser-agent: mybot\nAllow: /")}};
  CHECK(reaches_page(web, {.agent = "mybot"}));
}

TEST_CASE("§2.3.1.3: an unavailable robots.txt (4xx) allows all") {
  for (const int status : {400, 401, 403, 404, 410, 451}) {
    TableWeb web{{"http://a/robots.txt", {.status = status, .body = "User-agent: *\nDisallow: /"}}};
    CHECK_MESSAGE(reaches_page(web), status);
  }
}

TEST_CASE("§2.3.1.4: an unreachable robots.txt (5xx, and 429) disallows all, after retries") {
  for (const int status : {429, 500, 502, 503, 504, 599}) {
    TableWeb web{{"http://a/robots.txt", {.status = status}}};
    const Crawled crawled = crawl(web, {"http://a/"}, {.tries = 3});
    CHECK_MESSAGE(crawled.asked == Urls(3, "http://a/robots.txt"), status);
    CHECK(crawled.record("http://a/").outcome == Outcome::refused_robots);
    CHECK(crawled.record("http://a/").error->code == "robots_unreachable");
    CHECK(crawled.record("http://a/").rule == "robots");
    CHECK(crawled.result.refused.at("robots") == 1);
  }
}

TEST_CASE("a robots.txt that comes at the second try counts") {
  TableWeb web{{"http://a/robots.txt", {.status = 503}},
               {"http://a/robots.txt", text("User-agent: *\nAllow: /")}};
  CHECK(reaches_page(web));
}

TEST_CASE("a host that cannot be reached ends its pages as it ended robots.txt") {
  for (const Outcome outcome : {Outcome::dns_error, Outcome::connect_error, Outcome::tls_error,
                                Outcome::timeout, Outcome::truncated}) {
    TableWeb web{{"http://a/robots.txt", broken(outcome, false)}};
    const Crawled crawled = crawl(web, {"http://a/"});
    CHECK(crawled.fetched().empty());
    CHECK(crawled.record("http://a/").outcome == outcome);
    CHECK(crawled.record("http://a/").rule.empty());
    CHECK(crawled.result.refused.empty());
  }
}

TEST_CASE("§2.3.1.2: five redirects are followed, to any host, for the first origin alone") {
  TableWeb web{
      {"http://a/robots.txt", redirect("/r1")},
      {"http://a/r1", redirect("http://b/r2")},
      {"http://b/r2", redirect("/r3")},
      {"http://b/r3", redirect("/r4")},
      {"http://b/r4", redirect("/r5")},
      {"http://b/r5", kDisallow},
      {"http://a/", html("x")},
  };
  const Crawled crawled = crawl(web, {"http://a/"});
  CHECK(crawled.record("http://a/").outcome == Outcome::refused_robots);

  TableWeb six{
      {"http://a/robots.txt", redirect("/r1")},
      {"http://a/r1", redirect("/r2")},
      {"http://a/r2", redirect("/r3")},
      {"http://a/r3", redirect("/r4")},
      {"http://a/r4", redirect("/r5")},
      {"http://a/r5", redirect("/r6")},
      {"http://a/r6", kDisallow},
  };
  CHECK(crawl(six, {"http://a/"}).record("http://a/").outcome == Outcome::http_error);  // asked

  TableWeb loop{{"http://a/robots.txt", redirect("/robots.txt")}};
  CHECK(crawl(loop, {"http://a/"}).record("http://a/").outcome == Outcome::http_error);
}

TEST_CASE("a robots.txt that redirects to a file disallows all") {
  TableWeb web{{"http://a/robots.txt", redirect("file:///etc/passwd")}};
  CHECK(crawl(web, {"http://a/"}).record("http://a/").outcome == Outcome::refused_robots);
}

TEST_CASE("each scheme and port has its own robots.txt, asked for once") {
  TableWeb web{
      {"http://a/robots.txt", kDisallow},
      {"http://a:8080/robots.txt", text("User-agent: *\nAllow: /")},
      {"http://a:8080/", html(R"(<a href=/1>x</a><a href=/2>x</a>)")},
  };
  const Crawled crawled = crawl(web, {"http://a/", "http://a:8080/"});
  CHECK(crawled.fetched() == Urls{"http://a:8080/", "http://a:8080/1", "http://a:8080/2"});
  CHECK(crawled.asked.size() == 5);
}

TEST_CASE("Crawl-delay is obeyed up to the cap") {
  const auto gaps = [](const std::string& delay, Clock::duration cap) {
    TableWeb web{
        {"http://a/robots.txt", text("User-agent: *\nCrawl-delay: " + delay)},
        {"http://a/", html(R"(<a href=/1>x</a><a href=/2>x</a>)")},
    };
    crawl(web, {"http://a/"}, {.max_crawl_delay = cap});
    Clock::duration least = 1h;
    for (std::size_t i = 1; i < web.asked.size(); ++i) {
      least = std::min(least, web.asked[i].at - web.asked[i - 1].at);
    }
    return least;
  };
  CHECK(gaps("2.5", 30s) == 2500ms);
  CHECK(gaps("86400", 30s) == 30s);
  CHECK(gaps("-1", 30s) == 0s);
  CHECK(gaps("nonsense", 30s) == 0s);
}

TEST_CASE("sitemaps that robots.txt names are read, indexes too, and bring pages in scope") {
  TableWeb web{
      {"http://a/robots.txt", text("Sitemap: http://a/index.xml\nSitemap: /relative.xml")},
      {"http://a/index.xml",
       {.body = "<sitemapindex><sitemap><loc>http://a/s1.xml</loc></sitemap>"
                "<sitemap><loc>http://a/index.xml</loc></sitemap></sitemapindex>"}},
      {"http://a/s1.xml",
       {.body = "<urlset><url><loc>http://a/hidden</loc></url><url><loc>http://b/</loc></url></"
                "urlset>"}},
      {"http://a/hidden", html("x")},
  };
  const Crawled crawled = crawl(web, {"http://a/"});
  CHECK(crawled.fetched() ==
        Urls{"http://a/", "http://a/hidden", "http://a/index.xml", "http://a/s1.xml"});
  CHECK(crawled.record("http://a/hidden").via == "http://a/s1.xml");
  CHECK(crawled.record("http://a/s1.xml").kind == RecordKind::sitemap);
  CHECK(crawled.result.refused.at("scope") == 1);

  CHECK(crawl(web, {"http://a/"}, {.sitemaps = false}).fetched() == Urls{"http://a/"});
}

TEST_CASE("a dry run asks for robots.txt and sitemaps only, and says what it would fetch") {
  TableWeb web{
      {"http://a/robots.txt", text("User-agent: *\nDisallow: /no\nSitemap: http://a/s.txt")},
      {"http://a/s.txt", text("http://a/yes\nhttp://a/no\n")},
  };
  const Crawled crawled = crawl(web, {"http://a/"}, {.dry_run = true});
  CHECK(crawled.asked == Urls{"http://a/robots.txt", "http://a/s.txt"});
}

TEST_CASE("§2.4: rules that cannot be fetched anew after a day hold on") {
  TableWeb web{
      {"http://a/robots.txt", text("User-agent: *\nDisallow: /no\nCrawl-delay: 2")},
      {"http://a/robots.txt", {.status = 503}},
      {"http://a/",
       {.body = "<a href=/no>x</a><a href=/yes>x</a>",
        .headers = {{"Content-Type", "text/html"}},
        .after = 25h}},
  };
  const Crawled crawled = crawl(web, {"http://a/"});
  CHECK(crawled.asked == Urls{"http://a/robots.txt", "http://a/", "http://a/robots.txt",
                              "http://a/robots.txt", "http://a/robots.txt", "http://a/yes"});
  std::size_t refused = 0;
  for (const Record& record : crawled.records) {
    if (record.url == "http://a/no") refused += record.rule == "robots" ? 1 : 0;
  }
  CHECK(refused == 1);
}

TEST_CASE("§2.5: a rule cut by the limit of what is read does not count") {
  // The last line that fits reads "Disallow: /" and goes on beyond the limit.
  const std::string head = "User-agent: *\n#";
  const std::string tail = "\nDisallow: /";
  const std::size_t filler = kRobotsMaxSize.count - head.size() - tail.size();
  const std::string whole = head + std::string(filler, 'x') + tail;
  TableWeb exact{{"http://a/robots.txt", text(whole)}};
  CHECK_FALSE(reaches_page(exact));
  TableWeb over{{"http://a/robots.txt", text(whole + "private\n")}};
  CHECK(reaches_page(over));
  CHECK(over.requests.front().max_body > kRobotsMaxSize);  // else the cut would not be seen
}

TEST_CASE("a robots.txt whose gzip is damaged never passes for the whole") {
  TableWeb web{
      {"http://a/robots.txt", {.body = "not gzip", .headers = {{"Content-Encoding", "gzip"}}}}};
  const Crawled crawled = crawl(web, {"http://a/"});
  CHECK(crawled.fetched().empty());
  CHECK(crawled.record("http://a/robots.txt").outcome == Outcome::decode_error);
  CHECK(crawled.record("http://a/").outcome == Outcome::decode_error);
}

TEST_CASE(
    "of a sitemap whose gzip ends too early what can be read counts, and the record says so") {
  TableWeb web{{"http://a/robots.txt", text("Sitemap: http://a/s.txt")},
               {"http://a/s.txt",
                {.body = kCutGzip,
                 .headers = {{"Content-Type", "text/plain"}, {"Content-Encoding", "gzip"}}}}};
  const Crawled crawled = crawl(web, {"http://a/"});
  CHECK(crawled.record("http://a/s.txt").outcome == Outcome::decode_error);
  CHECK(crawled.record("http://a/listed").via == "http://a/s.txt");
}

TEST_CASE("credentials in a sitemap's URL are not sent") {
  TableWeb web{{"http://a/robots.txt", text("Sitemap: http://x:y@a/s.txt")}};
  CHECK(crawl(web, {"http://a/"}).fetched() == Urls{"http://a/", "http://a/s.txt"});
}
