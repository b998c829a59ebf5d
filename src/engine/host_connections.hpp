// The connections to one host, by worker, and whether another one would pay.
//
// A host begins with one connection. It gets another where its queue would keep that busy for
// longer than it takes to set up, while its latency does not rise with their number, and, where
// hosts compete for transfers, only as fast as it answers: a host that stalls keeps what it has.
//
// The numbers are what the frontier believes: a server may have closed a kept connection.
//
// Threads: the frontier's mutex guards it.
#pragma once

#include <algorithm>
#include <cstdint>
#include <utility>
#include <vector>

#include "weft/base/clock.hpp"

namespace weft {

class HostConnections {
 public:
  int in_use() const { return static_cast<int>(starts_.size()); }
  int total() const { return in_use() + kept_; }
  bool any_kept() const { return kept_ > 0; }

  // At `worker`: in use or kept.
  int of(int worker) const {
    const Use* use = find(worker);
    return use == nullptr ? 0 : use->in_use + use->kept;
  }
  bool keeps_at(int worker) const {
    const Use* use = find(worker);
    return use != nullptr && use->kept > 0;
  }
  // The worker that kept one last. REQUIRES: any_kept().
  int keeper() const {
    return std::find_if(uses_.rbegin(), uses_.rend(), [](const Use& use) { return use.kept > 0; })
        ->worker;
  }

  void begin(int worker, Clock::time_point now) {
    Use& use = at(worker);
    if (use.kept > 0) {
      --use.kept;
      --kept_;
    } else if (total() > 0 && credit_ > 0) {
      --credit_;
    }
    ++use.in_use;
    starts_.push_back(now);
  }

  enum class Kept : std::uint8_t { no, yes };
  void end(int worker, Clock::time_point started, Kept kept) {
    starts_.erase(std::find(starts_.begin(), starts_.end(), started));
    Use use = at(worker);
    std::erase_if(uses_, [&](const Use& one) { return one.worker == worker; });
    --use.in_use;
    if (kept == Kept::yes) {
      ++use.kept;
      ++kept_;
    }
    if (use.in_use > 0 || use.kept > 0) uses_.push_back(use);  // the last to keep one
  }

  // Workers that keep one; they are kept no longer.
  std::vector<int> let_go() {
    std::vector<int> workers;
    for (Use& use : uses_) {
      if (std::exchange(use.kept, 0) > 0) workers.push_back(use.worker);
    }
    std::erase_if(uses_, [](const Use& use) { return use.in_use == 0; });
    kept_ = 0;
    return workers;
  }

  // A good answer: how long it took from its being sent, and how long its connection took to
  // set up (zero for a kept one). It earns one of `most` connections.
  void learn(Clock::duration service, Clock::duration setup, int most) {
    service_ = service_ == Clock::duration{} ? service : service_ + (service - service_) / 8;
    if (setup > Clock::duration{}) setup_ = setup;
    add_credit(most);
  }
  void add_credit(int most) { credit_ = std::min(credit_ + 1, std::max(credit_, most)); }
  void learn_trouble() { credit_ = 0; }

  bool has_credit() const { return credit_ > 0; }

  // From when on another connection pays, where `queued` tasks wait and nothing ends before.
  // REQUIRES: total() > 0, queued > 0.
  Clock::time_point another_pays_at(std::size_t queued) const {
    const Clock::duration worth = setup_ * (kSetups * total()) / static_cast<long>(queued);
    if (service_ > worth) return Clock::time_point::min();
    if (starts_.empty()) return Clock::time_point::max();
    return *std::min_element(starts_.begin(), starts_.end()) + worth;
  }

 private:
  // What waits must keep a connection busy for so many times what another costs.
  static constexpr int kSetups = 16;
  static constexpr Clock::duration kUsualSetup = std::chrono::milliseconds(100);

  struct Use {
    int worker = 0;
    int in_use = 0;
    int kept = 0;
  };
  const Use* find(int worker) const {
    for (const Use& use : uses_) {
      if (use.worker == worker) return &use;
    }
    return nullptr;
  }
  Use& at(int worker) {
    for (Use& use : uses_) {
      if (use.worker == worker) return use;
    }
    return uses_.emplace_back(Use{.worker = worker});
  }

  std::vector<Use> uses_;                  // of workers that have one
  std::vector<Clock::time_point> starts_;  // of requests under way
  int kept_ = 0;
  int credit_ = 0;  // good answers that no connection was opened for
  Clock::duration service_{};
  Clock::duration setup_ = kUsualSetup;
};

}  // namespace weft
