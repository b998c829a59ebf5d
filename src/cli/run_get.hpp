// One batch of downloads, from what was asked for to an exit code.
#pragma once

#include "cli/exit_code.hpp"
#include "cli/options.hpp"
#include "cli/resume_command.hpp"

namespace weft {

// Checks everything before anything starts, downloads until it is done or a signal ends it,
// and says how it went.
ExitCode run_get(GetOptions options);

// The same for a job that is there: request.job is its directory.
ExitCode run_resumed_get(const ResumeRequest& request);

}  // namespace weft
