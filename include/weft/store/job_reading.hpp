// The reading of a large job, as others see it: how far it is, and a way to end it.
//
// A job that is watched (JobDb::watch) says here what it does. Once stop() was called, every
// statement that takes long ends within milliseconds with an Error, and a change that it was part
// of is rolled back; short ones, COMMIT among them, still do their work.
//
// Threads:   one thread reads the job; state(), stop() and stopped() may be called from any.
// Ownership: must outlive the JobDb that was told of it, unless that was told otherwise since.
#pragma once

#include <atomic>
#include <cstdint>

#include "weft/base/clock.hpp"
#include "weft/base/mutex.hpp"

struct sqlite3;

namespace weft {

class JobReading {
 public:
  enum class Step : std::uint8_t {
    opening,    // its files are put right
    queueing,   // another visit begins
    counting,   // what is settled
    judging,    // what is queued or refused, by a new scope
    restoring,  // what is known and what is queued
  };
  struct State {
    Step step = Step::opening;
    std::uint64_t read = 0;   // URLs of this step
    std::uint64_t total = 0;  // of them; 0: not known
  };
  State state() const { return {step_, read_, total_}; }

  void stop() EXCLUDES(mutex_);
  bool stopped() const { return stopped_; }

  // The rest is for who reads.
  void begin(Step step, std::uint64_t total);
  void reach(std::uint64_t read) { read_.store(read, std::memory_order_relaxed); }
  // Waits for stop(), no longer than that. Was it called?
  bool wait_until_stopped(Clock::duration longest) EXCLUDES(mutex_);
  // What is interrupted too, until it is detached; of several databases the first.
  void attach(sqlite3* database) EXCLUDES(mutex_);
  void detach(const sqlite3* database) EXCLUDES(mutex_);

 private:
  std::atomic<Step> step_{Step::opening};
  std::atomic<std::uint64_t> read_{0};
  std::atomic<std::uint64_t> total_{0};
  std::atomic<bool> stopped_{false};

  Mutex mutex_;
  Condition changed_;
  sqlite3* database_ GUARDED_BY(mutex_) = nullptr;
};

}  // namespace weft
