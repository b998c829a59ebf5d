// Whose turn it is: where each host stands, and what a worker may take.
#include <algorithm>

#include "engine/address_use.hpp"
#include "engine/host_queue.hpp"
#include "engine/turns.hpp"
#include "weft/engine/frontier.hpp"

namespace weft {

namespace {

using Line = Turns::Line;

// Names asked for at once; the resolver has a bound of its own.
constexpr std::size_t kMostNames = 1024;

// Latency up to so much more than usual is no sign that a host is slower with more connections.
constexpr Clock::duration kLatencyNoise = std::chrono::milliseconds(25);

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
  if (is_over && turns_->count(Line::fresh) + turns_->count(Line::far) > 0) end_turn(host);
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
  if (host.stamp != 0 && host.line == Line::timed && turns_->due() == host.placed_at) {
    call_hungry();  // they sleep longer than they may
  }
}

// Where a host stands that may be asked now.
Turns::Place Frontier::ready_place(HostQueue& host, Clock::time_point now) {
  const Turns::Place nowhere;
  if (host.mood.down() != nullptr) return {.line = Line::fresh};  // nothing is asked
  if (host.name == HostQueue::Name::asked) return nowhere;
  if (is_address_full(host)) {
    if (!std::exchange(host.waits_for_address, true)) host.address->waiting.push(&host);
    return nowhere;
  }
  if (host.mood.is_suspect()) return {.line = Line::suspect};
  if (host.mood.is_costly()) return {.line = Line::costly};
  if (!host.in_turn) return {.line = Line::fresh};

  const HostConnections& connections = host.connections();
  if (connections.any_kept()) return {.line = Line::kept, .worker = connections.keeper()};
  if (connections.total() == 0) return {.line = Line::kept, .worker = host.line_worker};
  if (!config_.adaptive || host.has_urgent()) return {.line = Line::more};
  if (is_crowded() && !connections.has_credit()) return nowhere;
  if (host.mood.limit().is_slower(kLatencyNoise)) return nowhere;
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
    next.waits_for_address = false;
    if (&next == &host) {
      if (host.ready_at() <= now) return;
      continue;
    }
    place(next, now);
    if (next.stamp != 0 && next.line != Line::timed && next.line != Line::far) return;
  }
}

void Frontier::set_names(NameLookUp look_up) {
  const Lock lock(mutex_);
  look_up_ = std::move(look_up);
}

void Frontier::named(const HostKey& key, const std::string& address) {
  const Clock::time_point now = clock_.now();
  Lock lock(mutex_);
  --names_asked_;
  HostQueue& host = host_of(key);
  if (host.name == HostQueue::Name::asked) {
    host.name = HostQueue::Name::known;
    if (config_.slots_per_address > 0 && !address.empty() && host.leases() == 0) {
      leave_address(host);
      auto& use = addresses_[address];
      if (!use) {
        use = std::make_unique<AddressUse>();
        use->key = address;
      }
      ++use->hosts;
      host.address = use.get();
    }
    place(host, now);
  }
  unlock_and_wake(lock);
}

// Hosts whose turn comes next get ready for it: their names are asked for, and what the store
// holds of them. As many as may soon be needed, since names grow old.
void Frontier::bring_near(Clock::time_point now) {
  const std::size_t enough = 2 * static_cast<std::size_t>(config_.transfers) + 64;
  while (turns_->count(Line::far) > 0 && turns_->count(Line::fresh) + names_.size() < enough &&
         turns_->count(Line::fresh) + loading_ < enough && names_asked_ < kMostNames) {
    HostQueue& host = *turns_->next_far();
    host.name = HostQueue::Name::known;
    if (look_up_) {
      host.name = HostQueue::Name::asked;
      ++names_asked_;
      names_.push_back(host.key);
    }
    place(host, now);
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
  if (leased_ <= leased_costly_ + leased_suspects_) return true;  // nobody to be spared
  const auto most = static_cast<std::size_t>(std::max(1, config_.workers / 2));
  return leased_costly_ < most && now >= costly_next_;
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
  for (std::size_t worker = 0; worker < hungry_.size(); ++worker) {
    if (hungry_[worker] != 0 && turns_->has_kept(static_cast<int>(worker))) call(worker);
  }
  std::size_t left = 0;
  const HostQueue* const fresh = turns_->first(Line::fresh);
  if (fresh != nullptr && (fresh->mood.has_answered() || may_contact_fresh())) {
    left += turns_->count(Line::fresh);
  }
  if (may_contact_suspects()) left += turns_->count(Line::suspect);
  if (turns_->count(Line::costly) > 0 && may_ask_costly(clock_.now())) {
    left += turns_->count(Line::costly);
  }
  std::size_t more = turns_->count(Line::more);
  const HostQueue* const grows = turns_->first(Line::more);
  for (std::size_t worker = 0; worker < hungry_.size() && left + more > 0; ++worker) {
    if (hungry_[worker] == 0) continue;
    if (left > 0) {
      --left;
    } else if (may_add(*grows, static_cast<int>(worker))) {
      --more;
    } else {
      continue;
    }
    call(worker);
  }
}

}  // namespace weft
