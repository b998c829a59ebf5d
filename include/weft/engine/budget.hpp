// What a run may spend: pages, bytes, time.
//
// A page is reserved when it is begun and counted when it was had, so that --max-pages is
// exact whatever fails on the way.
//
// Threads: every method may be called from any thread.
#pragma once

#include <atomic>
#include <cstdint>

#include "weft/base/clock.hpp"
#include "weft/base/units.hpp"

namespace weft {

struct BudgetLimits {  // zero: no limit
  std::uint64_t pages = 0;
  Bytes bytes{};
  Clock::duration time{};
};

class Budget {
 public:
  Budget(const BudgetLimits& limits, Clock::time_point now)
      : max_pages_(limits.pages),
        max_bytes_(limits.bytes.count),
        deadline_(limits.time == Clock::duration{} ? Clock::time_point::max() : now + limits.time) {
  }

  // What former runs of the job have spent.
  void spend(std::uint64_t pages, std::uint64_t bytes) {
    reserved_ += pages;
    had_ += pages;
    bytes_ += bytes;
  }
  bool has_no_page() const { return max_pages_ != 0 && had_.load() >= max_pages_; }
  bool has_no_bytes() const { return max_bytes_ != 0 && bytes_.load() >= max_bytes_; }

  // Is there a page left to begin?
  bool has_page() const { return max_pages_ == 0 || reserved_.load() < max_pages_; }

  // Never goes over, not even for a moment: a release in that moment would not see that
  // somebody may be waiting.
  bool reserve_page() {
    if (max_pages_ == 0) return true;
    std::uint64_t reserved = reserved_.load();
    while (reserved < max_pages_) {
      if (reserved_.compare_exchange_weak(reserved, reserved + 1)) return true;
    }
    return false;
  }

  // The page was not had: its place is free again. True if somebody may be waiting for it.
  bool release_page() { return max_pages_ != 0 && reserved_.fetch_sub(1) == max_pages_; }

  // The page was had. True if it was the last one.
  bool count_page() { return max_pages_ != 0 && had_.fetch_add(1) + 1 == max_pages_; }

  // True if these bytes are the ones that went over.
  bool count_bytes(std::uint64_t bytes) {
    if (max_bytes_ == 0) return false;
    const std::uint64_t before = bytes_.fetch_add(bytes);
    return before < max_bytes_ && before + bytes >= max_bytes_;
  }

  Clock::time_point deadline() const { return deadline_; }

 private:
  const std::uint64_t max_pages_;
  const std::uint64_t max_bytes_;
  const Clock::time_point deadline_;
  std::atomic<std::uint64_t> reserved_{0};
  std::atomic<std::uint64_t> had_{0};
  std::atomic<std::uint64_t> bytes_{0};
};

}  // namespace weft
