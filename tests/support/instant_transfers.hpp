// Transfers that a function answers at once, for crawls on several threads.
//
// Threads: as Transfers: each worker has one of its own, wake() comes from any thread.
#pragma once

#include <functional>
#include <utility>
#include <vector>

#include "support/hand_on.hpp"
#include "weft/base/mutex.hpp"
#include "weft/net/transfers.hpp"

namespace weft::test {

class InstantTransfers final : public Transfers {
 public:
  using Answer = std::function<TransferResult(const Url&)>;  // called by the worker's thread
  explicit InstantTransfers(Answer answer) : answer_(std::move(answer)) {}

  void start(Request request, std::uint64_t token) override {
    answered_.push_back({token, answer_(request.url)});
    requests_.push_back(std::move(request));
  }

  void wait(Clock::time_point until, std::vector<Completion>& ended) override {
    hand_on_all();
    Lock lock(mutex_);
    while (answered_.empty() && !woken_ && SystemClock().now() < until) {
      until == Clock::time_point::max() ? woken_or_not_.wait(lock)
                                        : woken_or_not_.wait_until(lock, until);
    }
    woken_ = false;
    ended.swap(answered_);
  }

  void wake() noexcept override {
    Lock lock(mutex_);
    woken_ = true;
    lock.unlock();
    woken_or_not_.notify_one();
  }

  void close_idle(const HostKey&) override {}

  void cancel_all() override {
    requests_.clear();
    for (Completion& completion : answered_) completion.result = {.outcome = Outcome::cancelled};
  }

  std::size_t in_flight() const override { return answered_.size(); }

 private:
  void hand_on_all() {
    for (std::size_t i = 0; i < requests_.size(); ++i) hand_on(requests_[i], answered_[i].result);
    requests_.clear();
  }

  const Answer answer_;
  // The worker's own: answers, and the requests of those whose body is not yet handed on.
  std::vector<Completion> answered_;
  std::vector<Request> requests_;

  Mutex mutex_;
  Condition woken_or_not_;
  bool woken_ GUARDED_BY(mutex_) = false;
};

}  // namespace weft::test
