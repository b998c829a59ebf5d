#include "engine/turns.hpp"

#include <algorithm>

namespace weft {

namespace {

constexpr auto kSoonest = [](const auto& a, const auto& b) { return a.at > b.at; };

}  // namespace

Turns::Queue& Turns::queue_of(const Place& place) {
  switch (place.line) {
    case Line::far:
      return far_;
    case Line::fresh:
      return fresh_;
    case Line::again:
      return again_;
    case Line::suspect:
      return suspect_;
    case Line::more:
      return more_;
    case Line::kept:
    case Line::costly:  // not queues
    case Line::timed:
      break;
  }
  return kept_[static_cast<std::size_t>(place.worker)];
}

void Turns::count(const HostQueue& host, int by) {
  counts_[static_cast<std::size_t>(host.line)] += static_cast<std::size_t>(by);
  if (host.line == Line::kept) {
    counts_kept_[static_cast<std::size_t>(host.line_worker)] += static_cast<std::size_t>(by);
  }
}

void Turns::unplace(HostQueue& host) {
  if (host.stamp == 0) return;
  count(host, -1);
  host.stamp = 0;
}

void Turns::place(HostQueue& host, const Place& place, Clock::time_point now) {
  const bool is_nowhere = place.line == Line::timed && place.at == Clock::time_point::max();
  if (host.stamp != 0 && !is_nowhere && host.line == place.line) {
    const bool stays = place.line == Line::timed  ? host.placed_at == place.at
                       : place.line == Line::kept ? host.line_worker == place.worker
                                                  : true;
    if (stays) return;
  }
  unplace(host);
  if (is_nowhere) return;
  host.stamp = ++stamps_;
  host.line = place.line;
  if (place.line == Line::kept) host.line_worker = place.worker;
  host.placed_at = place.line == Line::timed ? place.at : now;
  count(host, 1);
  const Entry entry{host.placed_at, &host, host.stamp};
  switch (place.line) {
    case Line::timed:
      timed_.push_back(entry);
      std::push_heap(timed_.begin(), timed_.end(), kSoonest);
      break;
    case Line::costly:
      costly_.push_back(entry);
      break;
    case Line::far:
    case Line::fresh:
    case Line::again:
    case Line::suspect:
    case Line::more:
    case Line::kept:
      queue_of(place).push(entry);
      break;
  }
}

void Turns::skip_stale(Queue& queue) const {
  while (!queue.empty() && queue.front().host->stamp != queue.front().stamp) queue.pop();
}

const HostQueue* Turns::first(Line line) {
  Queue& queue = queue_of({.line = line});
  skip_stale(queue);
  return queue.empty() ? nullptr : queue.front().host;
}

HostQueue* Turns::pop(Queue& queue) {
  skip_stale(queue);
  if (queue.empty()) return nullptr;
  HostQueue* const host = queue.pop().host;
  unplace(*host);
  return host;
}

HostQueue* Turns::pop_cheapest() {
  std::erase_if(costly_, [](const Entry& entry) { return entry.host->stamp != entry.stamp; });
  const auto cheapest = std::min_element(
      costly_.begin(), costly_.end(),
      [](const Entry& a, const Entry& b) { return a.host->mood.cost() < b.host->mood.cost(); });
  if (cheapest == costly_.end()) return nullptr;
  HostQueue* const host = cheapest->host;
  costly_.erase(cheapest);
  unplace(*host);
  return host;
}

HostQueue* Turns::next_due(Clock::time_point now) {
  while (!timed_.empty()) {
    const Entry entry = timed_.front();
    const bool stale = entry.host->stamp != entry.stamp;
    if (!stale && entry.at > now) return nullptr;
    std::pop_heap(timed_.begin(), timed_.end(), kSoonest);
    timed_.pop_back();
    if (stale) continue;
    unplace(*entry.host);
    return entry.host;
  }
  return nullptr;
}

// Only below stale entries must the heap be searched.
const HostQueue* Turns::first_timed(Clock::time_point& at) const {
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
  if (first == nullptr) return nullptr;
  at = first->at;
  return first->host;
}

Clock::time_point Turns::overdue(int worker) const {
  Clock::time_point first = Clock::time_point::max();
  for (std::size_t other = 0; other < kept_.size(); ++other) {
    if (static_cast<int>(other) == worker || counts_kept_[other] == 0) continue;
    first = std::min(first, kept_[other].front().at + kPatience);
  }
  return first;
}

}  // namespace weft
