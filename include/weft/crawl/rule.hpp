// Why a URL was refused: each refusal has one rule, counted under its name.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "weft/url/url.hpp"

namespace weft {

enum class Rule : std::uint8_t {
  bad_url,     // a reference that is no URL
  not_http,    // mailto:, javascript:, ftp: ...
  nofollow,    // rel=nofollow, or the page says so
  scope,       // outside --scope
  pattern,     // --include and --exclude
  depth,       // --depth
  url_length,  // the traps
  path_depth,
  repeated_segments,
  pages_per_host,
  redirect_hops,
  robots,  // robots.txt
};
inline constexpr std::size_t kRules = 12;

// The rule that an error in a reference comes under.
Rule rule_of(UrlError error);

std::string_view name(Rule rule);  // "scope", "repeated-segments": as records carry it
std::optional<Rule> rule_named(std::string_view name);
std::string_view describe(Rule rule);  // for people: "outside the scope (--scope)"

// Threads: every method may be called from any thread.
class RuleCounts {
 public:
  void add(Rule rule, std::uint64_t count = 1) {
    counts_[static_cast<std::size_t>(rule)].fetch_add(count, kRelaxed);
  }
  std::map<std::string, std::uint64_t> nonzero() const;

 private:
  static constexpr auto kRelaxed = std::memory_order_relaxed;
  std::array<std::atomic<std::uint64_t>, kRules> counts_{};
};

}  // namespace weft
