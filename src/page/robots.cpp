#include "weft/page/robots.hpp"

#include <algorithm>
#include <cstring>

#include "page/robots_path.hpp"

namespace weft {

namespace {

// Takes `text` up to and including the first `piece`; false where there is none.
bool skip_past(std::string_view& text, std::string_view piece) {
  if (piece.empty()) return true;
  // Most pieces begin with a rare character, '?' or '.', and are not there at all.
  text.remove_prefix(std::min(text.find(piece.front()), text.size()));
  // memmem is linear, which std::string_view::find is not.
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
  std::string normal;
  std::string query_as_written;
  std::string_view text = target;
  std::string_view other = target;
  if (!page::is_normal_robots_target(target)) {
    normal = page::normal_robots_path(target, page::RobotsText::target);
    query_as_written = page::normal_robots_path(target, page::RobotsText::query_as_written);
    text = normal;
    other = query_as_written;
  }
  if (text == "/robots.txt") return {};
  if (disallow_all_) return {.allowed = false, .line = 0, .rule = {}};

  std::uint32_t found = first_match(text);
  if (other != text) found = std::min(found, first_match(other));
  if (found == kNone) return {};
  const Rule& rule = rules_[found];
  return {.allowed = rule.allow, .line = rule.line, .rule = rule.written};
}

void Robots::index_rules() {
  for (std::uint32_t i = 0; i < rules_.size(); ++i) {
    const std::string& pattern = rules_[i].pattern;
    if (pattern.find('*') != std::string::npos || pattern.ends_with('$')) {
      wildcards_.push_back(i);
    } else {
      prefixes_.push_back({.rule = i});
    }
  }
  const auto pattern_of = [&](const Prefix& prefix) -> const std::string& {
    return rules_[prefix.rule].pattern;
  };
  // Of equal patterns the first rule wins and stays alone.
  std::stable_sort(prefixes_.begin(), prefixes_.end(),
                   [&](const Prefix& a, const Prefix& b) { return pattern_of(a) < pattern_of(b); });
  const auto same = [&](const Prefix& a, const Prefix& b) {
    return pattern_of(a) == pattern_of(b);
  };
  prefixes_.erase(std::unique(prefixes_.begin(), prefixes_.end(), same), prefixes_.end());
  for (std::uint32_t i = 1; i < prefixes_.size(); ++i) {
    std::uint32_t shorter = i - 1;
    while (shorter != kNone &&
           !pattern_of(prefixes_[i]).starts_with(pattern_of(prefixes_[shorter]))) {
      shorter = prefixes_[shorter].shorter;
    }
    prefixes_[i].shorter = shorter;
  }
}

// Every prefix of `target` sorts before it, and whatever sorts between the two begins with
// that prefix: so the prefixes of `target` are all among its predecessor and the shorter
// ones of that. The first to match is the longest.
std::uint32_t Robots::first_match(std::string_view target) const {
  const auto after = std::upper_bound(
      prefixes_.begin(), prefixes_.end(), target,
      [&](std::string_view text, const Prefix& p) { return text < rules_[p.rule].pattern; });
  auto at = after == prefixes_.begin() ? kNone
                                       : static_cast<std::uint32_t>(after - prefixes_.begin() - 1);
  while (at != kNone && !target.starts_with(rules_[prefixes_[at].rule].pattern)) {
    at = prefixes_[at].shorter;
  }
  const std::uint32_t plain = at == kNone ? kNone : prefixes_[at].rule;
  for (const std::uint32_t rule : wildcards_) {
    if (rule > plain) break;
    if (matches(rules_[rule].pattern, target)) return rule;
  }
  return plain;
}

}  // namespace weft
