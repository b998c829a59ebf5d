// What the work on one answer costs its thread, in CPU time, at the price of two looks at the
// clock.
//
// The thread's CPU clock is a system call, dear beside a page that is read in 75 us. So an
// answer that took less than kShort of time is taken to have worked all of it, and the CPU
// clock is read for longer ones alone, where the thread may have waited for a CPU instead. It
// counts then from a reading at most kShort older than the answer's beginning.
//
// Threads:   one thread at a time.
// Ownership: the clock must outlive it.
// Invariant: 0 <= cost <= the time that passed; it is over by no more than kShort.
#pragma once

#include <optional>

#include "weft/base/clock.hpp"

namespace weft {

class CostMeter {
 public:
  static constexpr Clock::duration kShort = std::chrono::milliseconds(1);

  explicit CostMeter(const Clock& clock) : clock_(clock) {}

  void begin();
  Clock::duration end();  // since begin()

 private:
  void read();

  const Clock& clock_;
  Clock::time_point begun_{};
  std::optional<Clock::time_point> read_at_;
  Clock::duration cpu_{};  // at read_at_
};

}  // namespace weft
