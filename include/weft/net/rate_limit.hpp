// One bandwidth for the whole run (--limit-rate): a token bucket that all threads
// draw from.
//
// Threads: every method may be called from any thread.
#pragma once

#include <cstddef>

#include "weft/base/clock.hpp"
#include "weft/base/mutex.hpp"
#include "weft/base/units.hpp"

namespace weft {

class RateLimit {
 public:
  // `per_second` 0: no limit. The clock must outlive this.
  RateLimit(Bytes per_second, const Clock& clock);

  bool unlimited() const { return per_second_ == 0; }

  // Bytes to read at once, so that reads follow each other evenly: what a 32nd of a second
  // allows. And what a connection's other side may send ahead of them: a quarter second's, so
  // that one connection makes full use of the rate as far as a quarter second away.
  // REQUIRES: !unlimited().
  std::size_t read_size() const;
  std::size_t window() const;

  // Takes `bytes` that have just arrived and returns when the next may be read: a
  // time in the past or now means go on.
  Clock::time_point take(std::size_t bytes) EXCLUDES(mutex_);

 private:
  const std::uint64_t per_second_;
  const Clock& clock_;
  Mutex mutex_;
  Clock::time_point paid_until_ GUARDED_BY(mutex_);
};

}  // namespace weft
