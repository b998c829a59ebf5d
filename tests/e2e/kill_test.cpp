// Crawls that are killed: kill_and_resume does it, and compares; here it is given a site.
#include <doctest/doctest.h>
#include <fmt/core.h>

#include <cstdio>

#include "e2e/disturbed.hpp"

namespace weft::test {
namespace {

constexpr int kPages = 3000;
constexpr int kKills = 10;
constexpr int kJobs = 16;

void check_killed_by(const std::string& signal) {
  const std::unique_ptr<Nginx> nginx = Nginx::start({linked_site(kPages)});
  if (nginx == nullptr) return;
  const Ended ended = run(
      {.words = {WEFT_SOURCE_DIR "/tests/e2e/kill_and_resume", "-k", std::to_string(kKills), "-j",
                 std::to_string(kJobs), "-s", signal, WEFT_PROGRAM, nginx->url("/0.html")}});
  INFO(ended.out, ended.err);
  CHECK(ended.exit_code == 0);
  // Where the machine is busy with something else, the crawl may end before the last ones.
  int killed = 0;
  REQUIRE(std::sscanf(ended.out.c_str(), "killed %d times", &killed) == 1);
  CHECK(killed >= kKills / 2);

  // Twice the whole site: undisturbed and killed. The rest was fetched again.
  std::size_t pages = 0;
  for (const Served& served : nginx->stop()) pages += served.target == "/robots.txt" ? 0 : 1;
  CHECK(pages >= 2 * (kPages + 50));
  CHECK(pages <= 2 * (kPages + 50) + kKills * kJobs);
}

TEST_CASE("a crawl killed ten times and resumed each time ends as if nobody had disturbed it") {
  check_killed_by("KILL");
}

TEST_CASE("a crawl told to stop ten times and resumed each time ends as if nobody had") {
  check_killed_by("TERM");
}

// The same, with options of kill_and_resume, and of the crawl.
void check_killed_with(Site site, const std::vector<std::string>& options,
                       const std::vector<std::string>& of_crawl) {
  const std::unique_ptr<Nginx> nginx = Nginx::start({std::move(site)});
  if (nginx == nullptr) return;
  std::vector<std::string> words{WEFT_SOURCE_DIR "/tests/e2e/kill_and_resume", "-k", "6", "-j",
                                 std::to_string(kJobs)};
  words.insert(words.end(), options.begin(), options.end());
  words.insert(words.end(), {WEFT_PROGRAM, nginx->url("/0.html")});
  words.insert(words.end(), of_crawl.begin(), of_crawl.end());
  const Ended ended = run({.words = std::move(words)});
  INFO(ended.out, ended.err);
  CHECK(ended.exit_code == 0);
  CHECK(ended.out.starts_with("killed "));
  CHECK_FALSE(ended.out.starts_with("killed 0 "));  // which would prove nothing
}

// A tree: each page is found on one other, so that it is as deep whenever it is found.
Site tree(int pages) {
  Site site;
  for (int page = 0; page < pages; ++page) {
    std::string body = fmt::format("<title>page {}</title><img src=\"/{}.png\">", page, page);
    for (int link = 1; link <= 3; ++link) {
      body += fmt::format("<a href=\"/{}.html\">x</a>\n", 3 * page + link);
    }
    site.files[fmt::format("/{}.html", page)] = body;
    site.files[fmt::format("/{}.png", page)] = fmt::format("picture {}", page);
  }
  return site;
}

TEST_CASE("a crawl to some depth that is killed ends as if nobody had disturbed it") {
  check_killed_with(tree(1500), {}, {"--depth", "6"});
}

TEST_CASE("a crawl with what pages need that is killed ends as if nobody had disturbed it") {
  check_killed_with(tree(1500), {}, {"--depth", "6", "--requisites"});
}

TEST_CASE("copies of the records and the links of a killed crawl are whole, and none twice") {
  check_killed_with(linked_site(1000), {"-c"}, {});
}

}  // namespace
}  // namespace weft::test
