#include "net/name_cache.hpp"

#include <iterator>
#include <utility>

namespace weft {

NameCache::Answer NameCache::find(const std::string& host, Clock::time_point now) {
  const auto found = entries_.find(host);
  if (found == entries_.end() || !found->second.answer) return nullptr;
  if (found->second.expires > now) return found->second.answer;
  answered_.erase(found->second.age);
  entries_.erase(found);
  return nullptr;
}

bool NameCache::await(const std::string& host, Resolver::Callback done) {
  Waiting& waiting = entries_[host].waiting;
  waiting.push_back(std::move(done));
  return waiting.size() == 1;
}

bool NameCache::is_awaited(const std::string& host) const {
  const auto found = entries_.find(host);
  return found != entries_.end() && !found->second.waiting.empty();
}

NameCache::Waiting NameCache::give_up(const std::string& host) {
  const auto found = entries_.find(host);
  return found == entries_.end() ? Waiting() : std::exchange(found->second.waiting, {});
}

NameCache::Waiting NameCache::settle(const std::string& host, Answer answer,
                                     Clock::time_point expires) {
  Entry& entry = entries_[host];
  Waiting waiting = std::exchange(entry.waiting, {});
  if (!entry.answer) entry.age = answered_.insert(answered_.end(), host);
  entry.answer = std::move(answer);
  entry.expires = expires;
  while (answered_.size() > max_entries_) {
    entries_.erase(answered_.front());
    answered_.pop_front();
  }
  return waiting;
}

NameCache::Waiting NameCache::give_up_all() {
  Waiting all;
  for (auto& [host, entry] : entries_) {
    Waiting waiting = std::exchange(entry.waiting, {});
    all.insert(all.end(), std::make_move_iterator(waiting.begin()),
               std::make_move_iterator(waiting.end()));
  }
  return all;
}

}  // namespace weft
