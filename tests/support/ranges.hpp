// A file as a server answers for it that gives ranges (RFC 9110 §14): one range, or the whole.
#pragma once

#include <fmt/core.h>

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>

#include "weft/base/digits.hpp"

namespace weft::test {

struct Part {
  int status = 200;             // or 206, 416
  std::string content_range{};  // empty: none
  std::size_t first = 0;
  std::size_t size = 0;
};

// `if_range` is compared with `validator` (§13.1.5).
inline Part part_of(std::size_t size, std::string_view validator,
                    std::optional<std::string_view> range,
                    std::optional<std::string_view> if_range) {
  constexpr std::string_view kBytes = "bytes=";
  const Part whole{.size = size};
  if (!range || !range->starts_with(kBytes) || (if_range && *if_range != validator)) return whole;
  const std::string_view wanted = range->substr(kBytes.size());
  const std::size_t dash = wanted.find('-');
  if (dash == wanted.npos) return whole;
  auto first = parse_digits(wanted.substr(0, dash));
  auto last = parse_digits(wanted.substr(dash + 1));
  if (!first && last) {  // "-500": so many at the end
    first = size - std::min<std::size_t>(*last, size);
    last.reset();
  }
  if (!first) return whole;
  if (*first >= size) return {.status = 416, .content_range = fmt::format("bytes */{}", size)};
  const std::size_t end = std::min<std::size_t>(last.value_or(size - 1), size - 1);
  return {.status = 206,
          .content_range = fmt::format("bytes {}-{}/{}", *first, end, size),
          .first = *first,
          .size = end - *first + 1};
}

}  // namespace weft::test
