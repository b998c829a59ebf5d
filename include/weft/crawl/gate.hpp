// The one door through which a URL comes into the crawl: seeds, links, redirect targets
// and sitemap entries pass the same checks in the same order, once.
//
//   Scope::judge ──► VisitedSet::insert ──► pages per host ──► task
//
// Threads: admit() may be called from any thread.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "weft/base/mutex.hpp"
#include "weft/crawl/rule.hpp"
#include "weft/crawl/scope.hpp"
#include "weft/engine/frontier.hpp"
#include "weft/engine/visited_set.hpp"

namespace weft {

enum class Admitted : std::uint8_t { queued, duplicate, refused };

struct Admission {
  Admitted admitted = Admitted::queued;
  Rule rule = Rule::scope;  // where refused
};

class Gate {
 public:
  Gate(const CrawlConfig& config, const Scope& scope, RuleCounts& refused);

  // Judges `found`; where it is new and in scope, a task for it is added to `tasks`, which
  // the caller pushes to the frontier (one critical section for a page's links).
  // `redirected_from` names the URL that a redirect comes from: a server may well redirect
  // between two spellings that count as one page.
  Admission admit(Found found, const std::shared_ptr<const std::string>& via,
                  std::vector<Task>& tasks, const Url* redirected_from = nullptr);

  // The same for a sitemap, which is no page and is read once. False if it was.
  bool admit_sitemap(const Url& url, std::uint8_t hops, std::vector<Task>& tasks);

  // Counts a reference that never became a URL, and says under which rule.
  Rule refuse(UrlError error);

  // Counts a URL that must not be followed, once, and not if it was followed elsewhere.
  void refuse(const Url& url, Rule rule);

  std::size_t known() const { return visited_.size(); }
  std::size_t memory() const { return visited_.memory() + turned_away_.memory(); }

 private:
  Fingerprint identity(const Url& url) const;
  Admission turn_away(Fingerprint fingerprint, Rule rule);
  bool host_is_full(const Url& url) EXCLUDES(mutex_);

  const Scope& scope_;
  RuleCounts& refused_;
  const std::vector<std::string> strip_query_;
  const std::uint64_t pages_per_host_;
  VisitedSet visited_;
  VisitedSet turned_away_;  // so that a refused URL is counted once
  VisitedSet sitemaps_;

  Mutex mutex_;
  std::unordered_map<HostKey, std::uint64_t> pages_ GUARDED_BY(mutex_);
};

}  // namespace weft
