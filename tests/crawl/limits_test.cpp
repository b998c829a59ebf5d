// Scope, traps, budgets.
#include <doctest/doctest.h>

#include "support/table_web.hpp"

using namespace weft;
using namespace weft::test;
using namespace std::chrono_literals;

namespace {

using Verdict = UrlPattern::Verdict;

Urls crawled_links(const std::string& seed, const std::string& links, CrawlConfig config) {
  TableWeb web{{seed, html(links)}};
  return crawl(web, {seed}, std::move(config)).fetched();
}

// An endless site: every page links to the next two.
Answer endless(int i) {
  return html("<a href=/" + std::to_string(2 * i + 1) + ">x</a><a href=/" +
              std::to_string(2 * i + 2) + ">x</a>");
}

struct EndlessSite : TableWeb {
  EndlessSite() : TableWeb{{"http://a/", endless(0)}} {
    for (int i = 1; i < 300; ++i) add("http://a/" + std::to_string(i), endless(i));
  }
};

std::size_t pages(const Crawled& crawled) {
  std::size_t pages = 0;
  for (const Record& record : crawled.records) {
    if (record.kind == RecordKind::page && record.outcome == Outcome::ok) ++pages;
  }
  return pages;
}

}  // namespace

TEST_CASE("links of a page outside the scope are not followed") {
  const std::string links = R"(<a href="http://a/dir/in">1</a><a href="http://a/out">2</a>
      <a href="http://www.a.example/">3</a><a href="http://a:8080/">4</a>)";
  CHECK(crawled_links("http://a/dir/", links, {.scope = ScopeKind::prefix}) ==
        Urls{"http://a/dir/", "http://a/dir/in"});
  CHECK(crawled_links("http://a/dir/", links, {.scope = ScopeKind::host}) ==
        Urls{"http://a/dir/", "http://a/dir/in", "http://a/out"});
  CHECK(crawled_links("http://a/dir/", links, {.scope = ScopeKind::any}).size() == 5);
}

TEST_CASE("domain scope takes in the hosts beside the seed's, not the public suffix") {
  CHECK(crawled_links("http://www.h.co.uk/",
                      R"(<a href="http://docs.h.co.uk/">1</a><a href="http://other.co.uk/">2</a>)",
                      {.scope = ScopeKind::domain}) ==
        Urls{"http://docs.h.co.uk/", "http://www.h.co.uk/"});
}

