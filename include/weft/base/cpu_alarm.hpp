// A function called on this thread, by signal, once the thread has used so much CPU time: for
// code that cannot be asked to look at a clock. Called again each 10 ms of CPU until the alarm
// is gone; CPU clocks are looked at each tick of the kernel (4 ms), so it may be that late.
//
// Where the system has no such timers, or the program uses SIGRTMAX itself, nothing is called.
//
// Threads:   the function is called on the thread that made the alarm, between any two of its
//            instructions: a signal handler's rules hold (signal-safety(7)).
// Ownership: after the destructor it is not called.
#pragma once

#include <ctime>

#include "weft/base/clock.hpp"

namespace weft {

class CpuAlarm {
 public:
  using Function = void (*)(int signal);

  // `function` is the same for all alarms of the program.
  CpuAlarm(Clock::duration after, Function function) noexcept;
  ~CpuAlarm();
  CpuAlarm(const CpuAlarm&) = delete;
  CpuAlarm& operator=(const CpuAlarm&) = delete;

 private:
  timer_t timer_{};
  bool is_set_ = false;
};

}  // namespace weft
