// A run watched until it ends: its progress drawn, signals told to it step by step.
//
// Threads: the main thread.
#pragma once

#include <cstddef>
#include <functional>

#include "cli/signals.hpp"
#include "cli/stopping.hpp"
#include "weft/report/progress.hpp"

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

}  // namespace weft
