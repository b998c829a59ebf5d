// The one door through which a URL comes into the crawl: seeds, links, redirect targets
// and sitemap entries pass the same checks in the same order, once.
//
//   Scope::judge ──► VisitedSet::insert ──► pages per host ──► task
//        │
//        └──► refused, with the rule, once
//
// Threads: admit() may be called from any thread.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "weft/base/mutex.hpp"
#include "weft/crawl/rule.hpp"
#include "weft/crawl/scope.hpp"
#include "weft/engine/frontier.hpp"
#include "weft/engine/visited_set.hpp"
#include "weft/store/job_db.hpp"

namespace weft {

enum class Admitted : std::uint8_t { queued, duplicate, refused };

struct Admission {
  Admitted admitted = Admitted::queued;
  Rule rule = Rule::scope;  // where refused
};

// What came of the links of one page: tasks for the frontier, and what is kept out.
struct Admissions {
  std::vector<Task> tasks;
  std::vector<RefusedUrl> refused;
};

// A reference that a rule keeps out, whatever the scope says.
struct Unfollowed {
  Rule rule = Rule::nofollow;
  std::uint32_t depth = 0;
  std::shared_ptr<const Via> via{};
};

class Gate {
 public:
  Gate(const CrawlConfig& config, const Scope& scope, RuleCounts& refused);

  // Judges `found`; where it is new and in scope, a task for it is added to `to`, which the
  // caller hands to the journal and the frontier (one critical section for a page's links).
  // `redirected_from` names the URL that a redirect comes from: a server may well redirect
  // between two spellings that count as one page.
  Admission admit(Found found, const std::shared_ptr<const Via>& via, Admissions& to,
                  const Url* redirected_from = nullptr);

  // `url` is about to be admitted (VisitedSet::expect).
  void expect(const Url& url) const noexcept { visited_.expect(identity(url)); }

  // The same for a sitemap, which is no page and is read once. False if it was.
  bool admit_sitemap(const Url& url, std::uint8_t hops, Admissions& to);

  // Notes a reference that never became a URL, once.
  void refuse(std::string_view reference, const Unfollowed& why, Admissions& to);

  // Notes a URL that must not be followed, once, and not if it was followed elsewhere.
  void refuse(const Url& url, const Unfollowed& why, Admissions& to);

  // What a former run let in or kept out.
  void restore(const KnownUrl& known, const HostKey& host) EXCLUDES(mutex_);
  void restore_refused(Fingerprint fingerprint) { turned_away_.insert(fingerprint); }

  std::size_t known() const { return visited_.size(); }
  std::size_t memory() const { return visited_.memory() + turned_away_.memory(); }

 private:
  Fingerprint identity(const Url& url) const;
  // True the first time.
  bool turn_away(Fingerprint fingerprint, Rule rule);
  bool host_is_full(const Url& url) EXCLUDES(mutex_);

  const Scope& scope_;
  RuleCounts& refused_;
  const std::vector<std::string> strip_query_;
  const std::uint64_t pages_per_host_;
  VisitedSet visited_;
  VisitedSet turned_away_;  // so that a refused URL is counted once
  VisitedSet sitemaps_;
  VisitedSet respelt_;  // what a former run has already followed to another spelling

  Mutex mutex_;
  std::unordered_map<HostKey, std::uint64_t> pages_ GUARDED_BY(mutex_);
};

}  // namespace weft
