#include "weft/engine/frontier.hpp"

#include <algorithm>

#include "engine/address_use.hpp"
#include "engine/host_queue.hpp"
#include "engine/name_link.hpp"
#include "engine/turns.hpp"

namespace weft {

namespace {

// What a host has while others wait, and a first contact at the least.
constexpr Clock::duration kPatience = std::chrono::seconds(5);
constexpr Clock::duration kLeastPatience = std::chrono::milliseconds(500);

// Something came over the connection, which then stands for the next request.
bool has_answer(Feedback feedback) {
  return feedback == Feedback::good || feedback == Feedback::answered ||
         feedback == Feedback::overloaded;
}

HostConnections::Kept kept(bool is_kept) {
  return is_kept ? HostConnections::Kept::yes : HostConnections::Kept::no;
}

}  // namespace

// --- Lease

Lease::Lease(Frontier& frontier, HostQueue& host, Task task, Clock::time_point started, int worker)
    : frontier_(&frontier),
      host_(&host),
      task_(std::move(task)),
      started_(started),
      allowed_before_(host.mood.next_allowed()),
      worker_(worker) {
  if (const HostDown* down = host.mood.down()) host_down_ = *down;
}

Lease::Lease(Lease&& other) noexcept
    : frontier_(std::exchange(other.frontier_, nullptr)),
      host_(other.host_),
      task_(std::move(other.task_)),
      started_(other.started_),
      allowed_before_(other.allowed_before_),
      worker_(other.worker_),
      patience_(other.patience_),
      took_kept_(other.took_kept_),
      was_unanswered_(other.was_unanswered_),
      was_suspect_(other.was_suspect_),
      was_costly_(other.was_costly_),
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
      turns_(std::make_unique<Turns>(static_cast<std::size_t>(config.workers))),
      first_latency_(std::chrono::milliseconds(250)),
      name_link_(std::make_shared<NameLink>(*this)),
      wakers_(static_cast<std::size_t>(config.workers)),
      hungry_(static_cast<std::size_t>(config.workers), 0),
      closed_(static_cast<std::size_t>(config.workers)) {}

Frontier::~Frontier() {
  const Lock lock(name_link_->mutex);
  name_link_->frontier = nullptr;
}

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

// Wakers are set before the threads start and stay where they are.
void Frontier::unlock_and_wake(Lock& lock) NO_THREAD_SAFETY_ANALYSIS {
  bring_near(clock_.now());
  call_for_ready();
  others_wait_ = turns_->any_waits();
  Wakers calls;
  calls.swap(calls_);
  std::vector<TailRequest> loads;
  loads.swap(loads_);
  std::vector<HostNote> notes;
  notes.swap(notes_);
  std::vector<HostKey> names;
  names.swap(names_);
  lock.unlock();
  for (const std::function<void()>* wake : calls) (*wake)();
  for (TailRequest& load : loads) store_->load(std::move(load));
  for (HostNote& note : notes) store_->keep(std::move(note));
  for (const HostKey& name : names) {
    look_up_(name, [link = name_link_, name](const std::string& address) {
      const Lock linked(link->mutex);
      if (link->frontier != nullptr) link->frontier->named(name, address);
    });
  }
}

HostQueue& Frontier::host_of(HostKey key) {
  const auto found = hosts_.find(key);
  if (found != hosts_.end()) return *found->second;
  auto host = std::make_unique<HostQueue>(key, config_);
  return *hosts_.emplace(std::move(key), std::move(host)).first->second;
}

void Frontier::add(Task task, Clock::time_point now) {
  ++queued_;
  HostQueue& host = host_of(host_key(task.url));
  if (!spill(host, task) && !hold_if_closed(host, task, now)) host.queue(std::move(task));
  place(host, now);
}

// A task of an origin whose robots.txt is not known, or has grown old, waits for it.
bool Frontier::hold_if_closed(HostQueue& host, Task& task, Clock::time_point now) {
  if (!config_.robots_first || task.kind == TaskKind::robots || host.mood.down() != nullptr) {
    return false;
  }
  HostQueue::Gate& gate = host.gate(task.url);
  if (gate.state == HostQueue::Gate::State::open && now < gate.expires) return false;
  host.hold(gate, std::move(task));
  ++held_;
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

Lease Frontier::begin_lease(HostQueue& host, Task task, int worker, Clock::time_point now) {
  ++leased_;
  Lease lease(*this, host, std::move(task), now, worker);
  lease.was_unanswered_ = !host.mood.has_answered();
  lease.was_suspect_ = host.mood.is_suspect();
  lease.was_costly_ = host.mood.is_costly();
  if (lease.was_unanswered_) ++unanswered_;
  if (lease.was_suspect_) ++leased_suspects_;
  if (lease.was_costly_) ++leased_costly_;
  set_patience(lease);

  if (!host.in_turn) begin_turn(host, now);
  --host.turn_left;
  host.line_worker = worker;  // it stands in no line now
  HostConnections& connections = host.connections();
  lease.took_kept_ = connections.keeps_at(worker);
  if (!lease.took_kept_ && connections.total() >= host.mood.limit().slots()) let_go(host);
  connections.begin(worker, now);
  if (host.address != nullptr) ++host.address->leases;
  host.mood.begin(now);
  place(host, now);
  return lease;
}

void Frontier::set_patience(Lease& lease) const {
  Patience& patience = lease.patience_;
  patience.others_wait = &others_wait_;
  const Clock::duration longest = config_.first_answer * (lease.task_.attempts + 1);
  if (lease.was_unanswered_) patience.answer_within = longest;
  if (lease.was_suspect_) {
    patience.yield_after = longest;
    patience.is_last = true;
  } else {
    patience.yield_after =
        lease.was_unanswered_
            ? std::clamp<Clock::duration>(8 * first_latency_, kLeastPatience, kPatience)
            : kPatience;
  }
}

Taken Frontier::take(int worker) {
  const Clock::time_point now = clock_.now();
  Taken taken;
  Lock lock(mutex_);
  hungry_[static_cast<std::size_t>(worker)] = 0;
  taken.closed = std::exchange(closed_[static_cast<std::size_t>(worker)], {});
  promote_due(now);
  bring_near(now);
  while (HostQueue* const host = next_host(worker, now)) {
    const bool is_down = host->mood.down() != nullptr;  // then nothing is asked
    if (host->ready_at() > now || (!is_down && is_address_full(*host))) {
      place(*host, now);
      continue;
    }
    const bool is_new = host->wants_robots();
    Task task = host->pop(now);
    if (is_new) {
      task.sequence = sequence_++;
      ++queued_;
    }
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
    taken.wake = std::min(turns_->due(), turns_->overdue(worker));
    if (turns_->count(Turns::Line::costly) > 0 && costly_next_ > now) {
      taken.wake = std::min(taken.wake, costly_next_);
    }
    hungry_[static_cast<std::size_t>(worker)] = 1;
  }
  call_feed();
  unlock_and_wake(lock);
  return taken;
}

void Frontier::count_end(const Lease& lease) {
  --leased_;
  if (lease.was_unanswered_) --unanswered_;
  if (lease.was_suspect_) --leased_suspects_;
  if (lease.was_costly_) --leased_costly_;
}

void Frontier::end_lease(Lease& lease, Settlement settlement) {
  const Clock::time_point now = clock_.now();
  HostQueue& host = *lease.host_;
  const bool is_robots = lease.task_.kind == TaskKind::robots;
  Lock lock(mutex_);
  count_end(lease);
  if (settlement.retry_after) {
    ++queued_;
    host.delay(std::move(lease.task_), now + *settlement.retry_after);
  }
  if (settlement.feedback == Feedback::none) {
    end_unused(lease);
  } else {
    const bool is_kept = has_answer(settlement.feedback);
    host.connections().end(lease.worker_, lease.started_, kept(is_kept));
    learn(lease, settlement, is_robots ? 0 : config_.slots_per_host, now);
    host.mood.end(settlement, lease.started_, now, config_);
    note_mood(host, now);
    if (lease.was_costly_) costly_next_ = now + settlement.cost;
    if (settlement.feedback == Feedback::late) end_turn(host);
  }
  host.deepen();
  free_address(host, now);
  place(host, now);
  if (is_drained()) call_hungry();
  call_feed();
  unlock_and_wake(lock);
}

// What an answer says of the connections that its host should have.
void Frontier::learn(const Lease& lease, const Settlement& settlement, int most_credit,
                     Clock::time_point now) {
  HostConnections& connections = lease.host_->connections();
  switch (settlement.feedback) {
    case Feedback::good:
    case Feedback::answered:
      if (lease.was_unanswered_) first_latency_ += (settlement.latency - first_latency_) / 16;
      connections.learn(now - lease.started_ - settlement.sent, settlement.connecting, most_credit);
      return;
    case Feedback::overloaded:
    case Feedback::stalled:
    case Feedback::unreachable:
    case Feedback::gone:
      connections.learn_trouble();
      return;
    case Feedback::none:
    case Feedback::neutral:
    case Feedback::late:
      return;
  }
}

void Frontier::end_unused(const Lease& lease) {
  HostQueue& host = *lease.host_;
  host.connections().end(lease.worker_, lease.started_, kept(lease.took_kept_));
  host.mood.end_unused(lease.started_, lease.allowed_before_);
}

void Frontier::put_back(Lease& lease) noexcept {
  const Clock::time_point now = clock_.now();
  HostQueue& host = *lease.host_;
  Lock lock(mutex_);
  count_end(lease);
  ++queued_;
  host.queue(std::move(lease.task_));
  end_unused(lease);
  host.deepen();
  free_address(host, now);
  place(host, now);
  unlock_and_wake(lock);
}

void Frontier::answered(const Url& url) {
  const Clock::time_point now = clock_.now();
  Lock lock(mutex_);
  HostQueue& host = host_of(host_key(url));
  if (host.leases() > 0) {
    host.mood.answers();
    host.connections().add_credit(config_.slots_per_host);
    place(host, now);
  }
  unlock_and_wake(lock);
}

void Frontier::open(const Url& origin, Clock::duration delay, Clock::time_point expires) {
  const Clock::time_point now = clock_.now();
  Lock lock(mutex_);
  HostQueue& host = host_of(host_key(origin));
  held_ -= host.open(host.gate(origin), expires);
  host.mood.keep_apart(delay);
  place(host, now);
  unlock_and_wake(lock);
}

void Frontier::wake_all() {
  Lock lock(mutex_);
  std::fill(hungry_.begin(), hungry_.end(), 1);
  call_hungry();
  unlock_and_wake(lock);
}

FrontierState Frontier::state() const {
  const Lock lock(mutex_);
  FrontierState state{.queued = queued_,
                      .held = held_,
                      .spilled = spilled_,
                      .leased = leased_,
                      .hosts = hosts_.size(),
                      .active = active_};
  if (const HostQueue* next = turns_->first_timed(state.next)) {
    state.next_host = next->key.name;
    state.next_reason = next->mood.trouble();
  }
  return state;
}

std::vector<HostTrouble> Frontier::troubles() const {
  const Lock lock(mutex_);
  std::vector<HostTrouble> troubles;
  for (const auto& [key, host] : hosts_) {
    if (const HostDown* down = host->mood.down()) {
      troubles.push_back({key.name, down->reason, true});
    } else if (!host->mood.trouble().empty()) {
      troubles.push_back({key.name, host->mood.trouble(), false});
    }
  }
  return troubles;
}

}  // namespace weft
