// Crawls that are killed: kill_and_resume does it, and compares; here it is given a site.
#include <doctest/doctest.h>
#include <fmt/core.h>

#include "e2e/weft_run.hpp"
#include "support/nginx.hpp"

namespace weft::test {
namespace {

constexpr int kPages = 3000;
constexpr int kKills = 10;
constexpr int kJobs = 16;

// Each page leads to three further down, and back to some that are known.
Site site() {
  Site site;
  for (int page = 0; page < kPages; ++page) {
    std::string body = fmt::format("<title>page {}</title><p>{}</p>", page, std::string(300, 'x'));
    for (int link = 1; link <= 3; ++link) {
      body += fmt::format("<a href=\"/{}.html\">x</a>\n", (3 * page + link) % kPages);
    }
    body += fmt::format("<a href=\"/missing-{}\">x</a><a href=\"/0.html#top\">x</a>", page % 50);
    site.files[fmt::format("/{}.html", page)] = body;
  }
  return site;
}

void check_killed_by(const std::string& signal) {
  const std::unique_ptr<Nginx> nginx = Nginx::start({site()});
  if (nginx == nullptr) return;
  const Ended ended = run(
      {.words = {WEFT_SOURCE_DIR "/tests/e2e/kill_and_resume", "-k", std::to_string(kKills), "-j",
                 std::to_string(kJobs), "-s", signal, WEFT_PROGRAM, nginx->url("/0.html")}});
  INFO(ended.out, ended.err);
  CHECK(ended.exit_code == 0);
  CHECK(ended.out.starts_with(fmt::format("killed {} times", kKills)));

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

}  // namespace
}  // namespace weft::test
