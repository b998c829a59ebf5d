#include "weft/net/content_range.hpp"

#include "weft/base/digits.hpp"
#include "weft/base/text.hpp"

namespace weft {

namespace {

// What stands around the '/' of "bytes RANGE/TOTAL"; RANGE is empty for another unit.
struct Halves {
  std::string_view range;
  std::string_view total;
};

Halves halves_of(std::string_view value) {
  constexpr std::string_view kUnit = "bytes ";  // range units ignore case (RFC 9110 §14.1)
  value = trim(value);
  if (!starts_with_ignoring_case(value, kUnit)) return {};
  value = trim(value.substr(kUnit.size()));
  const std::size_t slash = value.find('/');
  if (slash == value.npos) return {};
  return {value.substr(0, slash), value.substr(slash + 1)};
}

}  // namespace

std::optional<ContentRange> parse_content_range(std::string_view value) {
  const auto [range, total] = halves_of(value);
  const std::size_t dash = range.find('-');
  if (dash == range.npos) return std::nullopt;
  const auto first = parse_digits(range.substr(0, dash));
  const auto last = parse_digits(range.substr(dash + 1));
  const auto size = parse_digits(total);
  if (!first || !last || *last < *first || (!size && total != "*")) return std::nullopt;
  if (size && *last >= *size) return std::nullopt;
  if (*last - *first == UINT64_MAX) return std::nullopt;  // size() would not fit
  return ContentRange{*first, *last, size};
}

std::optional<std::uint64_t> parse_unsatisfied_range(std::string_view value) {
  const auto [range, total] = halves_of(value);
  return range == "*" ? parse_digits(total) : std::nullopt;
}

}  // namespace weft
