// How a run is told to stop, step by step: the first signal lets what is in flight finish for
// ten seconds, the second drops it.
//
// Threads:   one thread calls everything.
// Ownership: the clock must outlive it.
#pragma once

#include <optional>

#include "cli/signals.hpp"
#include "weft/crawl/crawl.hpp"

namespace weft {

class Stopping {
 public:
  static constexpr auto kGrace = std::chrono::seconds(10);

  explicit Stopping(const Clock& clock) : clock_(clock) {}

  // A signal has come: what it asks for.
  StopHow signalled(Signals::Event signal);

  // Are the ten seconds over? Said once; never after a second signal.
  bool grace_is_over();

  // As long as may be waited for a signal, `tick` at most, for grace_is_over() to be in time.
  Clock::duration wait_at_most(Clock::duration tick) const;

  // The first signal, if any.
  std::optional<Signals::Event> signal() const { return signal_; }

 private:
  const Clock& clock_;
  std::optional<Signals::Event> signal_;
  std::optional<Clock::time_point> drop_at_;  // while what is in flight may finish
};

}  // namespace weft
