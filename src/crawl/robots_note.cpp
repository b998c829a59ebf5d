#include "crawl/robots_note.hpp"

#include <algorithm>

namespace weft {

namespace {

using namespace std::chrono_literals;

constexpr Clock::duration kRobotsLifetime = 24h;  // §2.4
constexpr Clock::duration kUnreachableLifetime = 10min;

Outcome outcome_named(std::string_view text) {
  const auto found = std::find(kOutcomeNames.begin(), kOutcomeNames.end(), text);
  if (found == kOutcomeNames.end()) return Outcome::refused_robots;
  return static_cast<Outcome>(found - kOutcomeNames.begin());
}

}  // namespace

RobotsNote answered(std::string origin, int status, std::string body) {
  const bool is_file = status >= 200 && status < 300;
  RobotsNote note{.origin = std::move(origin), .status = status};
  if (is_file) note.body = std::move(body);
  return note;
}

RobotsNote unreachable(std::string origin, Outcome outcome, const std::string& why) {
  return {.origin = std::move(origin),
          .message = "robots.txt could not be had: " + why,
          .outcome = std::string(name(outcome))};
}

RobotsAnswer answer_of(const RobotsNote& note, std::string_view agent) {
  if (!note.outcome.empty()) {
    return {.rules = Robots::disallow_all(),
            .unreachable = outcome_named(note.outcome),
            .message = note.message};
  }
  if (note.status >= 200 && note.status < 300) return {.rules = Robots::parse(note.body, agent)};
  // §2.3.1.3 "unavailable" allows all, §2.3.1.4 "unreachable" disallows all; 429 asks to
  // be left alone and counts with the latter.
  if (note.status < 500 && note.status != 429) return {.rules = Robots::allow_all()};
  return {.rules = Robots::disallow_all(),
          .unreachable = Outcome::refused_robots,
          .message = fmt::format("robots.txt could not be had: status {}", note.status)};
}

Clock::duration lifetime(const RobotsAnswer& answer) {
  return answer.unreachable ? kUnreachableLifetime : kRobotsLifetime;
}

Clock::duration crawl_delay(const RobotsAnswer& answer, const CrawlConfig& config) {
  return std::min<Clock::duration>(answer.rules.crawl_delay().value_or(0ms),
                                   config.max_crawl_delay);
}

}  // namespace weft
