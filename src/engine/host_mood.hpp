// How one host wants to be treated: what its answers have said of it, and when it may be
// asked next. It outlives the host's queue: a host that has drained keeps its mood.
//
// Threads: the frontier's mutex guards it.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "weft/engine/adaptive.hpp"
#include "weft/engine/frontier.hpp"

namespace weft {

class HostMood {
 public:
  explicit HostMood(const FrontierConfig& config)
      : adaptive_(config.slots_per_host), wait_(config.wait), known_slots_(adaptive_.slots()) {}

  // A request begins now.
  void begin(Clock::time_point now);

  // It ended, and this is what it said.
  void end(const Settlement& settlement, Clock::time_point started, Clock::time_point now,
           const FrontierConfig& config);

  // It was never sent: as if it had not begun.
  void end_unused(Clock::time_point started, Clock::time_point allowed_before);

  // It has begun to answer, and will be some time about it.
  void answers() { has_answered_ = true; }

  // At least so long between two requests, whatever the user asked for (Crawl-delay).
  void keep_apart(Clock::duration delay);

  // What a later run must know of the host, where that has changed since the last such note.
  std::optional<HostNote> changed(const std::string& host, Clock::time_point now,
                                  Clock::wall_time wall);
  void restore(const HostNote& note, Clock::time_point now, Clock::wall_time wall);

  Clock::time_point next_allowed() const { return next_allowed_; }
  const AdaptiveLimit& limit() const { return adaptive_; }

  // Why it was given up; nothing while it was not.
  const HostDown* down() const { return down_.get(); }
  // Why it is set aside or slowed down, while it is.
  const std::string& trouble() const;

  bool has_answered() const { return has_answered_; }
  // Others waited for it in vain when it was last asked.
  bool is_suspect() const { return is_late_; }

  // Its answers cost so much CPU here that it takes its turns by cost, not by page.
  bool is_costly() const;
  Clock::duration usual_cost() const { return usual_cost_; }  // of an answer
  Clock::duration cost() const { return cost_; }              // of all, since it is costly

 private:
  void learn(const Settlement& settlement, Clock::time_point started, Clock::time_point now,
             const FrontierConfig& config);
  void count_cost(Clock::duration cost);
  void has_spoken();
  void is_well();
  void slow_down(Clock::time_point started, Clock::time_point now, const FrontierConfig& config);
  void leave_alone_until(Clock::time_point until);
  void set_aside(const Settlement& settlement, Clock::time_point now, const FrontierConfig& config);
  void trouble_is(const std::string& reason);

  // What the last note said. Most hosts have none.
  struct Noted {
    Clock::time_point alone_until{};
    Clock::duration delay{};
    int times_set_aside = 0;
    std::string trouble{};
  };

  AdaptiveLimit adaptive_;
  Clock::duration wait_;
  Clock::duration usual_cost_{};
  Clock::duration cost_{};
  Clock::time_point begun_at_{};  // the last request
  Clock::time_point next_allowed_{};
  Clock::time_point overloaded_at_{};
  Clock::time_point set_aside_at_{};
  Clock::time_point alone_until_{};  // set aside, or Retry-After
  std::unique_ptr<HostDown> down_{};
  std::unique_ptr<std::string> trouble_{};
  std::unique_ptr<Noted> noted_{};
  int known_slots_;                   // by the last note
  std::int16_t times_set_aside_ = 0;  // in a row
  std::int16_t stalls_ = 0;           // in a row
  std::int16_t overloads_ = 0;        // in a row, those of one moment counted once
  bool has_answered_ = false;
  bool is_late_ = false;
};

}  // namespace weft
