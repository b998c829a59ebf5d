// Retry-After, both forms: seconds or an HTTP date (RFC 9110 §10.2.3).
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "weft/base/clock.hpp"

namespace weft {

// No answer is longer than this, however far the value reaches: it still fits every
// duration of the program.
inline constexpr std::chrono::seconds kLongestRetryAfter = std::chrono::hours(24 * 365 * 10);

// How long to leave the host alone from `now` on; nothing where the value is not
// valid (then the caller's own backoff holds). The caller caps it.
std::optional<std::chrono::seconds> parse_retry_after(std::string_view value, Clock::wall_time now);

// An HTTP date in any of the three forms of RFC 9110 §5.6.7.
std::optional<Clock::wall_time> parse_http_date(std::string_view text, Clock::wall_time now);

// The first of them: "Sun, 06 Nov 1994 08:49:37 GMT".
std::string to_http_date(Clock::wall_time time);

}  // namespace weft
