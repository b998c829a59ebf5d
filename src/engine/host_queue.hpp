// One host: what waits for it, and when it may be asked next.
//
// Threads: the frontier's mutex guards it.
#pragma once

#include <array>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "engine/shares.hpp"
#include "engine/spilled.hpp"
#include "weft/base/ring.hpp"
#include "weft/engine/adaptive.hpp"
#include "weft/engine/frontier.hpp"

namespace weft {

class HostQueue {
 public:
  HostQueue(HostKey name, const FrontierConfig& config)
      : key(std::move(name)),
        by_depth_(config.by_depth),
        adaptive_(config.slots_per_host),
        wait_(config.wait),
        told_{.slots = adaptive_.slots()} {}

  // --- what waits

  bool has_work() const { return queued_ > 0 || !delayed_.empty(); }
  void queue(Task task);
  void delay(Task task, Clock::time_point until);

  // The next task: `first` before all, the others by weighted shares.
  // REQUIRES: ready_at(now) <= now.
  Task pop(Clock::time_point now);

  // When a task may be taken: time_point::max() for never as things stand.
  Clock::time_point ready_at() const;

  // Tasks held in memory, wherever in the queue they stand.
  std::size_t in_memory() const;

  // The rest of the queue, which the store holds; `loading` of it have been asked back.
  Spilled spilled{};
  std::size_t loading = 0;

  // All that is in memory lies deeper than what is not.
  bool waits_for_spilled() const;

  // Gives the next depth its turn, where nothing nearer waits or is under way.
  void deepen();

  // --- origins: one gate for each scheme and port of the host

  struct Gate {
    enum class State : std::uint8_t { unknown, asked, open };  // asked for robots.txt

    State state = State::unknown;
    Clock::time_point expires = Clock::time_point::max();
    std::vector<Task> held{};
  };
  Gate& gate(const Url& url);

  // --- politeness

  // A request begins now: a slot is taken.
  void begin(Clock::time_point now);

  // It ended: the slot is free, and what it told is learnt.
  void end(const Settlement& settlement, Clock::time_point started, Clock::time_point now,
           const FrontierConfig& config);

  // It was never sent: as if it had not begun.
  void end_unused(Clock::time_point started, Clock::time_point allowed_before);

  // What a later run must know of the host, where that has changed since it was last told.
  std::optional<HostNote> changed_mood(Clock::time_point now, Clock::wall_time wall);
  void restore(const HostNote& note, Clock::time_point now, Clock::wall_time wall);

  // At least so long between two requests, whatever the user asked for (Crawl-delay).
  void keep_apart(Clock::duration delay);

  Clock::time_point next_allowed() const { return next_allowed_; }

  const HostKey key;
  int last_worker = 0;
  std::optional<HostDown> down{};  // why it was given up
  std::string trouble{};           // why it is set aside or slowed down, while it is

  // The frontier's note of where the host stands in its lists (0: nowhere).
  std::uint64_t stamp = 0;
  bool is_ready = false;
  Clock::time_point placed_at = Clock::time_point::max();

 private:
  struct Delayed {
    Clock::time_point at;
    Task task;
  };

  void promote_due(Clock::time_point now);
  std::uint32_t nearest_deeper() const;  // REQUIRES: there is one
  void learn(const Settlement& settlement, Clock::time_point started, Clock::time_point now,
             const FrontierConfig& config);
  void is_well();
  void slow_down(Clock::time_point started, Clock::time_point now, const FrontierConfig& config);
  void leave_alone_until(Clock::time_point until);
  void set_aside(const Settlement& settlement, Clock::time_point now, const FrontierConfig& config);

  std::array<Ring<Task>, kPriorities> queues_;
  Shares shares_;
  std::size_t queued_ = 0;
  std::vector<Delayed> delayed_;                          // heap, the soonest first
  std::map<std::pair<bool, std::uint16_t>, Gate> gates_;  // by https and port

  // By depth: what lies deeper waits until all that is nearer is settled.
  const bool by_depth_;
  std::uint32_t depth_ = 0;
  std::vector<Task> deeper_;

  AdaptiveLimit adaptive_;
  Clock::duration wait_;
  int leases_ = 0;
  Clock::time_point begun_at_{};  // the last request
  Clock::time_point next_allowed_{};
  int times_set_aside_ = 0;  // in a row
  int stalls_ = 0;           // in a row
  int overloads_ = 0;        // in a row, those of one moment counted once
  Clock::time_point overloaded_at_{};
  Clock::time_point set_aside_at_{};
  Clock::time_point alone_until_{};  // set aside, or Retry-After

  struct Mood {
    Clock::time_point alone_until{};
    int slots = 0;
    Clock::duration delay{};
    int times_set_aside = 0;
    std::string trouble{};
  };
  Mood told_;
};

}  // namespace weft
