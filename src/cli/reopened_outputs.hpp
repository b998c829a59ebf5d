// The files of a job that goes on: each is opened where the job's database says the last
// record it counts ends, so that every line is whole and none stands twice.
//
// Errors: a file that cannot be opened or moved is said, with what to do.
#pragma once

#include <functional>
#include <string>

#include "cli/kept_job.hpp"
#include "cli/outputs.hpp"

namespace weft {

enum class WhichBatch : std::uint8_t {
  same,
  next,  // another one of the same job: pages.jsonl goes on, --jsonl and --links are new
};

// Told what a user should know: records that were lost and are fetched again.
using Notice = std::function<void(const std::string& notice)>;

// Opens the files of `job`, those of --jsonl and --links among them, and the log.
Started<Outputs> reopen_outputs(const OutputOptions& options, KeptJob job, WhichBatch batch,
                                const Notice& tell);

// What reopen_outputs() has opened, for another visit: every settled page is queued again,
// pages.jsonl is kept as pages.N.jsonl, N being the number of the visit that ends here, and a new
// one begun. The order of that is such that a program killed anywhere in between leaves what
// reopen_outputs() puts right the next time.
Started<void> begin_visit(Outputs& outputs, const Notice& tell);

}  // namespace weft
