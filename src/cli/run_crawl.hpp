// One crawl, from what was asked for to an exit code.
#pragma once

#include "cli/exit_code.hpp"
#include "cli/options.hpp"
#include "cli/resume_command.hpp"

namespace weft {

// Checks everything before anything starts, crawls until it is done or a signal ends it,
// and says how it went.
ExitCode run_crawl(CrawlOptions options);

// The same for a job that is there.
ExitCode run_resumed(ResumeRequest request);

}  // namespace weft
