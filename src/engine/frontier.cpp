#include "weft/engine/frontier.hpp"

#include <algorithm>

#include "engine/host_queue.hpp"

namespace weft {

namespace {

// Every so many takes a worker looks at the other workers' hosts first, so that none
// waits for a worker that has no room.
constexpr std::uint64_t kLookElsewhere = 8;

constexpr auto kSoonest = [](const auto& a, const auto& b) { return a.at > b.at; };

Task robots_task(const Url& url) {
  std::string origin = url.origin();
  return {.url = Url::parse(origin + "/robots.txt").value(),
          .kind = TaskKind::robots,
          .priority = Priority::first,
          .robots_for = std::make_unique<const std::string>(std::move(origin))};
}

}  // namespace

// --- Lease

Lease::Lease(Frontier& frontier, HostQueue& host, Task task, Clock::time_point started)
    : frontier_(&frontier),
      host_(&host),
      task_(std::move(task)),
      started_(started),
      allowed_before_(host.next_allowed()),
      host_down_(host.down) {}

Lease::Lease(Lease&& other) noexcept
    : frontier_(std::exchange(other.frontier_, nullptr)),
      host_(other.host_),
      task_(std::move(other.task_)),
      started_(other.started_),
      allowed_before_(other.allowed_before_),
      host_down_(std::move(other.host_down_)) {}

Lease::~Lease() {
  if (frontier_ != nullptr) frontier_->put_back(*this);
}

void Lease::settle(Settlement settlement) && {
  std::exchange(frontier_, nullptr)->end_lease(*this, std::move(settlement));
}

// --- Hold

Hold::Hold(Frontier& frontier) : frontier_(&frontier) { frontier.add_hold(); }

Hold::~Hold() {
  if (frontier_ != nullptr) frontier_->drop_hold();
}

// --- Frontier

Frontier::Frontier(const FrontierConfig& config, const Clock& clock, TaskStore* store)
    : config_(config),
      clock_(clock),
      store_(store),
      ready_(static_cast<std::size_t>(config.workers)),
      wakers_(static_cast<std::size_t>(config.workers)),
      hungry_(static_cast<std::size_t>(config.workers), 0) {}

Frontier::~Frontier() = default;

void Frontier::set_waker(int worker, std::function<void()> wake) {
  const Lock lock(mutex_);
  wakers_[static_cast<std::size_t>(worker)] = std::move(wake);
}

void Frontier::call(std::size_t worker) {
  if (hungry_[worker] == 0) return;
  hungry_[worker] = 0;
  if (wakers_[worker]) calls_.push_back(&wakers_[worker]);
}

void Frontier::call_hungry() {
  for (std::size_t worker = 0; worker < hungry_.size(); ++worker) call(worker);
}

// As many hungry workers as hosts may be asked, those who served them last before others.
void Frontier::call_for_ready() {
  std::size_t left = ready_hosts_;
  for (const bool own : {true, false}) {
    for (std::size_t worker = 0; worker < hungry_.size() && left > 0; ++worker) {
      if (hungry_[worker] == 0 || ready_[worker].empty() == own) continue;
      call(worker);
      --left;
    }
  }
}

// Wakers are set before the threads start and stay where they are.
void Frontier::unlock_and_wake(Lock& lock) NO_THREAD_SAFETY_ANALYSIS {
  if (ready_hosts_ > 0) call_for_ready();
  Wakers calls;
  calls.swap(calls_);
  std::vector<TailRequest> loads;
  loads.swap(loads_);
  std::vector<HostNote> notes;
  notes.swap(notes_);
  lock.unlock();
  for (const std::function<void()>* wake : calls) (*wake)();
  for (TailRequest& load : loads) store_->load(std::move(load));
  for (HostNote& note : notes) store_->keep(std::move(note));
}

HostQueue& Frontier::host_of(HostKey key) {
  const auto found = hosts_.find(key);
  if (found != hosts_.end()) return *found->second;
  auto host = std::make_unique<HostQueue>(key, config_);
  // New hosts are spread over the workers.
  host->last_worker = static_cast<int>(hosts_.size() % ready_.size());
  return *hosts_.emplace(std::move(key), std::move(host)).first->second;
}

void Frontier::unplace(HostQueue& host) {
  if (host.stamp != 0 && host.is_ready) --ready_hosts_;
  host.stamp = 0;
}

// Puts the host where it now belongs: among those that may be asked, those that may be
// asked later, or nowhere. Older entries of it become stale.
void Frontier::place(HostQueue& host, Clock::time_point now) {
  load_more(host);
  const Clock::time_point at = host.ready_at();
  const bool ready = at <= now;
  if (host.stamp != 0 && host.is_ready == ready && (ready || host.placed_at == at)) return;

  unplace(host);
  host.is_ready = ready;
  host.placed_at = at;
  if (at == Clock::time_point::max()) return;
  host.stamp = ++stamps_;
  const Entry entry{at, &host, host.stamp};
  if (ready) {
    ready_[static_cast<std::size_t>(host.last_worker)].push(entry);
    ++ready_hosts_;
    return;
  }
  timed_.push_back(entry);
  std::push_heap(timed_.begin(), timed_.end(), kSoonest);
  if (timed_.front().stamp == entry.stamp) call_hungry();  // they sleep longer than they may
}

void Frontier::promote_due(Clock::time_point now) {
  while (!timed_.empty()) {
    const Entry entry = timed_.front();
    const bool stale = entry.host->stamp != entry.stamp;
    if (!stale && entry.at > now) return;
    std::pop_heap(timed_.begin(), timed_.end(), kSoonest);
    timed_.pop_back();
    if (!stale) {
      unplace(*entry.host);
      place(*entry.host, now);
    }
  }
}

void Frontier::add(Task task, Clock::time_point now) {
  ++queued_;
  HostQueue& host = host_of(host_key(task.url));
  if (spill(host, task)) return;
  if (hold_if_closed(host, task, now)) return;
  host.queue(std::move(task));
  place(host, now);
}

// A task of an origin whose robots.txt is not known, or has grown old, waits for it.
bool Frontier::hold_if_closed(HostQueue& host, Task& task, Clock::time_point now) {
  if (!config_.robots_first || task.kind == TaskKind::robots || host.down) return false;
  HostQueue::Gate& gate = host.gate(task.url);
  if (gate.state == HostQueue::Gate::State::open && now < gate.expires) return false;

  const bool is_asked_for = gate.state == HostQueue::Gate::State::asked;
  gate.state = HostQueue::Gate::State::asked;
  std::optional<Task> robots;
  if (!is_asked_for) {
    robots = robots_task(task.url);
    robots->sequence = sequence_++;
  }
  gate.held.push_back(std::move(task));
  ++held_;
  if (robots) add(std::move(*robots), now);
  return true;
}

std::uint64_t Frontier::reserve(std::size_t count) {
  const Lock lock(mutex_);
  return std::exchange(sequence_, sequence_ + count);
}

void Frontier::push(Task task) {
  const Clock::time_point now = clock_.now();
  Lock lock(mutex_);
  add(std::move(task), now);
  unlock_and_wake(lock);
}

void Frontier::push(std::vector<Task> tasks) {
  const Clock::time_point now = clock_.now();
  Lock lock(mutex_);
  for (Task& task : tasks) add(std::move(task), now);
  unlock_and_wake(lock);
}

HostQueue* Frontier::pop_ready(Ring<Entry>& ready, Clock::time_point now) {
  while (!ready.empty()) {
    const Entry entry = ready.pop();
    if (entry.host->stamp != entry.stamp) continue;
    unplace(*entry.host);
    if (entry.host->ready_at() <= now) return entry.host;
    place(*entry.host, now);  // it was set aside meanwhile
  }
  return nullptr;
}

HostQueue* Frontier::next_ready(int worker, Clock::time_point now) {
  const std::size_t elsewhere = ++takes_ % kLookElsewhere == 0 ? 1 : 0;
  for (std::size_t i = 0; i < ready_.size(); ++i) {
    const std::size_t list = (static_cast<std::size_t>(worker) + elsewhere + i) % ready_.size();
    if (HostQueue* host = pop_ready(ready_[list], now)) return host;
  }
  return nullptr;
}

Lease Frontier::begin_lease(HostQueue& host, Task task, int worker, Clock::time_point now) {
  ++leased_;
  host.last_worker = worker;
  Lease lease(*this, host, std::move(task), now);
  host.begin(now);
  place(host, now);
  return lease;
}

Taken Frontier::take(int worker) {
  const Clock::time_point now = clock_.now();
  Taken taken;
  Lock lock(mutex_);
  hungry_[static_cast<std::size_t>(worker)] = 0;
  promote_due(now);
  while (HostQueue* const host = next_ready(worker, now)) {
    Task task = host->pop(now);
    if (hold_if_closed(*host, task, now)) {
      place(*host, now);
      continue;
    }
    --queued_;
    taken.lease.emplace(begin_lease(*host, std::move(task), worker, now));
    break;
  }
  if (!taken.lease) {
    taken.drained = is_drained();
    came_up_empty_ = true;
    if (!timed_.empty()) taken.wake = timed_.front().at;
    hungry_[static_cast<std::size_t>(worker)] = 1;
  }
  call_feed();
  unlock_and_wake(lock);
  return taken;
}

void Frontier::end_lease(Lease& lease, Settlement settlement) {
  const Clock::time_point now = clock_.now();
  HostQueue& host = *lease.host_;
  Lock lock(mutex_);
  --leased_;
  if (settlement.retry_after) {
    ++queued_;
    host.delay(std::move(lease.task_), now + *settlement.retry_after);
  }
  if (settlement.feedback == Feedback::none) {
    host.end_unused(lease.started_, lease.allowed_before_);
  } else {
    host.end(settlement, lease.started_, now, config_);
    note_mood(host, now);
  }
  place(host, now);
  if (is_drained()) call_hungry();
  unlock_and_wake(lock);
}

void Frontier::put_back(Lease& lease) noexcept {
  const Clock::time_point now = clock_.now();
  HostQueue& host = *lease.host_;
  Lock lock(mutex_);
  --leased_;
  ++queued_;
  host.queue(std::move(lease.task_));
  host.end_unused(lease.started_, lease.allowed_before_);
  place(host, now);
  unlock_and_wake(lock);
}

void Frontier::open(const Url& origin, Clock::duration delay, Clock::time_point expires) {
  const Clock::time_point now = clock_.now();
  Lock lock(mutex_);
  HostQueue& host = host_of(host_key(origin));
  HostQueue::Gate& gate = host.gate(origin);
  gate.state = HostQueue::Gate::State::open;
  gate.expires = expires;
  host.keep_apart(delay);
  held_ -= gate.held.size();
  for (Task& task : std::exchange(gate.held, {})) host.queue(std::move(task));
  place(host, now);
  unlock_and_wake(lock);
}

void Frontier::wake_all() {
  Lock lock(mutex_);
  std::fill(hungry_.begin(), hungry_.end(), 1);
  call_hungry();
  unlock_and_wake(lock);
}

// Only below stale entries must the heap be searched.
const Frontier::Entry* Frontier::first_timed() const {
  const Entry* first = nullptr;
  std::vector<std::size_t> open{0};
  while (!open.empty()) {
    const std::size_t i = open.back();
    open.pop_back();
    if (i >= timed_.size() || (first != nullptr && timed_[i].at >= first->at)) continue;
    if (timed_[i].host->stamp == timed_[i].stamp) {
      first = &timed_[i];
    } else {
      open.push_back(2 * i + 1);
      open.push_back(2 * i + 2);
    }
  }
  return first;
}

FrontierState Frontier::state() const {
  const Lock lock(mutex_);
  FrontierState state{.queued = queued_,
                      .held = held_,
                      .spilled = spilled_,
                      .leased = leased_,
                      .hosts = hosts_.size()};
  if (const Entry* next = first_timed()) {
    state.next = next->at;
    state.next_host = next->host->key.name;
    state.next_reason = next->host->trouble;
  }
  return state;
}

std::vector<HostTrouble> Frontier::troubles() const {
  const Lock lock(mutex_);
  std::vector<HostTrouble> troubles;
  for (const auto& [key, host] : hosts_) {
    if (host->down) {
      troubles.push_back({key.name, host->down->reason, true});
    } else if (!host->trouble.empty()) {
      troubles.push_back({key.name, host->trouble, false});
    }
  }
  return troubles;
}

}  // namespace weft
