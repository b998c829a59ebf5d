// A run watched until it ends, and the reading of a job before it: their progress drawn, signals
// told to them step by step.
//
// Threads: the main thread.
#pragma once

#include <cstddef>
#include <functional>

#include "cli/signals.hpp"
#include "cli/stopping.hpp"
#include "weft/report/progress.hpp"
#include "weft/store/job_reading.hpp"

namespace weft {

// What a command's run can be asked and told meanwhile.
struct Watched {
  std::function<bool()> finished;
  std::function<std::size_t()> in_flight;
  std::function<void(StopHow, StopReason)> stop;
  std::function<void()> draw;
  std::function<bool()> output_broke;  // nobody takes what goes to standard output
};

void watch(const Watched& run, Signals& signals, Stopping& stopping, Progress& progress);

// Calls `read` on a thread of its own, and waits for its end; how far `reading` is is drawn from
// the first second on. A signal stops the reading, another one ends the program at once.
// False: a signal came, and what was read is of no use.
bool watch_reading(const std::function<void()>& read, JobReading& reading, Signals& signals,
                   Stopping& stopping, Progress& progress);

}  // namespace weft
