#include "engine/host_queue.hpp"

#include <algorithm>
#include <utility>

namespace weft {

namespace {

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

std::uint32_t HostQueue::nearest_deeper() const {
  return std::min_element(deeper_.begin(), deeper_.end(),
                          [](const Task& a, const Task& b) { return a.depth < b.depth; })
      ->depth;
}

bool HostQueue::waits_for_spilled() const {
  if (deeper_.empty() || has_work() || leases_ > 0) return false;
  return spilled.nearest() < nearest_deeper();
}

void HostQueue::deepen() {
  if (deeper_.empty() || has_work() || leases_ > 0 || loading > 0) return;
  const std::uint32_t nearest = nearest_deeper();
  if (spilled.nearest() < nearest) return;
  depth_ = nearest;
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

  std::array<bool, kPriorities> waiting{};
  for (std::size_t i = 1; i < queues_.size(); ++i) waiting[i] = !queues_[i].empty();
  return queues_[shares_.next(waiting)].pop();
}

std::size_t HostQueue::in_memory() const {
  std::size_t count = queued_ + delayed_.size() + deeper_.size();
  for (const auto& [origin, gate] : gates_) count += gate.held.size();
  return count;
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

std::optional<HostNote> HostQueue::changed_mood(Clock::time_point now, Clock::wall_time wall) {
  const Clock::duration delay = adaptive_.delay();
  // A delay fades with every good answer: half of it is news.
  const bool faded = delay < told_.delay / 2;
  if (alone_until_ == told_.alone_until && adaptive_.slots() == told_.slots &&
      times_set_aside_ == told_.times_set_aside && trouble == told_.trouble &&
      delay <= told_.delay && !faded) {
    return std::nullopt;
  }
  told_ = {alone_until_, adaptive_.slots(), delay, times_set_aside_, trouble};
  const Clock::duration left = std::max(Clock::duration{}, alone_until_ - now);
  return HostNote{.host = key.name,
                  .not_before = wall + std::chrono::ceil<Clock::wall_time::duration>(left),
                  .slots = adaptive_.slots(),
                  .delay = delay,
                  .times_set_aside = times_set_aside_,
                  .trouble = trouble};
}

void HostQueue::restore(const HostNote& note, Clock::time_point now, Clock::wall_time wall) {
  if (note.not_before > wall) {
    leave_alone_until(now + std::chrono::ceil<Clock::duration>(note.not_before - wall));
  }
  adaptive_.restore(note.slots, note.delay);
  times_set_aside_ = note.times_set_aside;
  trouble = note.trouble;
  told_ = {alone_until_, adaptive_.slots(), adaptive_.delay(), times_set_aside_, trouble};
}

}  // namespace weft
