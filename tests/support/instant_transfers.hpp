// Transfers that a function answers at once, for crawls on several threads.
//
// Threads: as Transfers: each worker has one of its own, wake() comes from any thread.
#pragma once

#include <functional>
#include <utility>
#include <vector>

#include "weft/base/mutex.hpp"
#include "weft/net/transfers.hpp"

namespace weft::test {

class InstantTransfers final : public Transfers {
 public:
  using Answer = std::function<TransferResult(const Url&)>;  // called by the worker's thread
  explicit InstantTransfers(Answer answer) : answer_(std::move(answer)) {}

  void start(Request request, std::uint64_t token) override {
    ended_.push_back({token, answer_(request.url)});
  }

  void wait(Clock::time_point until, std::vector<Completion>& ended) override {
    Lock lock(mutex_);
    while (ended_.empty() && !woken_ && SystemClock().now() < until) {
      until == Clock::time_point::max() ? woken_or_not_.wait(lock)
                                        : woken_or_not_.wait_until(lock, until);
    }
    woken_ = false;
    ended.swap(ended_);
  }

  void wake() noexcept override {
    Lock lock(mutex_);
    woken_ = true;
    lock.unlock();
    woken_or_not_.notify_one();
  }

  void cancel_all() override {
    for (Completion& completion : ended_) completion.result = {.outcome = Outcome::cancelled};
  }

  std::size_t in_flight() const override { return ended_.size(); }

 private:
  const Answer answer_;
  std::vector<Completion> ended_;  // the worker's own
  Mutex mutex_;
  Condition woken_or_not_;
  bool woken_ GUARDED_BY(mutex_) = false;
};

}  // namespace weft::test
