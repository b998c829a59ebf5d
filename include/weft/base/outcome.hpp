// What happened to a URL. Every settled URL has exactly one Outcome; a 404 is an
// outcome, not an error of the program.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace weft {

enum class Outcome : std::uint8_t {
  ok,
  redirect,
  http_error,
  not_modified,
  duplicate,
  refused_robots,
  refused_scope,
  refused_address,
  too_large,
  wrong_type,
  dns_error,
  connect_error,
  tls_error,
  timeout,
  truncated,
  decode_error,
  protocol_error,
  checksum_mismatch,
  io_error,
  cancelled,
};

inline constexpr std::size_t kOutcomes = 20;

inline constexpr std::array<std::string_view, kOutcomes> kOutcomeNames{
    "ok",
    "redirect",
    "http_error",
    "not_modified",
    "duplicate",
    "refused_robots",
    "refused_scope",
    "refused_address",
    "too_large",
    "wrong_type",
    "dns_error",
    "connect_error",
    "tls_error",
    "timeout",
    "truncated",
    "decode_error",
    "protocol_error",
    "checksum_mismatch",
    "io_error",
    "cancelled",
};

// The name that records and job.db carry.
constexpr std::string_view name(Outcome outcome) {
  return kOutcomeNames[static_cast<std::size_t>(outcome)];
}

// Was the page had, now or as it was before?
constexpr bool was_had(Outcome outcome) {
  return outcome == Outcome::ok || outcome == Outcome::not_modified;
}

// Does this outcome make the run end with exit code 1? What robots.txt and the
// scope refuse, redirects and unchanged pages are not failures.
constexpr bool is_failure(Outcome outcome) {
  switch (outcome) {
    case Outcome::ok:
    case Outcome::redirect:
    case Outcome::not_modified:
    case Outcome::duplicate:
    case Outcome::refused_robots:
    case Outcome::refused_scope:
      return false;
    case Outcome::http_error:
    case Outcome::refused_address:
    case Outcome::too_large:
    case Outcome::wrong_type:
    case Outcome::dns_error:
    case Outcome::connect_error:
    case Outcome::tls_error:
    case Outcome::timeout:
    case Outcome::truncated:
    case Outcome::decode_error:
    case Outcome::protocol_error:
    case Outcome::checksum_mismatch:
    case Outcome::io_error:
    case Outcome::cancelled:
      return true;
  }
  return true;
}

}  // namespace weft
