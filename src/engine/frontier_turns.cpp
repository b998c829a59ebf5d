// Whose turn it is: where each host stands, and what a worker may take.
#include <algorithm>

#include "engine/address_use.hpp"
#include "engine/host_queue.hpp"
#include "engine/turns.hpp"
#include "weft/engine/frontier.hpp"

namespace weft {

namespace {

using Line = Turns::Line;

// Latency up to so much more than usual is no sign that a host is slower with more connections.
constexpr Clock::duration kLatencyNoise = std::chrono::milliseconds(25);

// When a host that is slower now may have more connections after all.
constexpr Clock::duration kLookAgain = std::chrono::seconds(1);

// Up to so many hosts, costly ones are not held back where there is room for all.
constexpr std::size_t kFewHosts = 8;

std::size_t part_of(int transfers, int quarters) {
  return static_cast<std::size_t>(std::max(1, transfers * quarters / 4));
}

}  // namespace

// Puts the host where it now belongs.
void Frontier::place(HostQueue& host, Clock::time_point now) {
  if (host.is_drained()) {
    if (!host.is_counted) return;
    host.is_counted = false;
    --active_;
    turns_->unplace(host);
    let_go(host);
    leave_address(host);
    host.slim();
    return;
  }
  if (!host.is_counted) {
    host.is_counted = true;
    ++active_;
  }
  const bool is_over = host.in_turn && (host.turn_left <= 0 || now >= host.turn_ends);
  if (is_over && turns_->any_new()) end_turn(host);
  if (host.in_turn || host.name != HostQueue::Name::unknown) load_more(host);

  const Clock::time_point at = host.ready_at();
  const bool is_far = !host.in_turn && host.name == HostQueue::Name::unknown;
  if (is_far && (at <= now || (host.has_spilled() && !host.has_work()))) {
    turns_->place(host, {.line = Line::far}, now);
  } else if (at <= now && !is_far) {
    turns_->place(host, ready_place(host, now), now);
  } else {
    turns_->place(host, {.at = at}, now);
  }
  if (host.stamp == 0) return;
  if (host.line == Line::timed && turns_->due() == host.placed_at) {
    call_hungry();  // they sleep longer than they may
  } else if (host.line == Line::kept && hungry_[static_cast<std::size_t>(host.line_worker)] == 0) {
    call_by(host.placed_at + Turns::kPatience);  // should that worker be busy for long
  } else if (host.line == Line::costly && costly_next_ > now) {
    call_by(costly_next_);
  }
}

// Where a host stands that may be asked now.
Turns::Place Frontier::ready_place(HostQueue& host, Clock::time_point now) {
  const Turns::Place nowhere;
  if (host.mood.down() != nullptr) return {.line = Line::again};  // nothing is asked
  if (host.name == HostQueue::Name::asked) return nowhere;
  if (is_address_full(host)) {
    if (!std::exchange(host.waits_for_address, true)) host.address->waiting.push(&host);
    return nowhere;
  }
  const HostConnections& connections = host.connections();
  // A large site that is alone, or among few with room for all, has what any other has.
  const bool is_costly = host.mood.is_costly() && (is_crowded() || active_ > kFewHosts);
  if (host.mood.is_suspect() || is_costly) {
    if (connections.in_use() > 0) return nowhere;  // one at a time
    return {.line = host.mood.is_suspect() ? Line::suspect : Line::costly};
  }
  if (!host.in_turn) return {.line = host.mood.has_answered() ? Line::again : Line::fresh};

  if (connections.any_kept()) return {.line = Line::kept, .worker = connections.keeper()};
  if (connections.total() == 0) return {.line = Line::kept, .worker = host.line_worker};
  if (!config_.adaptive || host.has_urgent()) return {.line = Line::more};
  if (is_crowded() && !connections.has_credit()) return nowhere;
  if (host.mood.limit().is_slower(kLatencyNoise)) return {.at = now + kLookAgain};
  const Clock::time_point at = connections.another_pays_at(std::max<std::size_t>(1, host.queued()));
  if (at <= now) return {.line = Line::more};
  return {.at = at};
}

// Hosts compete for transfers: there are not enough for all that each might have.
bool Frontier::is_crowded() const {
  return active_ * static_cast<std::size_t>(config_.slots_per_host) >
         static_cast<std::size_t>(config_.transfers);
}

void Frontier::begin_turn(HostQueue& host, Clock::time_point now) {
  host.in_turn = true;
  host.turn_left = config_.turn_requests;
  host.turn_ends = now + config_.turn_time;
}

// Its connections stay, should its turn come again soon.
void Frontier::end_turn(HostQueue& host) {
  host.in_turn = false;
  host.name = HostQueue::Name::unknown;
}

// Its kept connections are not needed any more.
void Frontier::let_go(HostQueue& host) {
  for (const int worker : host.connections().let_go()) {
    closed_[static_cast<std::size_t>(worker)].push_back(host.key);
  }
}

bool Frontier::is_address_full(const HostQueue& host) const {
  return config_.slots_per_address > 0 && host.address != nullptr &&
         host.address->leases >= config_.slots_per_address;
}

void Frontier::leave_address(HostQueue& host) {
  AddressUse* const address = std::exchange(host.address, nullptr);
  host.waits_for_address = false;
  if (address == nullptr || --address->hosts > 0) return;
  addresses_.erase(address->key);
}

// A request to its address has ended: another host's may begin. The host itself is placed by the
// caller.
void Frontier::free_address(HostQueue& host, Clock::time_point now) {
  if (host.address == nullptr) return;
  AddressUse& address = *host.address;
  --address.leases;
  while (!address.waiting.empty() && address.leases < config_.slots_per_address) {
    HostQueue& next = *address.waiting.pop();
    if (next.address != &address || !next.waits_for_address) continue;  // it has moved
    next.waits_for_address = false;
    if (&next == &host) {
      if (host.ready_at() <= now) return;
      continue;
    }
    place(next, now);
    const bool is_taken_next =
        next.stamp != 0 && (next.line == Line::kept || next.line == Line::fresh ||
                            next.line == Line::again || next.line == Line::more);
    if (is_taken_next) return;
  }
}

void Frontier::promote_due(Clock::time_point now) {
  while (HostQueue* const host = turns_->next_due(now)) place(*host, now);
}

// While hosts that answer are served, the others leave them a quarter of the transfers.
bool Frontier::may_contact_fresh() const {
  return unanswered_ < part_of(config_.transfers, 3) || leased_ == unanswered_;
}

bool Frontier::may_contact_suspects() const {
  const bool nobody_else = leased_ == leased_suspects_;
  return leased_suspects_ < part_of(config_.transfers, nobody_else ? 3 : 1);
}

bool Frontier::may_ask_costly(Clock::time_point now) const {
  return now >= costly_next_ || leased_ <= leased_costly_ + leased_suspects_;  // none to be spared
}

// Costly hosts share half of the CPU: each request takes its host's usual cost of that when it
// begins, and what it cost beyond when it ends.
void Frontier::charge(Clock::duration cost, Clock::time_point now) {
  if (cost <= Clock::duration{}) return;
  costly_next_ = std::max(costly_next_, now) + cost * 2 / config_.workers;
}

// Workers share a host's connections, as long as one that has fewer has nothing to do.
bool Frontier::may_add(const HostQueue& host, int worker) const {
  const int fair = (host.mood.limit().slots() + config_.workers - 1) / config_.workers;
  const HostConnections& connections = host.connections();
  if (connections.of(worker) < fair) return true;
  for (int other = 0; other < config_.workers; ++other) {
    if (hungry_[static_cast<std::size_t>(other)] != 0 && connections.of(other) < fair) return false;
  }
  return true;
}

HostQueue* Frontier::next_host(int worker, Clock::time_point now) {
  const Turns::Allowed allowed{.fresh = may_contact_fresh(),
                               .suspects = may_contact_suspects(),
                               .costly = may_ask_costly(now)};
  return turns_->next(worker, allowed, now, [&](const HostQueue& host) NO_THREAD_SAFETY_ANALYSIS {
    return may_add(host, worker);
  });
}

// Workers that have hosts of their own, and as many others as hosts may be asked by anybody: not
// those that would find nothing, which would ask again and again.
void Frontier::call_for_ready() {
  const auto may_call = [&](std::size_t worker) NO_THREAD_SAFETY_ANALYSIS {
    return hungry_[worker] != 0 && static_cast<int>(worker) != asker_;
  };
  for (std::size_t worker = 0; worker < hungry_.size(); ++worker) {
    if (may_call(worker) && turns_->has_kept(static_cast<int>(worker))) call(worker);
  }
  std::size_t left = turns_->count(Line::again);
  if (may_contact_fresh()) left += turns_->count(Line::fresh);
  if (may_contact_suspects()) left += turns_->count(Line::suspect);
  if (turns_->count(Line::costly) > 0 && may_ask_costly(clock_.now())) {
    left += turns_->count(Line::costly);
  }
  for (std::size_t worker = 0; worker < hungry_.size() && left > 0; ++worker) {
    if (!may_call(worker)) continue;
    call(worker);
  }
  const HostQueue* const more = turns_->first(Line::more);
  for (std::size_t worker = 0; more != nullptr && worker < hungry_.size(); ++worker) {
    if (!may_call(worker) || !may_add(*more, static_cast<int>(worker))) continue;
    call(worker);
    return;
  }
}

// Some worker that has nothing to do looks again by then.
void Frontier::call_by(Clock::time_point at) {
  std::size_t first = hungry_.size();
  for (std::size_t worker = hungry_.size(); worker > 0; --worker) {
    if (hungry_[worker - 1] == 0) continue;
    if (wake_at_[worker - 1] <= at) return;
    first = worker - 1;
  }
  if (first < hungry_.size()) call(first);
}

}  // namespace weft
