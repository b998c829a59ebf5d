// How hard a host may be pressed: falls at once when it suffers, recovers slowly.
//
// Additive increase, multiplicative decrease, as TCP has it: a decrease at most once a
// round trip (what was sent before the last one says nothing new), an increase after a
// full round of good answers. Errors never speed a host up.
//
// Threads: none of its own; the frontier guards it.
#pragma once

#include "weft/base/clock.hpp"

namespace weft {

class AdaptiveLimit {
 public:
  explicit AdaptiveLimit(int most) : most_(most), slots_(most) {}

  int slots() const { return slots_; }

  // Least time between two requests besides what the user asked for; not zero once a
  // host was overloaded even by one request at a time.
  Clock::duration delay() const { return delay_; }

  // Its latency is well above the usual: what more requests at once would only raise.
  bool is_slower(Clock::duration noise) const { return smoothed_ > usual_ + usual_ / 2 + noise; }

  void good(Clock::time_point started, Clock::duration latency, Clock::time_point now);
  void overloaded(Clock::time_point started, Clock::time_point now);

  // Goes on where a former run stood, within this run's limit.
  void restore(int slots, Clock::duration delay);

 private:
  bool is_slowing(Clock::duration latency);
  void lower(Clock::time_point now);

  int most_;
  int slots_;
  int good_in_row_ = 0;
  Clock::duration delay_{};
  Clock::duration usual_{};     // latency as it is when the host is well
  Clock::duration smoothed_{};  // latency of late
  Clock::time_point lowered_at_{};
};

}  // namespace weft
