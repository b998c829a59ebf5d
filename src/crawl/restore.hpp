// A crawl read back from its job, so that it goes on where the last run stopped.
//
// Threads: the thread that owns the job; nothing else uses the parts yet.
#pragma once

#include <vector>

#include "crawl/robots_cache.hpp"
#include "weft/crawl/crawl.hpp"
#include "weft/crawl/gate.hpp"
#include "weft/engine/budget.hpp"

namespace weft {

Result<std::vector<Url>> seeds_of(JobDb& job);

// What redirected seeds have added to the scope.
Result<void> adopt_redirected_seeds(JobDb& job, Scope& scope);

// The scope has changed: what is queued, and what it had refused, is judged by the new one.
Result<JobDb::Judged> judge_again(JobDb& job, const Scope& scope);

struct CrawlMemory {
  Frontier& frontier;
  Gate& gate;
  RobotsCache& robots;
  Budget& budget;
  RuleCounts& refused;
  const CrawlConfig& config;
  const Clock& clock;
};

Result<Resumed> restore(JobDb& job, const CrawlMemory& into);

}  // namespace weft
