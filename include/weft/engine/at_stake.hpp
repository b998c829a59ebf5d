// What a kill may cost: with a job no more fetches are under way or uncommitted than --jobs
// allows in flight, so that no more are made again.
//
// Threads: every method may be called from any thread.
#pragma once

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <functional>
#include <utility>

#include "weft/store/sink.hpp"

namespace weft {

// Half of what may be at stake goes into a commit, so that the other half is in flight
// meanwhile.
inline Gather gather_for(int jobs) {
  constexpr std::size_t kMost = 64;
  return {.enough = std::clamp<std::size_t>(static_cast<std::size_t>(jobs) / 2, 1, kMost)};
}

class AtStake {
 public:
  // `wake` is called, on the sink thread, when has_room() is to be asked again.
  AtStake(std::size_t most, SinkThread& sinks, std::function<void()> wake)
      : most_(most), sinks_(sinks), wake_(std::move(wake)) {}

  bool has_room() {
    if (in_flight_ + sinks_.uncommitted() < most_) return true;
    if (!is_awaited_.exchange(true)) {
      sinks_.after_commit([this] {
        is_awaited_ = false;
        wake_();
      });
    }
    return false;
  }

  // A fetch begins. False: it must not.
  bool begin() {
    if (in_flight_.fetch_add(1) + sinks_.uncommitted() < most_) return true;
    --in_flight_;
    return false;
  }

  // What has been fetched takes another way to the sinks: its own end() follows there.
  void hold() { ++in_flight_; }

  // It has ended, and its record is pushed; or there is none, because it is tried again.
  void end() { --in_flight_; }

 private:
  const std::size_t most_;
  SinkThread& sinks_;
  const std::function<void()> wake_;
  std::atomic<std::size_t> in_flight_{0};
  std::atomic<bool> is_awaited_{false};
};

}  // namespace weft
