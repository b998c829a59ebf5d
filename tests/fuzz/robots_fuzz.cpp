// robots.txt never crashes the parser, every verdict is explained, and the matcher that
// never backtracks agrees with one that tries everything.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "page/robots_path.hpp"
#include "weft/page/robots.hpp"

namespace {

using weft::Robots;
using weft::page::normal_robots_path;
using weft::page::RobotsText;

void require(bool holds) {
  if (!holds) std::abort();
}

// Does `pattern` match at the beginning of `text`? Tries every length for every star, by a
// table: reach[i] says whether the pattern so far can end at i.
bool matches_slowly(std::string_view pattern, std::string_view text) {
  const bool anchored = pattern.ends_with('$');
  if (anchored) pattern.remove_suffix(1);
  std::vector<bool> reach(text.size() + 1, false);
  reach[0] = true;
  for (const char c : pattern) {
    std::vector<bool> next(text.size() + 1, false);
    for (std::size_t i = 0; i <= text.size(); ++i) {
      if (c == '*') next[i] = reach[i] || (i > 0 && next[i - 1]);
      if (c != '*' && i > 0) next[i] = reach[i - 1] && text[i - 1] == c;
    }
    reach = next;
  }
  if (anchored) return reach[text.size()];
  for (const bool end : reach) {
    if (end) return true;
  }
  return false;
}

void check_matcher(std::string_view value, const std::string& target) {
  value = value.substr(0, 200);
  for (const char c : value) {
    if (c == '#' || static_cast<unsigned char>(c) <= ' ') return;
  }
  const std::string pattern = "/" + std::string(value);
  const std::string normal = normal_robots_path(pattern, RobotsText::pattern);
  const bool expected =
      matches_slowly(normal, normal_robots_path(target, RobotsText::target)) ||
      matches_slowly(normal, normal_robots_path(target, RobotsText::query_as_written));
  const auto robots = Robots::parse("User-agent: *\nDisallow: " + pattern, "bot");
  const bool exempt = normal_robots_path(target, RobotsText::target) == "/robots.txt";
  require(robots.judge(target).allowed == (exempt || !expected));
}

}  // namespace

// The first line is the rest of a target, what follows a robots.txt.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  const std::string_view first = input.substr(0, input.find('\n'));
  const std::string target = "/" + std::string(first);
  const std::string text(input.substr(std::min(first.size() + 1, size)));

  const auto robots = Robots::parse(text, "bot");
  const auto verdict = robots.judge(target);
  require((verdict.line == 0) == verdict.rule.empty());
  require(verdict.allowed || verdict.line > 0);
  require(robots.judge("/robots.txt").allowed);
  require(Robots::allow_all().judge(target).allowed);
  require(!robots.crawl_delay() || *robots.crawl_delay() <= std::chrono::hours(24));

  // How a URL is spelt does not matter.
  const auto respelt = robots.judge(normal_robots_path(target, RobotsText::query_as_written));
  require(respelt.allowed == verdict.allowed && respelt.line == verdict.line);

  // Groups are merged: a file followed by itself says the same.
  const auto twice = Robots::parse(text + "\nDisallow:\nUser-agent: z\nDisallow:\n" + text, "bot");
  require(twice.judge(target).allowed == verdict.allowed);
  require(twice.crawl_delay() == robots.crawl_delay());

  check_matcher(text, target);
  return 0;
}
