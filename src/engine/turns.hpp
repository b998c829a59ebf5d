// Whose turn it is: the hosts that may be asked now, in lines, and those that may be asked later.
//
//   far ──name asked for──► fresh ──► its turn: kept ◄──► in flight ──► fresh (its share is over)
//                             │                    └──► more
//                             └► suspect, costly
//
// A worker takes from the lines in this order, so that a host keeps its turn and its connection,
// and another is begun only where that leaves a transfer without work:
//   kept     hosts that have a connection at this worker
//   fresh    hosts that have never answered, whose turn has not begun;
//   again    those that have, and those that are given up: who waits longer comes first
//   suspect  hosts that have never answered, though asked; a share of the transfers
//   costly   hosts that burn CPU, the cheapest first; a share of the workers
//   more     hosts with work for another connection
//   and what other workers have left standing.
//
// A host stands in one place at most. Entries that it has left are stale, known by their stamp.
//
// Threads: the frontier's mutex guards it.
#pragma once

#include <cstdint>
#include <vector>

#include "engine/host_queue.hpp"
#include "weft/base/ring.hpp"

namespace weft {

struct TurnPlace {
  HostQueue::Line line = HostQueue::Line::timed;
  int worker = 0;                                   // of kept
  Clock::time_point at = Clock::time_point::max();  // of timed; max: nowhere
};

class Turns {
 public:
  using Line = HostQueue::Line;
  using Place = TurnPlace;

  explicit Turns(std::size_t workers) : kept_(workers) {}

  void place(HostQueue& host, const Place& place, Clock::time_point now);
  void unplace(HostQueue& host);

  // What may be taken besides the worker's own hosts.
  struct Allowed {
    bool fresh = true;
    bool suspects = true;
    bool costly = true;
  };
  // The next host for `worker`, taken out of its line; nullptr: none. `may_add` says whether the
  // worker may open another connection to a host.
  template <class MayAdd>
  HostQueue* next(int worker, const Allowed& allowed, Clock::time_point now, const MayAdd& may_add);

  // Hosts due at `now`, one a call, taken out; nullptr: no more.
  HostQueue* next_due(Clock::time_point now);

  // When the first of the timed is due; stale entries may make it too early.
  Clock::time_point due() const {
    return timed_.empty() ? Clock::time_point::max() : timed_.front().at;
  }
  const HostQueue* first_timed(Clock::time_point& at) const;

  // What a worker leaves standing for longer is taken by others: it is busy with a large page.
  static constexpr Clock::duration kPatience = std::chrono::milliseconds(20);

  // The first of `line`, fresh or more, which stays there; nullptr: none.
  const HostQueue* first(Line line);

  // When a worker may take a host that another has left standing.
  Clock::time_point overdue(int worker) const;

  bool has_kept(int worker) const { return counts_kept_[static_cast<std::size_t>(worker)] > 0; }
  // A host that might be asked at once waits for a worker with room.
  bool any_waits() const { return count(Line::kept) > 0 || any_new(); }
  // One whose turn has not begun.
  bool any_new() const { return count(Line::fresh) + count(Line::again) + count(Line::far) > 0; }
  std::size_t count(Line line) const { return counts_[static_cast<std::size_t>(line)]; }

  // The first of those that are far from their turn, taken out; nullptr: none.
  HostQueue* next_far() { return pop(far_); }

 private:
  struct Entry {
    Clock::time_point at;  // of timed: due; else since when
    HostQueue* host;
    std::uint64_t stamp;
  };
  using Queue = Ring<Entry>;

  Queue& queue_of(const Place& place);
  HostQueue* pop(Queue& queue);
  void skip_stale(Queue& queue) const;
  HostQueue* pop_cheapest();
  void count(const HostQueue& host, int by);

  std::vector<Queue> kept_;  // by worker
  Queue far_;
  Queue fresh_;
  Queue again_;
  Queue suspect_;
  Queue more_;
  std::vector<Entry> costly_;  // few
  std::vector<Entry> timed_;   // heap, the soonest first
  std::array<std::size_t, 8> counts_{};
  std::vector<std::size_t> counts_kept_ = std::vector<std::size_t>(kept_.size());
  std::uint64_t stamps_ = 0;
};

template <class MayAdd>
HostQueue* Turns::next(int worker, const Allowed& allowed, Clock::time_point now,
                       const MayAdd& may_add) {
  if (HostQueue* host = pop(kept_[static_cast<std::size_t>(worker)])) return host;
  skip_stale(again_);
  skip_stale(fresh_);
  const bool may_begin = allowed.fresh && !fresh_.empty();
  if (may_begin && (again_.empty() || fresh_.front().stamp < again_.front().stamp)) {
    return pop(fresh_);
  }
  if (HostQueue* host = pop(again_)) return host;
  if (allowed.suspects) {
    if (HostQueue* host = pop(suspect_)) return host;
  }
  if (allowed.costly) {
    if (HostQueue* host = pop_cheapest()) return host;
  }
  skip_stale(more_);
  if (!more_.empty() && may_add(*more_.front().host)) return pop(more_);
  for (Queue& others : kept_) {
    skip_stale(others);
    if (!others.empty() && others.front().at + kPatience <= now) return pop(others);
  }
  return nullptr;
}

}  // namespace weft
