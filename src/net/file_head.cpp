#include "net/file_head.hpp"

#include <algorithm>

#include "weft/base/digits.hpp"
#include "weft/base/text.hpp"
#include "weft/net/retry_after.hpp"

namespace weft {

std::optional<AskedRange> asked_range(std::span<const Header> headers) {
  constexpr std::string_view kBytes = "bytes=";
  for (const Header& header : headers) {
    if (!equals_ignoring_case(header.name, "Range")) continue;
    std::string_view value = trim(header.value);
    if (!starts_with_ignoring_case(value, kBytes)) return std::nullopt;
    value.remove_prefix(kBytes.size());
    const std::size_t dash = std::min(value.find('-'), value.size());
    const auto first = parse_digits(value.substr(0, dash));
    if (!first || dash == value.size()) return std::nullopt;
    if (dash + 1 == value.size()) return AskedRange{*first, std::nullopt};
    const auto last = parse_digits(value.substr(dash + 1));
    if (!last || *last < *first) return std::nullopt;
    return AskedRange{*first, last};
  }
  return std::nullopt;
}

std::string to_text(const AskedRange& range) {
  return range.last ? fmt::format("{}-{}", range.first, *range.last)
                    : fmt::format("{}-", range.first);
}

Response file_head(const FileFacts& facts) {
  Response head;
  head.status = 200;
  head.headers.add("Accept-Ranges", "bytes");
  if (facts.modified) head.headers.add("Last-Modified", to_http_date(*facts.modified));
  if (facts.nothing_left) {
    head.status = 416;
    if (facts.total) head.headers.add("Content-Range", fmt::format("bytes */{}", *facts.total));
    head.headers.add("Content-Length", "0");
    return head;
  }
  if (facts.left) head.headers.add("Content-Length", std::to_string(*facts.left));
  if (!facts.range) return head;
  head.status = 206;
  const std::uint64_t end = facts.range->first + *facts.left;
  // Where fewer come than were asked for, or all were, they are the last ones.
  const bool to_the_end = !facts.range->last || end <= *facts.range->last;
  head.headers.add("Content-Range", fmt::format("bytes {}-{}/{}", facts.range->first, end - 1,
                                                to_the_end ? std::to_string(end) : "*"));
  return head;
}

}  // namespace weft
