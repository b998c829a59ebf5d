// What robots.txt holds besides rules, and how much of it is read.
#include <doctest/doctest.h>

#include <chrono>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "support/vectors.hpp"
#include "weft/page/robots.hpp"

namespace weft {

namespace {

using std::chrono::milliseconds;

std::optional<milliseconds> delay(std::string_view value) {
  return Robots::parse("User-agent: *\nCrawl-delay: " + std::string(value), "bot").crawl_delay();
}

// A file of exactly `size` bytes whose last line is "Disallow: /last".
std::string file_of(std::size_t size) {
  const std::string head = "User-agent: *\n#";
  const std::string tail = "\nDisallow: /last";
  return head + std::string(size - head.size() - tail.size(), 'x') + tail;
}

bool allows_last(const std::string& file) {
  return Robots::parse(file, "bot").judge("/last").allowed;
}

bool allows(std::string_view file, std::string_view target) {
  return Robots::parse(file, "bot").judge(target).allowed;
}

}  // namespace

TEST_CASE("the conditions of fetching that are the parser's hold") {
  const auto vectors = test::load_vectors("robots/fetch.json");
  if (!vectors) return;
  // What a status, a redirect or a failure means is the crawl's business.
  const std::map<std::string, std::function<bool()>> conditions = {
      {"200 with rules", [] { return !allows("User-agent: *\nDisallow: /a", "/a"); }},
      {"200 empty body", [] { return allows("", "/"); }},
      {"200 text/html body",
       [] { return !allows("<html>\nUser-agent: *\nDisallow: /a\n</html>", "/a"); }},
      {"body of 499 KiB, last rule at the end", [] { return !allows_last(file_of(499 * 1024)); }},
      {"body of 512000 bytes (500 KiB) exactly", [] { return !allows_last(file_of(512'000)); }},
      {"body of 600 KiB", [] { return allows_last(file_of(600 * 1024)); }},
      {"Crawl-delay: 10", [] { return delay("10") == milliseconds(10'000); }},
      {"Crawl-delay: 86400 or 1e9 or -1 or abc",
       [] { return delay("1e9") == delay("86400") && !delay("-1") && !delay("abc"); }},
      {"Sitemap: lines",
       [] {
         return Robots::parse("Sitemap: http://o/s\nSitemap: /t", "b").sitemaps().size() == 1;
       }},
  };
  std::size_t met = 0;
  for (const auto& item : (*vectors)["cases"]) {
    const auto found = conditions.find(item["condition"].get<std::string>());
    if (found == conditions.end()) continue;
    CAPTURE(found->first);
    CHECK(found->second());
    ++met;
  }
  CHECK(met == conditions.size());
}

TEST_CASE("Crawl-delay is a finite number of seconds, saturated to a day") {
  CHECK(delay("10") == milliseconds(10'000));
  CHECK(delay("0.25") == milliseconds(250));
  CHECK(delay("0") == milliseconds(0));
  CHECK(delay("86400") == std::chrono::hours(24));
  CHECK(delay("1e9") == std::chrono::hours(24));
  for (const auto* bad : {"-1", "abc", "", "nan", "inf", "1e999", "5 apples"}) {
    CAPTURE(bad);
    CHECK_FALSE(delay(bad));
  }
}

TEST_CASE("of several delays the longest counts, of other agents' none") {
  const std::string file =
      "Crawl-delay: 99\n"
      "User-agent: bot\nCrawl-delay: 2\n\n"
      "User-agent: *\nCrawl-delay: 30\nDisallow: /a\n"
      "User-agent: bot\nDisallow: /b\nCrawl-delay: 5\n";
  CHECK(Robots::parse(file, "bot").crawl_delay() == milliseconds(5'000));
  CHECK(Robots::parse(file, "other").crawl_delay() == milliseconds(30'000));
}

TEST_CASE("a group's delay does not leak into the next group that has only a delay") {
  const std::string file = "User-agent: slow\nCrawl-delay: 60\n\nUser-agent: *\nDisallow: /a\n";
  CHECK_FALSE(Robots::parse(file, "bot").crawl_delay());
  CHECK(Robots::parse(file, "slow").crawl_delay() == milliseconds(60'000));
}

TEST_CASE("sitemaps are absolute URLs from anywhere in the file, of any host") {
  const auto robots = Robots::parse(
      "Sitemap: http://a.example/1.xml\nUser-agent: x\nDisallow: /\n"
      "SITEMAP:https://b.example/2.xml # two\nSitemap: /3.xml\nSitemap: ftp://c.example/4.xml\n"
      "Site-map: HTTP://d.example/5.xml",
      "bot");
  CHECK(robots.sitemaps() == std::vector<std::string>{"http://a.example/1.xml",
                                                      "https://b.example/2.xml",
                                                      "HTTP://d.example/5.xml"});
}

TEST_CASE("500 KiB of a file count, and every line that is whole within them (2.5)") {
  const std::size_t limit = kRobotsMaxSize.count;
  CHECK_FALSE(allows_last(file_of(499 * 1024)));
  CHECK_FALSE(allows_last(file_of(limit)));
  CHECK_FALSE(allows_last(file_of(limit) + "\n" + std::string(100'000, 'x')));
  CHECK_FALSE(allows_last(file_of(limit) + "\r\nDisallow: /more"));
}

TEST_CASE("a line cut by the limit is dropped, not read as a shorter rule") {
  const std::size_t limit = kRobotsMaxSize.count;
  CHECK(allows_last(file_of(limit) + "-but-one\n"));
  CHECK(allows_last(file_of(limit + 1)));
  CHECK(allows_last((file_of(limit) + "-but-one\n").substr(0, kRobotsReadSize.count)));
  CHECK(Robots::parse("User-agent: *" + std::string(limit, ' ') + "\nDisallow: /", "bot")
            .judge("/")
            .allowed);
}

TEST_CASE("prose and HTML are not rules, though they hold the words") {
  const auto robots = Robots::parse(
      "User-agent: *\n<p>Disallow: /a</p>\nDisallow /b for all\nallow\nDisallow\n", "bot");
  CHECK(robots.judge("/a").allowed);
  CHECK(robots.judge("/b").allowed);
  CHECK(robots.judge("/").line == 0);
}

}  // namespace weft
