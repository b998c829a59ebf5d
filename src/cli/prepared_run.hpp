// A crawl that can start: what is asked for, checked, with everything open that it needs.
#pragma once

#include <optional>

#include "cli/outputs.hpp"
#include "cli/resume_command.hpp"
#include "weft/crawl/crawl.hpp"

namespace weft {

struct PreparedRun {
  CrawlOptions options;
  std::size_t bad_lines = 0;  // of lists
  Outputs outputs;
  std::optional<ResumeRequest> resumed{};  // nothing: a new crawl
};

Started<PreparedRun> prepare(CrawlOptions options);

// Can these transfers be made at all? Allows the process the open files they need, and says which
// option has no effect.
Result<void> check_transfers(const CommonOptions& options, int jobs);

// With the options that the job remembers, and those given anew.
Started<PreparedRun> prepare(ResumeRequest request);

}  // namespace weft
