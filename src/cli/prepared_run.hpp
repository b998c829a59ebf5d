// A crawl that can start: what is asked for, checked, with everything open that it needs. A job
// that goes on is locked, and nothing of it is read or changed yet: that may take long.
#pragma once

#include <optional>

#include "cli/kept_job.hpp"
#include "cli/outputs.hpp"
#include "cli/reopened_outputs.hpp"
#include "cli/resume_command.hpp"
#include "weft/crawl/crawl.hpp"

namespace weft {

struct ResumedRun {
  ResumeRequest request;  // what an earlier run was stopped in is asked for too
  KeptJob job;
};

struct PreparedRun {
  CrawlOptions options;
  std::size_t bad_lines = 0;  // of lists
  Outputs outputs{};
  std::optional<ResumedRun> resumed{};  // nothing: a new crawl
};

Started<PreparedRun> prepare(CrawlOptions options);

// Can these transfers be made at all? Allows the process the open files they need, and says which
// option has no effect.
Result<void> check_transfers(CommonOptions& options, int jobs);

// With the options that the job remembers, and those given anew.
Started<PreparedRun> prepare(ResumeRequest request);

// Opens the files of its job, which it takes, and which then remembers what was given anew.
Started<Outputs> reopen(ResumedRun& run, const CrawlOptions& options, const Notice& tell);

}  // namespace weft
