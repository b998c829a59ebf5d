// What a run writes: the job directory, records, links and the log, opened before the run
// starts.
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "cli/exit_code.hpp"
#include "cli/job_dir.hpp"
#include "cli/options.hpp"
#include "weft/store/sink.hpp"

namespace weft {

struct Outputs {
  std::optional<JobDir> job;
  std::vector<std::unique_ptr<Sink>> sinks;
};

// Opens what `options` ask for and the log. Where anything fails, what was created is
// removed again. The job directory is named after `first_seed` unless they name one.
Started<Outputs> open_outputs(const OutputOptions& options, const Url& first_seed);

}  // namespace weft
