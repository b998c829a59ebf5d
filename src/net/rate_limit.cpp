#include "weft/net/rate_limit.hpp"

#include <algorithm>

namespace weft {

namespace {

// What an idle moment leaves in the bucket: enough that a thread which wakes a little
// late loses nothing, too little to be seen as a burst.
constexpr Clock::duration kBurst = std::chrono::milliseconds(100);

}  // namespace

RateLimit::RateLimit(Bytes per_second, const Clock& clock)
    : per_second_(per_second.count), clock_(clock), paid_until_(clock.now()) {}

Clock::time_point RateLimit::take(std::size_t bytes) {
  const Clock::time_point now = clock_.now();
  if (unlimited()) return now;
  const std::chrono::duration<double> cost(static_cast<double>(bytes) /
                                           static_cast<double>(per_second_));
  Lock lock(mutex_);
  paid_until_ =
      std::max(paid_until_, now - kBurst) + std::chrono::duration_cast<Clock::duration>(cost);
  return paid_until_;
}

}  // namespace weft
