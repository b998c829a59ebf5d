// Which number a name gets where it is taken: the first that is free, found without asking for
// each in turn.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "weft/base/mutex.hpp"
#include "weft/url/identity.hpp"

namespace weft {

// The first number from `first` on that is free, where all before a free one are taken: by
// steps that double, then by halving the last.
template <class IsFree>
std::uint64_t first_free(std::uint64_t first, IsFree&& is_free) {
  if (is_free(first)) return first;
  std::uint64_t taken = first;
  std::uint64_t step = 1;
  for (; !is_free(taken + step); step *= 2) taken += step;
  std::uint64_t free = taken + step;
  while (free - taken > 1) {
    const std::uint64_t middle = taken + (free - taken) / 2;
    (is_free(middle) ? free : taken) = middle;
  }
  return free;
}

// Where the numbers of a name go on: the last few names that needed any. A name that is no
// longer among them has its numbers found by first_free().
//
// Threads: every method may be called from any thread.
class NumberHints {
 public:
  std::uint64_t next(Fingerprint name) const EXCLUDES(mutex_) {
    const Lock lock(mutex_);
    const Hint& hint = hints_[name % kHints];
    return hint.name == name ? hint.next : 1;
  }
  void remember(Fingerprint name, std::uint64_t next) EXCLUDES(mutex_) {
    const Lock lock(mutex_);
    hints_[name % kHints] = {name, next};
  }

 private:
  struct Hint {
    Fingerprint name = 0;
    std::uint64_t next = 1;
  };
  static constexpr std::size_t kHints = 1024;

  mutable Mutex mutex_;
  std::array<Hint, kHints> hints_ GUARDED_BY(mutex_);
};

}  // namespace weft
