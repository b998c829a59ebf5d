// Time that a test owns: it stands still until advance().
//
// Threads: every method may be called from any thread.
#pragma once

#include "weft/base/clock.hpp"
#include "weft/base/mutex.hpp"

namespace weft::test {

class ManualClock final : public Clock {
 public:
  time_point now() const override EXCLUDES(mutex_) {
    Lock lock(mutex_);
    return kStart + passed_;
  }

  wall_time wall() const override EXCLUDES(mutex_) {
    Lock lock(mutex_);
    return kWallStart + passed_;
  }

  duration thread_cpu() const override EXCLUDES(mutex_) {
    Lock lock(mutex_);
    ++cpu_readings_;
    return burnt_;
  }

  void advance(duration by) EXCLUDES(mutex_) {
    Lock lock(mutex_);
    passed_ += by;
  }

  // Time in which a thread, the only one there is, works.
  void burn(duration cpu) EXCLUDES(mutex_) {
    Lock lock(mutex_);
    passed_ += cpu;
    burnt_ += cpu;
  }
  int cpu_readings() const EXCLUDES(mutex_) {
    Lock lock(mutex_);
    return cpu_readings_;
  }

 private:
  static constexpr time_point kStart = time_point(std::chrono::hours(1));
  // 2026-01-02T03:04:05Z
  static constexpr wall_time kWallStart = std::chrono::sys_days(std::chrono::year(2026) / 1 / 2) +
                                          std::chrono::hours(3) + std::chrono::minutes(4) +
                                          std::chrono::seconds(5);

  mutable Mutex mutex_;
  duration passed_ GUARDED_BY(mutex_){};
  duration burnt_ GUARDED_BY(mutex_){};
  mutable int cpu_readings_ GUARDED_BY(mutex_) = 0;
};

}  // namespace weft::test