TEST_CASE("http and https on their own ports are one host to the scope") {
  CHECK(crawled_links("http://a/", R"(<a href="https://a/x">1</a>)", {}).size() == 2);
}

TEST_CASE("of include and exclude the last that matches wins") {
  const std::string links =
      R"(<a href=/docs/a.html>1</a><a href=/docs/b.pdf>2</a><a href=/blog>3</a>)";
  CHECK(crawled_links("http://a/", links, {.patterns = {{Verdict::exclude, "\\.pdf$"}}}) ==
        Urls{"http://a/", "http://a/blog", "http://a/docs/a.html"});
  CHECK(crawled_links("http://a/", links, {.patterns = {{Verdict::include, "/docs/"}}}) ==
        Urls{"http://a/", "http://a/docs/a.html", "http://a/docs/b.pdf"});
  CHECK(crawled_links("http://a/", links,
                      {.patterns = {{Verdict::include, "/docs/"}, {Verdict::exclude, "pdf"}}}) ==
        Urls{"http://a/", "http://a/docs/a.html"});
  CHECK(crawled_links("http://a/", links,
                      {.patterns = {{Verdict::exclude, "pdf"}, {Verdict::include, "/docs/"}}}) ==
        Urls{"http://a/", "http://a/docs/a.html", "http://a/docs/b.pdf"});
}

TEST_CASE("a bad regular expression is refused before anything starts, and says why") {
  ManualClock clock;
  CrawlConfig config{.seeds = {Url::parse("http://a/").value()},
                     .patterns = {{Verdict::include, "(unclosed"}}};
  const auto crawl = Crawl::create(config, {.clock = clock, .make_transfers = {}, .sinks = {}});
  REQUIRE_FALSE(crawl.has_value());
  CHECK(crawl.error().message.find("(unclosed") != std::string::npos);
}

TEST_CASE("a seed that is refused is told as refused") {
  TableWeb web{{"http://a/", html("")}};
  const Crawled crawled = crawl(web, {"http://a/"}, {.patterns = {{Verdict::exclude, "."}}});
  CHECK(crawled.asked.empty());
  CHECK(crawled.record("http://a/").outcome == Outcome::refused_scope);
  CHECK(crawled.record("http://a/").rule == "pattern");
}

TEST_CASE("depth counts links from the nearest seed") {
  EndlessSite web;
  CHECK(crawl(web, {"http://a/"}, {.limit_depth = true, .depth = 0}).fetched().size() == 1);
  EndlessSite again;
  const Crawled crawled = crawl(again, {"http://a/"}, {.limit_depth = true, .depth = 2});
  CHECK(crawled.fetched().size() == 7);
  CHECK(crawled.result.refused.at("depth") == 8);
}

TEST_CASE("depth is that of the shortest way, however slow a page on it answers") {
  TableWeb web{
      {"http://a/", html("<a href=/slow>1</a><a href=/1>1</a>")},
      {"http://a/1", html("<a href=/2>2</a>")},
      {"http://a/2", html("<a href=/x>3</a>")},
      {"http://a/x", html("<a href=/last>x</a>")},
  };
  Answer slow = html("<a href=/x>2</a>");
  slow.after = 9s;
  web.add("http://a/slow", slow);
  const Crawled crawled = crawl(web, {"http://a/"}, {.limit_depth = true, .depth = 3});
  CHECK(crawled.record("http://a/x").depth == 2);
  CHECK(crawled.record("http://a/last").depth == 3);
}

TEST_CASE("a page that is tried again holds up what lies deeper, a dead host does not") {
  TableWeb web{
      {"http://a/", html("<a href=/1>1</a><a href=/2>1</a>")},
      {"http://a/1", {.status = 503}},
      {"http://a/1", html("<a href=/3>2</a>")},
      {"http://a/2", html("<a href=/3>2</a><a href=/4>2</a>")},
  };
  const Crawled crawled = crawl(web, {"http://a/"}, {.limit_depth = true, .depth = 2});
  CHECK(crawled.record("http://a/4").outcome == Outcome::http_error);
  CHECK(web.asked.size() == 7);

  TableWeb dead{{"http://a/", html("<a href=/1>1</a><a href=/2>1</a>")},
                {"http://a/1", broken(Outcome::connect_error, true)},
                {"http://a/2", broken(Outcome::connect_error, true)}};
  const Crawled gone = crawl(dead, {"http://a/"}, {.limit_depth = true, .depth = 5});
  CHECK(gone.record("http://a/2").outcome == Outcome::connect_error);
  CHECK(gone.result.left_queued == 0);
}

TEST_CASE("each trap refuses under its own name, and a refused URL is counted once") {
  const auto refused = [](const std::string& link, CrawlConfig config) {
    TableWeb web{{"http://a/", html("<a href=" + link + ">1</a><a href=" + link + ">2</a>")}};
    return crawl(web, {"http://a/"}, std::move(config)).result.refused;
  };
  using Refused = std::map<std::string, std::uint64_t>;
  CHECK(refused("/" + std::string(3000, 'x'), {}) == Refused{{"url-length", 1}});
  CHECK(refused("/1/2/3/4", {.traps = {.path_depth = 3}}) == Refused{{"path-depth", 1}});
  CHECK(refused("/x/y/x/y/x/y", {.traps = {.repeated_segments = 2}}) ==
        Refused{{"repeated-segments", 1}});
  CHECK(refused("/x/y/x/y", {.traps = {.repeated_segments = 2}}).empty());
  CHECK(refused("/more", {.traps = {.pages_per_host = 1}}) == Refused{{"pages-per-host", 1}});
  CHECK(refused("mailto:me@a", {}) == Refused{{"not-http", 1}});
  CHECK(refused("http://[bad/", {}) == Refused{{"bad-url", 1}});
}

TEST_CASE("query keys named to be ignored make one page of many") {
  CHECK(crawled_links("http://a/", R"(<a href="/x?utm_a=1&id=7">1</a><a href="/x?id=7&utm_b=2">2</a>
                                      <a href="/x?id=8">3</a>)",
                      {.strip_query = {"utm_*"}})
            .size() == 3);
}

TEST_CASE("--max-pages is exact, and what it leaves is counted") {
  EndlessSite web;
  const Crawled crawled = crawl(web, {"http://a/"}, {.jobs = 16, .per_host = 16, .max_pages = 10});
  CHECK(pages(crawled) == 10);
  CHECK(crawled.result.stopped == StopReason::max_pages);
  CHECK(crawled.result.left_queued > 0);
}

TEST_CASE("pages that fail do not use up --max-pages") {
  TableWeb web{
      {"http://a/",
       html(R"(<a href=/404>x</a><a href=/moved>x</a><a href=/1>x</a><a href=/2>x</a>)")},
      {"http://a/moved", redirect("/1")},
      {"http://a/1", html("1")},
      {"http://a/2", html("2")},
  };
  const Crawled crawled = crawl(web, {"http://a/"}, {.max_pages = 3});
  CHECK(pages(crawled) == 3);
  CHECK(crawled.result.stopped == StopReason::none);  // nothing was left
}

TEST_CASE("--max-bytes and --max-time end a crawl, finishing what is in flight") {
  EndlessSite web;
  const Crawled by_bytes =
      crawl(web, {"http://a/"}, {.jobs = 1, .per_host = 1, .max_bytes = Bytes{300}});
  CHECK(by_bytes.result.stopped == StopReason::max_bytes);
  CHECK(pages(by_bytes) > 2);
  CHECK(pages(by_bytes) < 20);

  EndlessSite slow;
  const Crawled by_time = crawl(slow, {"http://a/"}, {.wait = 1s, .max_time = 10s});
  CHECK(by_time.result.stopped == StopReason::max_time);
  CHECK(pages(by_time) == 9);  // robots.txt took the first second
}

TEST_CASE("--fail-fast ends at the first page that fails") {
  TableWeb web{{"http://a/", html(R"(<a href=/404>x</a><a href=/1>x</a><a href=/2>x</a>)")}};
  const Crawled crawled = crawl(web, {"http://a/"}, {.jobs = 1, .per_host = 1, .fail_fast = true});
  CHECK(crawled.result.stopped == StopReason::first_failure);
  CHECK(crawled.fetched() == Urls{"http://a/", "http://a/404"});
}

TEST_CASE("private addresses are for hosts the user has named") {
  TableWeb web{{"http://a/", html(R"(<a href="http://b/">x</a>)")}};
  crawl(web, {"http://a/"}, {.scope = ScopeKind::any});
  for (const Request& request : web.requests) {
    const bool named = request.url.host() == "a";
    CHECK((request.addresses == AddressPolicy::any) == named);
  }
}

TEST_CASE("a seed's credentials go to its whole origin, a link's to nobody, records have none") {
  TableWeb web{{"http://u:p@a/", html(R"(<a href="/1">x</a><a href="http://x:y@a/2">x</a>
                                         <a href="http://a/1">x</a><a href="http://x:y@b/">x</a>)")}};
  const Crawled crawled = crawl(web, {"http://u:p@a/"}, {.scope = ScopeKind::any});
  CHECK(crawled.asked.front() == "http://u:p@a/robots.txt");
  CHECK(crawled.fetched() ==
        Urls{"http://b/", "http://u:p@a/", "http://u:p@a/1", "http://u:p@a/2"});
  for (const Record& record : crawled.records) CHECK(record.url.find('@') == std::string::npos);
}

TEST_CASE("what was fetched does not count as refused where it is found again too deep") {
  const std::string navigation = "<a href=/>home</a><a href=/1>1</a><a href=/2>2</a>";
  TableWeb web{{"http://a/", html(navigation)},
               {"http://a/1", html(navigation)},
               {"http://a/2", html(navigation + "<a href=/3>3</a>")}};
  const Crawled crawled = crawl(web, {"http://a/"}, {.limit_depth = true, .depth = 1});
  CHECK(crawled.fetched().size() == 3);
  CHECK(crawled.result.refused == std::map<std::string, std::uint64_t>{{"depth", 1}});
}

TEST_CASE("style sheets that import each other without end are left in time") {
  TableWeb web{{"http://a/", html("<link rel=stylesheet href=/0.css>")}};
  for (int i = 0; i < 100; ++i) {
    web.add(fmt::format("http://a/{}.css", i), {.body = fmt::format("@import '{}.css';", i + 1),
                                                .headers = {{"Content-Type", "text/css"}}});
  }
  const Crawled crawled =
      crawl(web, {"http://a/"}, {.requisites = true, .traps = {.redirect_hops = 10}});
  CHECK(crawled.fetched().size() == 12);  // the page, and 0.css to 10.css
  CHECK(crawled.result.refused.at("redirect-hops") == 1);
}

TEST_CASE("--max-file-size 0 is no limit, for encoded pages too") {
  // gzip of "<a href=/x>x</a>"
  const std::string bytes(
      "\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\x03\xb3\x49\x54\xc8\x28\x4a\x4d\xb3\xd5\xaf"
      "\xb0\xab\xb0\xd1\x4f\xb4\x03\x00\xd1\x66\xcd\x0e\x10\x00\x00\x00",
      36);
  TableWeb web{
      {"http://a/",
       {.body = bytes, .headers = {{"Content-Type", "text/html"}, {"Content-Encoding", "gzip"}}}}};
  CHECK(crawl(web, {"http://a/"}, {.max_file_size = {}}).fetched() ==
        Urls{"http://a/", "http://a/x"});
}
