// Whose turn it is among the priorities that wait: 8 high, 4 normal, 1 low; none starves.
//
// Threads: none of its own.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "weft/engine/task.hpp"

namespace weft {

class Shares {
 public:
  // Smooth weighted round robin: each that waits earns its share, the richest pays for all.
  // REQUIRES: one of `waiting` besides the first, which has no share.
  std::size_t next(const std::array<bool, kPriorities>& waiting) {
    int total = 0;
    std::size_t richest = 0;
    for (std::size_t i = 1; i < waiting.size(); ++i) {
      if (!waiting[i]) continue;
      credit_[i] = static_cast<std::int8_t>(credit_[i] + kShare[i]);
      total += kShare[i];
      if (richest == 0 || credit_[i] > credit_[richest]) richest = i;
    }
    credit_[richest] = static_cast<std::int8_t>(credit_[richest] - total);
    return richest;
  }

 private:
  static constexpr std::array<std::int8_t, kPriorities> kShare{0, 8, 4, 1};
  std::array<std::int8_t, kPriorities> credit_{};
};

}  // namespace weft
