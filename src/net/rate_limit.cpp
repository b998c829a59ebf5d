#include "weft/net/rate_limit.hpp"

#include <algorithm>

namespace weft {

namespace {

// What an idle moment leaves in the bucket: enough that a thread which wakes a little
// late loses nothing, too little to be seen as a burst.
constexpr Clock::duration kBurst = std::chrono::milliseconds(100);

constexpr std::uint64_t kReadsPerSecond = 32;
constexpr std::uint64_t kWindowsPerSecond = 4;

std::size_t share(std::uint64_t per_second, std::uint64_t parts, Bytes least, Bytes most) {
  return static_cast<std::size_t>(std::clamp(per_second / parts, least.count, most.count));
}

}  // namespace

RateLimit::RateLimit(Bytes per_second, const Clock& clock)
    : per_second_(per_second.count), clock_(clock), paid_until_(clock.now()) {}

std::size_t RateLimit::read_size() const {
  return share(per_second_, kReadsPerSecond, 1_KiB, 256_KiB);
}

std::size_t RateLimit::window() const {
  return share(per_second_, kWindowsPerSecond, 16_KiB, 16_MiB);
}

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
