// Which URLs belong to the crawl, and which look like a trap.
//
// Threads: judge() may be called from any thread, adopt() too.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "weft/base/mutex.hpp"
#include "weft/base/result.hpp"
#include "weft/crawl/config.hpp"
#include "weft/crawl/rule.hpp"

namespace re2 {
class RE2;
}

namespace weft {

struct StringHash {
  using is_transparent = void;
  std::size_t operator()(std::string_view text) const noexcept {
    return std::hash<std::string_view>{}(text);
  }
};

// A URL at the gate.
struct Found {
  Url url;
  std::uint32_t depth = 0;
  std::uint8_t hops = 0;
  bool requisite = false;  // any host may serve it, at any depth
};

class Scope {
 public:
  // Fails on a regex that RE2 refuses, and says where it went wrong.
  static Result<std::unique_ptr<Scope>> create(const CrawlConfig& config);
  ~Scope();

  // The rule that refuses it, if any.
  std::optional<Rule> judge(const Found& found) const;

  // Is the URL's host part of the crawl, whatever its path?
  bool covers_host(const Url& url) const;

  // A seed has been redirected to `target`: where that stays in the seed's registrable
  // domain (example.org to www.example.org), it counts as a seed from now on.
  void adopt(const Url& seed, const Url& target);

  // Grows whenever adopt() has opened something: what was refused before may be in now.
  std::uint64_t changes() const { return changes_.load(); }

 private:
  struct Area {  // what one seed opens
    std::uint16_t port = 0;
    std::string prefix;
  };
  using Areas = std::unordered_map<std::string, std::vector<Area>, StringHash, std::equal_to<>>;
  struct Pattern {
    UrlPattern::Verdict verdict;
    std::unique_ptr<re2::RE2> regex;
  };

  explicit Scope(const CrawlConfig& config);
  Result<void> compile(const CrawlConfig& config);
  void open(const Url& seed, Areas& areas) const;
  bool lies_in(const Areas& areas, const Url& url, bool whole_host) const;
  bool in_scope(const Url& url, bool whole_host) const;
  std::optional<Rule> judge_patterns(const Url& url, bool is_seed) const;
  std::optional<Rule> judge_traps(const Found& found) const;

  // Constant after construction.
  const ScopeKind kind_;
  const std::optional<std::uint32_t> depth_;
  const TrapLimits traps_;
  std::vector<Pattern> patterns_;
  bool has_include_ = false;
  Areas areas_;
  std::unordered_set<std::string, StringHash, std::equal_to<>> domains_;

  std::atomic<std::uint64_t> changes_{0};
  mutable Mutex mutex_;
  Areas adopted_ GUARDED_BY(mutex_);
};

}  // namespace weft
