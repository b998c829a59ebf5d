#include "weft/engine/adaptive.hpp"

#include <algorithm>

namespace weft {

namespace {

using namespace std::chrono_literals;

constexpr Clock::duration kFirstDelay = 250ms;
constexpr Clock::duration kMostDelay = 60s;
constexpr Clock::duration kLeastDelay = 10ms;  // less than this is no delay

// Latency that counts as rising: a multiple of the usual, and not noise.
constexpr int kSlowFactor = 4;
constexpr Clock::duration kNoise = 500ms;

}  // namespace

bool AdaptiveLimit::is_slowing(Clock::duration latency) {
  if (usual_ == Clock::duration{}) {
    usual_ = smoothed_ = latency;
    return false;
  }
  smoothed_ += (latency - smoothed_) / 8;
  // The usual latency follows a fall at once and a rise slowly: a host that has become
  // slow for good is in time taken as it is.
  usual_ = std::min(usual_ + (smoothed_ - usual_) / 256, smoothed_);
  return smoothed_ > usual_ * kSlowFactor + kNoise;
}

void AdaptiveLimit::lower(Clock::time_point now) {
  slots_ = std::max(1, slots_ / 2);
  good_in_row_ = 0;
  lowered_at_ = now;
}

void AdaptiveLimit::good(Clock::time_point started, Clock::duration latency,
                         Clock::time_point now) {
  if (is_slowing(latency)) {
    if (started >= lowered_at_) lower(now);
    return;
  }
  delay_ -= delay_ / 16;
  if (delay_ < kLeastDelay) delay_ = {};
  if (slots_ < most_ && ++good_in_row_ >= 4 * slots_) {
    ++slots_;
    good_in_row_ = 0;
  }
}

void AdaptiveLimit::restore(int slots, Clock::duration delay) {
  slots_ = std::clamp(slots, 1, most_);
  delay_ = std::clamp(delay, Clock::duration{}, kMostDelay);
}

void AdaptiveLimit::overloaded(Clock::time_point started, Clock::time_point now) {
  good_in_row_ = 0;
  if (started < lowered_at_) return;
  if (slots_ == 1) delay_ = std::clamp(delay_ * 2, kFirstDelay, kMostDelay);
  lower(now);
}

}  // namespace weft
