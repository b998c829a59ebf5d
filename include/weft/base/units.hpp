// Sizes and durations: as types inside the program, as text at its edges.
#pragma once

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

#include "weft/base/clock.hpp"
#include "weft/base/result.hpp"

namespace weft {

struct Bytes {
  std::uint64_t count = 0;
  friend constexpr auto operator<=>(const Bytes&, const Bytes&) = default;
};

constexpr Bytes operator""_KiB(unsigned long long n) { return {n << 10}; }
constexpr Bytes operator""_MiB(unsigned long long n) { return {n << 20}; }
constexpr Bytes operator""_GiB(unsigned long long n) { return {n << 30}; }

// "10k", "1.5M", "2GiB", "700": k, M, G, T and KiB ... TiB are powers of 1024 as
// in wget, curl and aria2; kB, MB, GB and TB are powers of 1000. Case does not matter.
Result<Bytes> parse_bytes(std::string_view text);

// "500ms", "2s", "1m30s", "1h", "1d"; a bare number is seconds, as in wget and curl.
Result<Clock::duration> parse_duration(std::string_view text);

// "5/s", "30/m", "100/h", or a bare number of requests per second: the least time
// between two requests.
Result<Clock::duration> parse_rate(std::string_view text);

// For people: "1.5 MiB", "812 B"; "1m30s", "250ms".
std::string to_text(Bytes bytes);
std::string to_text(Clock::duration duration);

// RFC 3339 in UTC with milliseconds: "2026-01-02T03:04:05.678Z".
std::string to_rfc3339(Clock::wall_time time);

}  // namespace weft
