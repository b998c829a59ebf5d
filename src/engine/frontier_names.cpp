// Hosts that come near their turn: their names, and what the store holds of them.
#include "engine/address_use.hpp"
#include "engine/host_queue.hpp"
#include "engine/name_link.hpp"
#include "engine/turns.hpp"
#include "weft/engine/frontier.hpp"

namespace weft {

namespace {

using Line = Turns::Line;

// Names asked for at once; the resolver has a bound of its own.
constexpr std::size_t kMostNames = 1024;

}  // namespace

void Frontier::end_names() {
  const Lock lock(name_link_->mutex);
  name_link_->frontier = nullptr;
}

// An answer may come at once, on this thread: no lock is held where names are asked for.
void Frontier::look_up(const std::shared_ptr<NameLink>& link, const std::vector<HostKey>& hosts) {
  for (const HostKey& host : hosts) {
    link->look_up(host, [link, host](const std::string& address) {
      std::vector<HostKey> next;
      {
        const Lock linked(link->mutex);
        if (link->frontier != nullptr) next = link->frontier->named(host, address);
      }
      look_up(link, next);
    });
  }
}

void Frontier::set_names(NameLookUp look_up) { name_link_->look_up = std::move(look_up); }

std::vector<HostKey> Frontier::named(const HostKey& key, const std::string& address) {
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
  return unlock_and_call(lock);
}

// Hosts whose turn comes next get ready for it: their names are asked for, and what the store
// holds of them. As many as may soon be needed, since names grow old.
void Frontier::bring_near(Clock::time_point now) {
  const std::size_t enough = 2 * static_cast<std::size_t>(config_.transfers) + 64;
  const auto is_enough = [&](std::size_t more) NO_THREAD_SAFETY_ANALYSIS {
    return turns_->count(Line::fresh) + turns_->count(Line::again) + more >= enough;
  };
  while (turns_->count(Line::far) > 0 && !is_enough(names_.size()) && !is_enough(loading_) &&
         names_asked_ < kMostNames) {
    HostQueue& host = *turns_->next_far();
    host.name = HostQueue::Name::known;
    if (name_link_->look_up) {
      host.name = HostQueue::Name::asked;
      ++names_asked_;
      names_.push_back(host.key);
    }
    place(host, now);
  }
}

}  // namespace weft
