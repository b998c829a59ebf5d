// One host: what waits for it, how it wants to be treated, and what connections it has.
//
// A host that has drained keeps its mood and what is known of its robots.txt; the rest of its
// memory is given back.
//
// Threads: the frontier's mutex guards it.
#pragma once

#include <array>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/host_connections.hpp"
#include "engine/host_mood.hpp"
#include "engine/shares.hpp"
#include "engine/spilled.hpp"
#include "weft/base/ring.hpp"
#include "weft/engine/frontier.hpp"

namespace weft {

struct AddressUse;

class HostQueue {
 public:
  HostQueue(HostKey key_, const FrontierConfig& config)
      : key(std::move(key_)), mood(config), by_depth_(config.by_depth) {}

  // --- what waits

  bool has_work() const;
  std::size_t queued() const;  // to be taken now, robots.txt files included
  void queue(Task task);
  void delay(Task task, Clock::time_point until);

  // The next task: robots.txt and what else is `first` before all, the others by weighted shares.
  // REQUIRES: ready_at() <= now.
  Task pop(Clock::time_point now);

  // When a task may be taken: time_point::max() for never as things stand. Whether there is a
  // connection for it is another question.
  Clock::time_point ready_at() const;

  // Tasks held in memory, wherever in the queue they stand.
  std::size_t in_memory() const;

  // The rest of the queue, which the store holds; `loading` of it have been asked back.
  bool has_spilled() const { return waiting_ && !waiting_->spilled.empty(); }
  Spilled& spilled() { return waiting().spilled; }
  std::size_t loading = 0;

  // All that is in memory lies deeper than what is not.
  bool waits_for_spilled() const;

  // Gives the next depth its turn, where nothing nearer waits or is under way.
  void deepen();

  // Nothing waits, in memory or elsewhere, and nothing is under way.
  bool is_drained() const;
  // REQUIRES: is_drained(). Gives back the memory of its queues and connections.
  void slim();

  // --- origins: one gate for each scheme and port of the host

  struct Gate {
    // wanted: robots.txt is to be asked for; asked: it is under way.
    enum class State : std::uint8_t { unknown, wanted, asked, open };

    bool https = false;
    std::uint16_t port = 0;
    State state = State::unknown;
    Clock::time_point expires = Clock::time_point::max();
    std::vector<Task> held{};
  };
  Gate& gate(const Url& url);
  // The task waits until its origin's robots.txt is known.
  void hold(Gate& gate, Task task);
  // What was held is queued. Returns how many there were.
  std::size_t open(Gate& gate, Clock::time_point expires);

  // --- connections

  HostConnections& connections();
  const HostConnections& connections() const;
  int leases() const { return waiting_ ? waiting_->connections.in_use() : 0; }
  // pop() gives a robots.txt that nobody has queued.
  bool wants_robots() const { return wanted_robots_ > 0; }
  // What waits is worth a connection of its own at once.
  bool has_urgent() const {
    return wants_robots() || (waiting_ && (!waiting_->queues[0].empty() || waiting_->parallel > 0));
  }

  const HostKey key;
  HostMood mood;

  // --- what the frontier keeps with it

  // Its turn: so many requests, or until then.
  bool in_turn = false;
  int turn_left = 0;
  Clock::time_point turn_ends{};

  enum class Name : std::uint8_t { unknown, asked, known };
  Name name = Name::unknown;
  bool is_counted = false;  // among the hosts that have work
  AddressUse* address = nullptr;
  bool waits_for_address = false;

  // Where the host stands in the lists of Turns (stamp 0: nowhere).
  enum class Line : std::uint8_t { far, fresh, again, suspect, costly, more, kept, timed };
  std::uint64_t stamp = 0;
  Line line = Line::fresh;
  int line_worker = 0;  // of kept
  Clock::time_point placed_at = Clock::time_point::max();

 private:
  struct Delayed {
    Clock::time_point at;
    Task task;
  };
  // Only what has work needs it.
  struct Waiting {
    std::array<Ring<Task>, kPriorities> queues{};
    Shares shares{};
    std::size_t queued = 0;
    int parallel = 0;                // of them
    std::vector<Delayed> delayed{};  // heap, the soonest first
    std::uint32_t depth = 0;         // by depth: what lies deeper waits until all nearer is settled
    std::vector<Task> deeper{};
    Spilled spilled{};
    HostConnections connections{};
  };

  Waiting& waiting() {
    if (!waiting_) waiting_ = std::make_unique<Waiting>();
    return *waiting_;
  }
  void promote_due(Clock::time_point now);
  std::uint32_t nearest_deeper() const;  // REQUIRES: there is one
  Task robots_task();                    // REQUIRES: wanted_robots_ > 0

  std::unique_ptr<Waiting> waiting_;
  std::vector<Gate> gates_;
  std::size_t held_ = 0;
  int wanted_robots_ = 0;
  const bool by_depth_;
};

}  // namespace weft
