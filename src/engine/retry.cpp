#include "weft/engine/retry.hpp"

#include <algorithm>

#include "weft/net/retry_after.hpp"

namespace weft {

namespace {

using namespace std::chrono_literals;

constexpr Clock::duration kFirstBackoff = 1s;
constexpr Clock::duration kMostBackoff = 60s;

// 1 s, 2 s, 4 s ..., each between half and one and a half times that, so that what failed
// together does not come back together.
Clock::duration backoff(int attempts, std::minstd_rand& random) {
  const int doublings = std::min(attempts - 1, 6);
  const Clock::duration base = std::min(kMostBackoff, kFirstBackoff * (1L << doublings));
  std::uniform_real_distribution<double> jitter(0.5, 1.5);
  return std::chrono::duration_cast<Clock::duration>(base * jitter(random));
}

Feedback feedback(const TransferResult& result) {
  const int status = result.response.status;
  switch (result.outcome) {
    case Outcome::ok:
      if (status == 429 || status == 503) return Feedback::overloaded;
      return status < 400 ? Feedback::good : Feedback::answered;
    case Outcome::dns_error:
      return result.retryable ? Feedback::unreachable : Feedback::gone;
    case Outcome::connect_error:
      return Feedback::unreachable;
    case Outcome::tls_error:
      return result.retryable ? Feedback::unreachable : Feedback::neutral;
    case Outcome::timeout:
      // No address: not even a connection came about.
      return result.response.ip.empty() ? Feedback::unreachable : Feedback::stalled;
    default:
      return Feedback::neutral;
  }
}

}  // namespace

bool is_redirect(int status) {
  return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
}

bool is_transient(int status) {
  if (status == 408 || status == 425 || status == 429) return true;
  return status >= 500 && status != 501 && status != 505;
}

Settlement judge_end(const TransferResult& result, int attempts, const RetryPolicy& policy,
                     Clock::wall_time now, std::minstd_rand& random) {
  const Response& response = result.response;
  const Timings& timings = response.timings;
  if (result.late) return {.feedback = Feedback::late, .retry_after = Clock::duration{}};
  const Clock::duration sent = std::max({timings.dns, timings.connect, timings.tls});
  Settlement settlement{.feedback = feedback(result),
                        .sent = sent,
                        .connecting = sent - timings.dns,
                        .latency = timings.first_byte,
                        .outcome = result.outcome,
                        .reason = result.message};
  if (settlement.feedback == Feedback::overloaded) {
    settlement.outcome = Outcome::http_error;
    settlement.reason = "it answered " + std::to_string(response.status);
    if (const auto value = response.headers.get("Retry-After")) {
      if (const auto wait = parse_retry_after(*value, now)) {
        settlement.leave_alone = std::min<Clock::duration>(*wait, policy.max_retry_after);
      }
    }
  }
  const bool transient =
      result.outcome == Outcome::ok ? is_transient(response.status) : result.retryable;
  if (transient && attempts < policy.tries) {
    settlement.retry_after = std::max(settlement.leave_alone, backoff(attempts, random));
  }
  return settlement;
}

}  // namespace weft
