// Content-Range, both forms: which bytes of how many (RFC 9110 §14.4).
//
// Threads: values.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace weft {

struct ContentRange {
  std::uint64_t first = 0;
  std::uint64_t last = 0;                // inclusive
  std::optional<std::uint64_t> total{};  // nothing: the server does not know it yet ('*')

  std::uint64_t size() const { return last - first + 1; }
  friend bool operator==(const ContentRange&, const ContentRange&) = default;
};

// "bytes 0-499/1234" or "bytes 0-499/*". Nothing for anything else, among it a range that
// ends before it begins, or beyond the total.
std::optional<ContentRange> parse_content_range(std::string_view value);

// The total in "bytes */1234", which comes with status 416.
std::optional<std::uint64_t> parse_unsatisfied_range(std::string_view value);

}  // namespace weft
