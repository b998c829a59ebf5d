#include "engine/host_queue.hpp"

#include <algorithm>
#include <utility>

namespace weft {

namespace {

// Shares of high, normal and low where all wait.
constexpr std::array<std::int8_t, kPriorities> kShare{0, 8, 4, 1};

// One URL that times out says little of its host; this many in a row say much.
constexpr int kStallsThatCount = 3;

// A host may say 429 or 503 and be slowed down for a good while before it counts as one
// that does not work.
constexpr int kOverloadsThatCount = 10;

constexpr auto kSoonest = [](const auto& a, const auto& b) { return a.at > b.at; };

}  // namespace

void HostQueue::queue(Task task) {
  if (by_depth_ && task.depth > depth_) {
    deeper_.push_back(std::move(task));
    deepen();
    return;
  }
  const auto priority = static_cast<std::size_t>(task.priority);
  queues_[priority].push(std::move(task));
  ++queued_;
}

void HostQueue::delay(Task task, Clock::time_point until) {
  delayed_.push_back({until, std::move(task)});
  std::push_heap(delayed_.begin(), delayed_.end(), kSoonest);
}

void HostQueue::promote_due(Clock::time_point now) {
  while (!delayed_.empty() && delayed_.front().at <= now) {
    std::pop_heap(delayed_.begin(), delayed_.end(), kSoonest);
    queue(std::move(delayed_.back().task));
    delayed_.pop_back();
  }
}

// Nothing nearer waits or is under way: the next depth has its turn.
void HostQueue::deepen() {
  if (deeper_.empty() || has_work() || leases_ > 0) return;
  depth_ = std::min_element(deeper_.begin(), deeper_.end(), [](const Task& a, const Task& b) {
             return a.depth < b.depth;
           })->depth;
  for (Task& task : std::exchange(deeper_, {})) {
    if (task.depth > depth_) {
      deeper_.push_back(std::move(task));
    } else {
      queue(std::move(task));
    }
  }
}

Task HostQueue::pop(Clock::time_point now) {
  promote_due(down ? Clock::time_point::max() : now);
  --queued_;
  if (!queues_[0].empty()) return queues_[0].pop();

  // Smooth weighted round robin: each waiting queue earns its share, the richest pays
  // for all.
  int total = 0;
  std::size_t richest = 0;
  for (std::size_t i = 1; i < queues_.size(); ++i) {
    if (queues_[i].empty()) continue;
    credit_[i] = static_cast<std::int8_t>(credit_[i] + kShare[i]);
    total += kShare[i];
    if (richest == 0 || credit_[i] > credit_[richest]) richest = i;
  }
  credit_[richest] = static_cast<std::int8_t>(credit_[richest] - total);
  return queues_[richest].pop();
}

Clock::time_point HostQueue::ready_at() const {
  if (!has_work()) return Clock::time_point::max();
  if (down) return Clock::time_point::min();  // nothing is asked of it: settle at once
  if (leases_ >= adaptive_.slots()) return Clock::time_point::max();
  if (queued_ > 0) return next_allowed_;
  return std::max(next_allowed_, delayed_.front().at);
}

HostQueue::Gate& HostQueue::gate(const Url& url) {
  return gates_[{url.scheme() == "https", url.port()}];
}

void HostQueue::begin(Clock::time_point now) {
  ++leases_;
  begun_at_ = now;
  // Without a pause another thread's clock, read a moment before, must not count as early.
  const Clock::duration pause = std::max(wait_, adaptive_.delay());
  if (pause > Clock::duration{}) next_allowed_ = now + pause;
}

void HostQueue::end(const Settlement& settlement, Clock::time_point started, Clock::time_point now,
                    const FrontierConfig& config) {
  --leases_;
  // The server sees requests when they are sent: the wait counts from there.
  const Clock::duration gap = std::max(wait_, adaptive_.delay());
  if (gap > Clock::duration{}) {
    next_allowed_ = std::max(next_allowed_, started + settlement.sent + gap);
  }
  learn(settlement, started, now, config);
  deepen();
}

void HostQueue::end_unused(Clock::time_point started, Clock::time_point allowed_before) {
  --leases_;
  if (begun_at_ == started) next_allowed_ = std::max(allowed_before, alone_until_);
  deepen();
}

void HostQueue::keep_apart(Clock::duration delay) {
  wait_ = std::max(wait_, delay);
  if (begun_at_ != Clock::time_point{}) {
    next_allowed_ = std::max(next_allowed_, begun_at_ + wait_);
  }
}

void HostQueue::set_aside(const Settlement& settlement, Clock::time_point now,
                          const FrontierConfig& config) {
  if (times_set_aside_ >= config.give_up_after) {
    down = HostDown{settlement.outcome, settlement.reason};
    return;
  }
  const Clock::duration pause =
      std::min(config.set_aside_max, config.set_aside_first * (1L << times_set_aside_));
  ++times_set_aside_;
  leave_alone_until(now + pause);
  set_aside_at_ = now;
  trouble = settlement.reason;
}

void HostQueue::leave_alone_until(Clock::time_point until) {
  alone_until_ = std::max(alone_until_, until);
  next_allowed_ = std::max(next_allowed_, until);
}

void HostQueue::is_well() {
  times_set_aside_ = 0;
  stalls_ = 0;
  overloads_ = 0;
  trouble.clear();
}

// The new delay counts from the last request on, not only from the next.
void HostQueue::slow_down(Clock::time_point started, Clock::time_point now,
                          const FrontierConfig& config) {
  if (!config.adaptive) return;
  adaptive_.overloaded(started, now);
  next_allowed_ = std::max(next_allowed_, begun_at_ + adaptive_.delay());
}

void HostQueue::learn(const Settlement& settlement, Clock::time_point started,
                      Clock::time_point now, const FrontierConfig& config) {
  if (settlement.leave_alone > Clock::duration{}) {
    leave_alone_until(now + settlement.leave_alone);
  }
  switch (settlement.feedback) {
    case Feedback::none:
    case Feedback::neutral:
      return;
    case Feedback::good:
      is_well();
      if (config.adaptive) adaptive_.good(started, settlement.latency, now);
      return;
    case Feedback::answered:
      is_well();
      return;
    case Feedback::overloaded:
      slow_down(started, now, config);
      trouble = settlement.reason;
      if (started < overloaded_at_) return;
      overloaded_at_ = now;
      if (++overloads_ < kOverloadsThatCount) return;
      break;
    case Feedback::stalled:
      slow_down(started, now, config);
      if (++stalls_ < kStallsThatCount) return;
      break;
    case Feedback::unreachable:
      slow_down(started, now, config);
      break;
    case Feedback::gone:
      down = HostDown{settlement.outcome, settlement.reason};
      return;
  }
  // What was asked before the host was last set aside tells nothing new.
  if (started < set_aside_at_) return;
  set_aside(settlement, now, config);
}

}  // namespace weft
