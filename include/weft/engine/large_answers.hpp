// Large answers are read one at a time, with three times as long a pause after each: what is read
// in 100 ms holds up all else that its worker has in flight.
//
// Threads: every method may be called from any thread.
#pragma once

#include <algorithm>
#include <atomic>

#include "weft/base/clock.hpp"
#include "weft/net/transfers.hpp"

namespace weft {

class LargeAnswers {
 public:
  // Half of the workers read one at a time.
  explicit LargeAnswers(int workers) : most_(std::max(1, workers / 2)) {}

  static bool is_large(const Completion& completion) {
    return completion.result.response.body.size() > kLarge;
  }

  // May one be read now? If so, end() follows.
  bool begin(Clock::time_point now) {
    if (now < next()) return false;
    if (reading_.fetch_add(1) < most_) return true;
    --reading_;
    return false;
  }
  void end(Clock::time_point now, Clock::duration took) {
    next_ = (now + 3 * took).time_since_epoch().count();
    --reading_;
  }

  // When to ask again.
  Clock::time_point retry_at(Clock::time_point now) const { return std::max(next(), now + kAgain); }

 private:
  static constexpr std::size_t kLarge = 1u << 20;
  static constexpr Clock::duration kAgain = std::chrono::milliseconds(5);

  Clock::time_point next() const { return Clock::time_point(Clock::duration(next_.load())); }

  const int most_;
  std::atomic<int> reading_{0};
  std::atomic<Clock::duration::rep> next_{0};
};

}  // namespace weft
