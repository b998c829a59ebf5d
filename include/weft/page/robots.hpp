// robots.txt as RFC 9309 has it: parsed once, asked for every URL of the host.
//
// Threads: immutable after parsing; may be shared.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "weft/base/units.hpp"

namespace weft {

inline constexpr Bytes kRobotsMaxSize = {500 * 1024};  // RFC 9309 §2.5

// How much of a file to fetch and decode: by the byte too many the parser sees that its last
// line may be cut.
inline constexpr Bytes kRobotsReadSize = {kRobotsMaxSize.count + 1};

// Why a URL may or may not be fetched.
struct RobotsVerdict {
  bool allowed = true;
  int line = 0;           // 1-based line of the deciding rule; 0: no rule matched
  std::string_view rule;  // the rule as written ("Disallow: /x"); views into the Robots
};

class Robots {
 public:
  // Groups for `agent` (a product token, ASCII case ignored) merged, else those for *
  // (§2.2.1). Only the first kRobotsMaxSize bytes count, and a line cut there does not.
  static Robots parse(std::string_view text, std::string_view agent);

  // For an origin that must not be fetched at all (5xx, unreachable), and one without
  // rules (4xx).
  static Robots disallow_all();
  static Robots allow_all();

  // `target` is path and query of a canonical URL. §2.2.2: the most octets win; a tie
  // allows; /robots.txt itself is always allowed. Linear in pattern × target.
  RobotsVerdict judge(std::string_view target) const;

  // Crawl-delay of the group in force, not in the RFC; nothing if absent or not a
  // finite number ≥ 0. Uncapped (but saturated to a day).
  std::optional<std::chrono::milliseconds> crawl_delay() const { return crawl_delay_; }

  // Sitemap lines with an absolute http(s) URL, anywhere in the file, as written.
  const std::vector<std::string>& sitemaps() const { return sitemaps_; }

  // The agent line whose group is in force, as the file has it: "Weft/1", "*"; empty: none.
  const std::string& group() const { return group_; }

 private:
  friend class RobotsParser;

  struct Rule {
    std::string pattern;  // percent-encoding normalised
    std::string written;
    bool allow = false;
    int line = 0;
  };
  // A rule that is a plain prefix, and the longest other one that is a prefix of it.
  struct Prefix {
    std::uint32_t rule = 0;
    std::uint32_t shorter = kNone;  // index into prefixes_
  };
  static constexpr std::uint32_t kNone = UINT32_MAX;

  void index_rules();
  std::uint32_t first_match(std::string_view target) const;

  std::vector<Rule> rules_;  // longest pattern first, allow before disallow
  // Indexes of rules_, by which a long file is searched without trying each of its rules.
  std::vector<Prefix> prefixes_;          // in the order of their patterns
  std::vector<std::uint32_t> wildcards_;  // those with '*' or '$', in the order of rules_
  std::vector<std::string> sitemaps_;
  std::optional<std::chrono::milliseconds> crawl_delay_;
  std::string group_;
  bool disallow_all_ = false;
};

}  // namespace weft
