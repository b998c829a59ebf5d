// What passes between the frontier's memory and the rest: its store, which has tails of queues
// and the moods of hosts, and its feed.
#include <algorithm>

#include "engine/host_queue.hpp"
#include "engine/turns.hpp"
#include "weft/engine/frontier.hpp"

namespace weft {

namespace {

// What a host may hold in memory when that is short: enough to keep its slots busy while more
// is on its way, and more for each the fewer hosts there are.
constexpr std::size_t kLeastShare = 16;
constexpr std::size_t kMostShare = 4096;

}  // namespace

std::size_t Frontier::share() const {
  const std::size_t near = active_ - std::min(active_, turns_->count(Turns::Line::far));
  return std::clamp(config_.tasks_in_memory / std::max<std::size_t>(1, near), kLeastShare,
                    kMostShare);
}

// Once a host has spilled, all that follows goes the same way, so that its order is kept.
bool Frontier::spill(HostQueue& host, const Task& task) {
  if (store_ == nullptr || task.kind == TaskKind::robots || !task.is_stored) return false;
  const bool is_far = !host.in_turn && host.name == HostQueue::Name::unknown;
  const bool is_full =
      queued_ - spilled_ > config_.tasks_in_memory && (is_far || host.in_memory() >= share());
  if (!is_full && !host.has_spilled() && host.loading == 0) return false;
  host.spilled().add(static_cast<TaskId>(task.sequence), task.priority,
                     config_.by_depth ? task.depth : 0);
  ++spilled_;
  return true;
}

// Asks for the next part before the host runs dry.
void Frontier::load_more(HostQueue& host) {
  if (!host.has_spilled() || host.loading > 0) return;
  const std::size_t most = share();
  if (host.in_memory() > most / 2 && !host.waits_for_spilled()) return;
  const std::size_t in_memory = queued_ - spilled_;
  const std::size_t room = config_.tasks_in_memory - std::min(in_memory, config_.tasks_in_memory);
  TailRequest request{host.key, host.spilled().take(std::clamp(room, kLeastShare, most))};
  host.loading = request.ids.size();
  ++loading_;
  loads_.push_back(std::move(request));
}

void Frontier::refill(const TailRequest& request, std::vector<Task> tasks) {
  const Clock::time_point now = clock_.now();
  Lock lock(mutex_);
  HostQueue& host = *hosts_.at(request.host);
  host.loading = 0;
  --loading_;
  spilled_ -= request.ids.size();
  queued_ -= request.ids.size() - tasks.size();
  for (Task& task : tasks) {
    if (!hold_if_closed(host, task, now)) host.queue(std::move(task));
  }
  host.deepen();
  place(host, now);
  if (is_drained()) call_hungry();
  call_feed();
  unlock_and_wake(lock);
}

void Frontier::set_feed(Feed feed) {
  const Lock lock(mutex_);
  feed_ = std::move(feed);
}

bool Frontier::is_more_wanted() const {
  return queued_ < feed_.least || (came_up_empty_ && queued_ < feed_.most) || active_ < feed_.hosts;
}

void Frontier::call_feed() {
  if (!feed_waits_ || !is_more_wanted()) return;
  feed_waits_ = false;
  calls_.push_back(&feed_.wake);
}

bool Frontier::wants_more() {
  const Lock lock(mutex_);
  const bool wanted = is_more_wanted();
  feed_waits_ = !wanted;
  // Where nothing is leased, nobody comes to ask again before some host's time has come.
  if (wanted && leased_ > 0) came_up_empty_ = false;
  return wanted;
}

void Frontier::add_hold() {
  const Lock lock(mutex_);
  ++holds_;
}

void Frontier::drop_hold() {
  Lock lock(mutex_);
  --holds_;
  if (is_drained()) call_hungry();
  unlock_and_wake(lock);
}

void Frontier::note_mood(HostQueue& host, Clock::time_point now) {
  if (store_ == nullptr) return;
  if (auto note = host.mood.changed(host.key.name, now, clock_.wall())) {
    notes_.push_back(std::move(*note));
  }
}

void Frontier::restore_sequence(std::uint64_t next) {
  const Lock lock(mutex_);
  sequence_ = next;
}

void Frontier::restore(const HostKey& key, std::span<const QueuedId> queued) {
  const Clock::time_point now = clock_.now();
  Lock lock(mutex_);
  HostQueue& host = host_of(key);
  for (const QueuedId& task : queued) {
    host.spilled().add(task.id, task.priority, config_.by_depth ? task.depth : 0);
  }
  queued_ += queued.size();
  spilled_ += queued.size();
  place(host, now);
  unlock_and_wake(lock);
}

void Frontier::restore(const HostNote& note) {
  const Clock::time_point now = clock_.now();
  Lock lock(mutex_);
  HostQueue& host = host_of(HostKey{note.host});
  host.mood.restore(note, now, clock_.wall());
  place(host, now);
  unlock_and_wake(lock);
}

}  // namespace weft
