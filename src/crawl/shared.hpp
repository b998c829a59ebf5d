// What all handlers of one crawl share. Each part guards itself.
#pragma once

#include <functional>
#include <string>
#include <unordered_map>
#include <unordered_set>

#include "crawl/robots_cache.hpp"
#include "crawl/scan_trust.hpp"
#include "weft/crawl/crawl.hpp"
#include "weft/crawl/gate.hpp"
#include "weft/engine/at_stake.hpp"
#include "weft/engine/budget.hpp"

namespace weft {

struct CrawlShared {
  const CrawlConfig& config;
  const Clock& clock;
  Frontier& frontier;
  Scope& scope;
  Gate& gate;
  RuleCounts& refused;
  RobotsCache& robots;
  Budget& budget;
  SinkThread& sinks;
  const bool keeps_job;  // the sinks take what was admitted too
  ScanTrust& trust;
  AtStake& at_stake;
  const std::unordered_set<std::string>& named_hosts;  // by the user: may be private
  // What a seed's user name and password are for: its origin, and the origin with them.
  const std::unordered_map<std::string, std::string>& logins;
  std::function<void(StopHow, StopReason)> stop;
  std::function<void(const Url&, std::string_view)> on_planned;
};

}  // namespace weft
