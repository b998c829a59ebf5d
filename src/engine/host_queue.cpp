#include "engine/host_queue.hpp"

#include <algorithm>
#include <utility>

namespace weft {

namespace {

constexpr auto kSoonest = [](const auto& a, const auto& b) { return a.at > b.at; };

}  // namespace

bool HostQueue::has_work() const {
  return wanted_robots_ > 0 || (waiting_ && (waiting_->queued > 0 || !waiting_->delayed.empty()));
}

std::size_t HostQueue::queued() const {
  return static_cast<std::size_t>(wanted_robots_) + (waiting_ ? waiting_->queued : 0);
}

void HostQueue::queue(Task task) {
  Waiting& all = waiting();
  if (by_depth_ && task.depth > all.depth) {
    all.deeper.push_back(std::move(task));
    deepen();
    return;
  }
  const auto priority = static_cast<std::size_t>(task.priority);
  if (task.parallel) ++all.parallel;
  all.queues[priority].push(std::move(task));
  ++all.queued;
}

void HostQueue::delay(Task task, Clock::time_point until) {
  std::vector<Delayed>& delayed = waiting().delayed;
  delayed.push_back({until, std::move(task)});
  std::push_heap(delayed.begin(), delayed.end(), kSoonest);
}

void HostQueue::promote_due(Clock::time_point now) {
  std::vector<Delayed>& delayed = waiting().delayed;
  while (!delayed.empty() && delayed.front().at <= now) {
    std::pop_heap(delayed.begin(), delayed.end(), kSoonest);
    Task task = std::move(delayed.back().task);
    delayed.pop_back();
    queue(std::move(task));
  }
}

std::uint32_t HostQueue::nearest_deeper() const {
  return std::min_element(waiting_->deeper.begin(), waiting_->deeper.end(),
                          [](const Task& a, const Task& b) { return a.depth < b.depth; })
      ->depth;
}

bool HostQueue::waits_for_spilled() const {
  if (!waiting_ || waiting_->deeper.empty() || has_work() || leases() > 0) return false;
  return waiting_->spilled.nearest() < nearest_deeper();
}

void HostQueue::deepen() {
  if (!waiting_ || waiting_->deeper.empty() || has_work() || leases() > 0 || loading > 0) return;
  const std::uint32_t nearest = nearest_deeper();
  if (waiting_->spilled.nearest() < nearest) return;
  waiting_->depth = nearest;
  for (Task& task : std::exchange(waiting_->deeper, {})) {
    if (task.depth > nearest) {
      waiting_->deeper.push_back(std::move(task));
    } else {
      queue(std::move(task));
    }
  }
}

Task HostQueue::pop(Clock::time_point now) {
  if (wanted_robots_ > 0) return robots_task();
  promote_due(mood.down() != nullptr ? Clock::time_point::max() : now);
  --waiting_->queued;
  auto& queues = waiting_->queues;
  std::size_t next = 0;
  if (queues[0].empty()) {
    std::array<bool, kPriorities> some{};
    for (std::size_t i = 1; i < queues.size(); ++i) some[i] = !queues[i].empty();
    next = waiting_->shares.next(some);
  }
  Task task = queues[next].pop();
  if (task.parallel) --waiting_->parallel;
  return task;
}

Task HostQueue::robots_task() {
  Gate& gate = *std::find_if(gates_.begin(), gates_.end(),
                             [](const Gate& one) { return one.state == Gate::State::wanted; });
  gate.state = Gate::State::asked;
  --wanted_robots_;
  std::string origin = gate.held.front().url.origin();
  return {.url = Url::parse(origin + "/robots.txt").value(),
          .kind = TaskKind::robots,
          .priority = Priority::first,
          .robots_for = std::make_unique<const std::string>(std::move(origin))};
}

std::size_t HostQueue::in_memory() const {
  return held_ +
         (waiting_ ? waiting_->queued + waiting_->delayed.size() + waiting_->deeper.size() : 0);
}

Clock::time_point HostQueue::ready_at() const {
  if (!has_work()) return Clock::time_point::max();
  if (mood.down() != nullptr) return Clock::time_point::min();  // not asked: settled at once
  if (leases() >= mood.limit().slots()) return Clock::time_point::max();
  if (queued() > 0) return mood.next_allowed();
  return std::max(mood.next_allowed(), waiting_->delayed.front().at);
}

bool HostQueue::is_drained() const {
  return !has_work() && held_ == 0 && loading == 0 && leases() == 0 && !has_spilled() &&
         (!waiting_ || waiting_->deeper.empty());
}

void HostQueue::slim() {
  waiting_.reset();
  gates_.shrink_to_fit();
  in_turn = false;
  name = Name::unknown;
}

HostQueue::Gate& HostQueue::gate(const Url& url) {
  const bool https = url.scheme() == "https";
  const std::uint16_t port = url.port();
  for (Gate& gate : gates_) {
    if (gate.https == https && gate.port == port) return gate;
  }
  return gates_.emplace_back(Gate{.https = https, .port = port});
}

void HostQueue::hold(Gate& gate, Task task) {
  if (gate.state != Gate::State::asked && gate.state != Gate::State::wanted) {
    gate.state = Gate::State::wanted;
    ++wanted_robots_;
  }
  gate.held.push_back(std::move(task));
  ++held_;
}

std::size_t HostQueue::open(Gate& gate, Clock::time_point expires) {
  if (gate.state == Gate::State::wanted) --wanted_robots_;
  gate.state = Gate::State::open;
  gate.expires = expires;
  std::vector<Task> held = std::exchange(gate.held, {});
  held_ -= held.size();
  for (Task& task : held) queue(std::move(task));
  return held.size();
}

HostConnections& HostQueue::connections() { return waiting().connections; }

const HostConnections& HostQueue::connections() const {
  static const HostConnections none;
  return waiting_ ? waiting_->connections : none;
}

}  // namespace weft
