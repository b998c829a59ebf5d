#include "weft/page/robots.hpp"

#include <cstring>

#include "page/robots_path.hpp"

namespace weft {

namespace {

// Takes `text` up to and including the first `piece`; false where there is none.
// memmem is linear, which std::string_view::find is not.
bool skip_past(std::string_view& text, std::string_view piece) {
  if (piece.empty()) return true;
  const void* found = ::memmem(text.data(), text.size(), piece.data(), piece.size());
  if (found == nullptr) return false;
  const auto at = static_cast<std::size_t>(static_cast<const char*>(found) - text.data());
  text.remove_prefix(at + piece.size());
  return true;
}

// Each piece between two stars is taken where it first occurs: taking it later could only
// leave less text for the pieces after it, so nothing is ever tried twice.
bool matches(std::string_view pattern, std::string_view target) {
  const bool anchored = pattern.ends_with('$');
  if (anchored) pattern.remove_suffix(1);
  std::size_t star = pattern.find('*');
  if (!target.starts_with(pattern.substr(0, star))) return false;
  if (star == std::string_view::npos) return !anchored || target.size() == pattern.size();
  target.remove_prefix(star);
  for (;;) {
    pattern.remove_prefix(star + 1);
    star = pattern.find('*');
    if (star == std::string_view::npos) break;
    if (!skip_past(target, pattern.substr(0, star))) return false;
  }
  return anchored ? target.ends_with(pattern) : skip_past(target, pattern);
}

}  // namespace

Robots Robots::disallow_all() {
  Robots robots;
  robots.disallow_all_ = true;
  return robots;
}

Robots Robots::allow_all() { return {}; }

RobotsVerdict Robots::judge(std::string_view target) const {
  if (target == "/robots.txt") return {};
  if (disallow_all_) return {.allowed = false, .line = 0, .rule = {}};
  if (rules_.empty()) return {};

  std::string normal;
  std::string as_written;
  std::string_view text = target;
  std::string_view other = target;
  if (!page::is_normal_robots_target(target)) {
    normal = page::normal_robots_path(target, page::RobotsText::target);
    as_written = page::normal_robots_path(target, page::RobotsText::query_as_written);
    text = normal;
    other = as_written;
  }
  const bool two_spellings = text != other;
  for (const Rule& rule : rules_) {
    if (matches(rule.pattern, text) || (two_spellings && matches(rule.pattern, other))) {
      return {.allowed = rule.allow, .line = rule.line, .rule = rule.written};
    }
  }
  return {};
}

}  // namespace weft
