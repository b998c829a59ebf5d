// What failed, whether it is tried again and when, and what it says of the host.
//
// Threads: plain functions.
#pragma once

#include <optional>
#include <random>

#include "weft/engine/frontier.hpp"
#include "weft/net/http.hpp"

namespace weft {

struct RetryPolicy {
  int tries = 3;  // requests for one task
  Clock::duration max_retry_after = std::chrono::minutes(10);
};

// May the same request go better later? 429, 408, 425 and the 5xx that pass.
bool is_transient(int status);

// A status that names another place by its Location (RFC 9110 §15.4).
bool is_redirect(int status);

// The settlement of an ended request; one that has yielded (TransferResult::late) is always made
// again: what the host is told to feel, how long it is left alone (Retry-After), and when the task
// is due again if it may be tried again.
Settlement judge_end(const TransferResult& result, int attempts, const RetryPolicy& policy,
                     Clock::wall_time now, std::minstd_rand& random);

}  // namespace weft
