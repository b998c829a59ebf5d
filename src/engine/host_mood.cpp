#include "engine/host_mood.hpp"

#include <algorithm>
#include <utility>

namespace weft {

namespace {

// One URL that times out says little of its host; this many in a row say much.
constexpr int kStallsThatCount = 3;

// A host may say 429 or 503 and be slowed down for a good while before it counts as one
// that does not work.
constexpr int kOverloadsThatCount = 10;

// A page of a documentation site costs 0.1 to 0.3 ms; one that is parsed whole ten times that.
constexpr Clock::duration kCostly = std::chrono::milliseconds(1);

}  // namespace

const std::string& HostMood::trouble() const {
  static const std::string none;
  return trouble_ ? *trouble_ : none;
}

void HostMood::trouble_is(const std::string& reason) {
  if (reason.empty()) {
    trouble_.reset();
  } else if (trouble_) {
    *trouble_ = reason;
  } else {
    trouble_ = std::make_unique<std::string>(reason);
  }
}

void HostMood::begin(Clock::time_point now) {
  begun_at_ = now;
  // Without a pause another thread's clock, read a moment before, must not count as early.
  const Clock::duration pause = std::max(wait_, adaptive_.delay());
  if (pause > Clock::duration{}) next_allowed_ = now + pause;
}

void HostMood::end(const Settlement& settlement, Clock::time_point started, Clock::time_point now,
                   const FrontierConfig& config) {
  // The server sees requests when they are sent: the wait counts from there.
  const Clock::duration gap = std::max(wait_, adaptive_.delay());
  if (gap > Clock::duration{}) {
    next_allowed_ = std::max(next_allowed_, started + settlement.sent + gap);
  }
  count_cost(settlement.cost);
  learn(settlement, started, now, config);
}

void HostMood::end_unused(Clock::time_point started, Clock::time_point allowed_before) {
  if (begun_at_ == started) next_allowed_ = std::max(allowed_before, alone_until_);
}

void HostMood::keep_apart(Clock::duration delay) {
  wait_ = std::max(wait_, delay);
  if (begun_at_ != Clock::time_point{}) {
    next_allowed_ = std::max(next_allowed_, begun_at_ + wait_);
  }
}

void HostMood::count_cost(Clock::duration cost) {
  usual_cost_ += (cost - usual_cost_) / 8;
  cost_ = is_costly() ? cost_ + cost : Clock::duration{};
}

bool HostMood::is_costly() const { return usual_cost_ >= kCostly; }

void HostMood::set_aside(const Settlement& settlement, Clock::time_point now,
                         const FrontierConfig& config) {
  if (times_set_aside_ >= config.give_up_after) {
    down_ = std::make_unique<HostDown>(HostDown{settlement.outcome, settlement.reason});
    return;
  }
  const Clock::duration pause =
      std::min(config.set_aside_max, config.set_aside_first * (1L << times_set_aside_));
  ++times_set_aside_;
  leave_alone_until(now + pause);
  set_aside_at_ = now;
  trouble_is(settlement.reason);
}

void HostMood::leave_alone_until(Clock::time_point until) {
  alone_until_ = std::max(alone_until_, until);
  next_allowed_ = std::max(next_allowed_, until);
}

void HostMood::has_spoken() {
  has_answered_ = true;
  is_late_ = false;
}

void HostMood::is_well() {
  has_spoken();
  times_set_aside_ = 0;
  stalls_ = 0;
  overloads_ = 0;
  trouble_.reset();
}

// The new delay counts from the last request on, not only from the next.
void HostMood::slow_down(Clock::time_point started, Clock::time_point now,
                         const FrontierConfig& config) {
  if (!config.adaptive) return;
  adaptive_.overloaded(started, now);
  next_allowed_ = std::max(next_allowed_, begun_at_ + adaptive_.delay());
}

void HostMood::learn(const Settlement& settlement, Clock::time_point started, Clock::time_point now,
                     const FrontierConfig& config) {
  if (settlement.leave_alone > Clock::duration{}) {
    leave_alone_until(now + settlement.leave_alone);
  }
  switch (settlement.feedback) {
    case Feedback::none:
      return;
    case Feedback::neutral:
      if (settlement.latency > Clock::duration{}) has_spoken();
      return;
    case Feedback::good:
      is_well();
      if (config.adaptive) adaptive_.good(started, settlement.latency, now);
      return;
    case Feedback::answered:
      is_well();
      return;
    case Feedback::late:
      is_late_ = true;
      return;
    case Feedback::overloaded:
      has_spoken();
      slow_down(started, now, config);
      trouble_is(settlement.reason);
      if (started < overloaded_at_) return;
      overloaded_at_ = now;
      if (++overloads_ < kOverloadsThatCount) return;
      break;
    case Feedback::stalled:
      is_late_ = true;
      slow_down(started, now, config);
      if (++stalls_ < kStallsThatCount) return;
      break;
    case Feedback::unreachable:
      is_late_ = true;
      slow_down(started, now, config);
      break;
    case Feedback::gone:
      down_ = std::make_unique<HostDown>(HostDown{settlement.outcome, settlement.reason});
      return;
  }
  // What was asked before the host was last set aside says nothing new.
  if (started < set_aside_at_) return;
  set_aside(settlement, now, config);
}

std::optional<HostNote> HostMood::changed(const std::string& host, Clock::time_point now,
                                          Clock::wall_time wall) {
  static const Noted nothing;
  const Noted& noted = noted_ ? *noted_ : nothing;
  const Clock::duration delay = adaptive_.delay();
  // A delay fades with every good answer: half of it is news.
  const bool faded = delay < noted.delay / 2;
  if (alone_until_ == noted.alone_until && adaptive_.slots() == known_slots_ &&
      times_set_aside_ == noted.times_set_aside && trouble() == noted.trouble &&
      delay <= noted.delay && !faded) {
    return std::nullopt;
  }
  known_slots_ = adaptive_.slots();
  noted_ = std::make_unique<Noted>(Noted{alone_until_, delay, times_set_aside_, trouble()});
  const Clock::duration left = std::max(Clock::duration{}, alone_until_ - now);
  return HostNote{.host = host,
                  .not_before = wall + std::chrono::ceil<Clock::wall_time::duration>(left),
                  .slots = adaptive_.slots(),
                  .delay = delay,
                  .times_set_aside = times_set_aside_,
                  .trouble = trouble()};
}

void HostMood::restore(const HostNote& note, Clock::time_point now, Clock::wall_time wall) {
  if (note.not_before > wall) {
    leave_alone_until(now + std::chrono::ceil<Clock::duration>(note.not_before - wall));
  }
  adaptive_.restore(note.slots, note.delay);
  times_set_aside_ = static_cast<std::int16_t>(note.times_set_aside);
  trouble_is(note.trouble);
  known_slots_ = adaptive_.slots();
  noted_ =
      std::make_unique<Noted>(Noted{alone_until_, adaptive_.delay(), times_set_aside_, trouble()});
}

}  // namespace weft
