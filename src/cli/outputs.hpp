// What a run writes: the job directory with its database, records, links and the log, opened
// before the run starts.
#pragma once

#include <functional>
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

// What a new job is to remember of its start: put into its database, and committed.
using Remember = std::function<Started<void>(JobDb& db)>;

// Opens what `asked` asks for and the log, a job in `job_directory` where one is kept. Where
// anything fails, what was created is removed again.
Started<Outputs> open_outputs(const OutputOptions& asked, const std::string& job_directory,
                              const Remember& remember);

// Those of a crawl: the job directory is named after the first seed unless `options` name one;
// the job remembers them.
Started<Outputs> open_outputs(const CrawlOptions& options);

// The parts that a job which goes on opens too. open_copies: --jsonl and --links, from nothing.
Started<void> open_copies(const OutputOptions& options, Outputs& to);
Started<void> start_log(const OutputOptions& options, const std::optional<JobDir>& job);

}  // namespace weft
