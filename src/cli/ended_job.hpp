// What a job that is done remembers of its end, so that resuming it says so, and exits as it
// stands, without reading what it holds. In job.db's meta 'end'.
//
// Threads: as JobDb.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "weft/engine/frontier.hpp"
#include "weft/report/summary.hpp"
#include "weft/store/job_db.hpp"

namespace weft {

// As much of it as a summary shows.
struct JobEnd {
  TallySnapshot tally;
  std::map<std::string, std::uint64_t> refused{};
  std::vector<TroubledHost> set_aside{};
};

std::vector<TroubledHost> troubled(const std::vector<HostTrouble>& troubles);

Result<void> remember_end(JobDb& db, const JobEnd& end);

// Nothing where the job is not done, or what it remembers cannot be read: then all of it is.
Result<std::optional<JobEnd>> recall_end(JobDb& db);

// URLs of every kind.
std::uint64_t settled_in(const Totals& totals);

}  // namespace weft
