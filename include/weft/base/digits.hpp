// Whole numbers as HTTP and lists write them: digits and nothing else.
#pragma once

#include <charconv>
#include <cstdint>
#include <optional>
#include <string_view>

namespace weft {

// Nothing where the text is empty, holds anything but digits, or is more than fits.
inline std::optional<std::uint64_t> parse_digits(std::string_view digits) {
  std::uint64_t number = 0;
  const char* end = digits.data() + digits.size();
  const auto [stop, error] = std::from_chars(digits.data(), end, number);
  if (error != std::errc() || stop != end) return std::nullopt;
  return number;
}

}  // namespace weft
