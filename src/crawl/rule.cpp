#include "weft/crawl/rule.hpp"

namespace weft {

namespace {

struct RuleText {
  std::string_view name;
  std::string_view meaning;
};

constexpr std::array<RuleText, kRules> kTexts{{
    {"bad-url", "the reference is not a URL"},
    {"not-http", "not an http or https URL"},
    {"nofollow", "the page asks not to follow it (nofollow)"},
    {"scope", "outside the scope (--scope)"},
    {"pattern", "refused by --include and --exclude"},
    {"depth", "deeper than --depth"},
    {"url-length", "longer than --max-url-length"},
    {"path-depth", "more path segments than --max-path-depth"},
    {"repeated-segments", "a path segment repeated more than --max-repeats times"},
    {"pages-per-host", "the host has its --max-pages-per-host"},
    {"redirect-hops", "more redirects than --max-redirects"},
    {"robots", "disallowed by robots.txt"},
}};

}  // namespace

Rule rule_of(UrlError error) {
  return error == UrlError::not_http ? Rule::not_http : Rule::bad_url;
}

std::string_view name(Rule rule) { return kTexts[static_cast<std::size_t>(rule)].name; }
std::optional<Rule> rule_named(std::string_view name) {
  for (std::size_t i = 0; i < kRules; ++i) {
    if (kTexts[i].name == name) return static_cast<Rule>(i);
  }
  return std::nullopt;
}

std::string_view describe(Rule rule) { return kTexts[static_cast<std::size_t>(rule)].meaning; }

std::map<std::string, std::uint64_t> RuleCounts::nonzero() const {
  std::map<std::string, std::uint64_t> counts;
  for (std::size_t i = 0; i < kRules; ++i) {
    if (const std::uint64_t count = counts_[i].load(kRelaxed)) {
      counts.emplace(kTexts[i].name, count);
    }
  }
  return counts;
}

}  // namespace weft
