// What the runs of all commands show alike.
#pragma once

#include "cli/options.hpp"
#include "weft/report/tally.hpp"

namespace weft {

// How progress is shown, as asked for and as the terminal has room for it.
ProgressMode progress_mode(const OutputOptions& asked);

// What the job settled before this run.
Result<void> count_earlier(JobDb& db, Tally& tally);

std::string count_of_urls(std::uint64_t count);

}  // namespace weft
