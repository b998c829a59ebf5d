// What a run writes: the job directory with its database, records, links and the log, opened
// before the run starts.
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "cli/exit_code.hpp"
#include "cli/job_dir.hpp"
#include "cli/options.hpp"
#include "weft/store/job_db.hpp"
#include "weft/store/sink.hpp"

namespace weft {

struct Outputs {
  std::optional<JobDir> job;
  std::unique_ptr<JobDb> db;                 // where there is a job
  std::vector<std::unique_ptr<Sink>> sinks;  // the job's pages.jsonl first
};

// Opens what `options` ask for and the log. Where anything fails, what was created is
// removed again. The job directory is named after the first seed unless they name one; the
// job remembers them.
Started<Outputs> open_outputs(const CrawlOptions& options);

// The parts that a job which goes on opens too.
Started<void> start_log(const OutputOptions& options, const std::optional<JobDir>& job);

}  // namespace weft
