// Time as the program sees it: a seam, so that tests own it (ManualClock).
//
// Threads: every method may be called from any thread.
#pragma once

#include <chrono>

namespace weft {

class Clock {
 public:
  using duration = std::chrono::steady_clock::duration;
  using time_point = std::chrono::steady_clock::time_point;
  using wall_time = std::chrono::system_clock::time_point;

  virtual ~Clock() = default;

  // Never goes backwards: for waits and measured times.
  virtual time_point now() const = 0;

  // The calendar: for records, Retry-After dates and cache ages.
  virtual wall_time wall() const = 0;

  // CPU time the calling thread has used, for what a task costs: differences alone mean
  // something. A system call (some 500 ns where now() takes 25).
  virtual duration thread_cpu() const = 0;
};

Clock::duration thread_cpu_time();  // as SystemClock has it

class SystemClock final : public Clock {
 public:
  time_point now() const override { return std::chrono::steady_clock::now(); }
  wall_time wall() const override { return std::chrono::system_clock::now(); }
  duration thread_cpu() const override { return thread_cpu_time(); }
};

}  // namespace weft
