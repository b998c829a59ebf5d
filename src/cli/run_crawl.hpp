// One crawl, from what was asked for to an exit code.
#pragma once

#include "cli/exit_code.hpp"
#include "cli/options.hpp"

namespace weft {

// Checks everything before anything starts, crawls until it is done or a signal ends it,
// and says how it went.
ExitCode run_crawl(CrawlOptions options);

}  // namespace weft
