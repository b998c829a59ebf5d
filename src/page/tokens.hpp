// Small readers over text that several of this room's parsers are written with.
#pragma once

#include <string_view>

#include "weft/base/text.hpp"

namespace weft::page {

// Takes the front of `rest` for as long as `holds`.
template <class Predicate>
std::string_view take_while(std::string_view& rest, Predicate holds) {
  std::size_t size = 0;
  while (size < rest.size() && holds(rest[size])) ++size;
  const std::string_view taken = rest.substr(0, size);
  rest.remove_prefix(size);
  return taken;
}

inline void skip_space(std::string_view& rest) { take_while(rest, is_ascii_space); }

// The next run of characters that are no separators; empty at the end.
template <class Predicate>
std::string_view next_token(std::string_view& rest, Predicate is_separator) {
  take_while(rest, is_separator);
  return take_while(rest, [&](char c) { return !is_separator(c); });
}

// True and past it where `rest` begins with `expected`.
inline bool take(std::string_view& rest, char expected) {
  if (rest.empty() || rest.front() != expected) return false;
  rest.remove_prefix(1);
  return true;
}

// A data: URL is its own content: nothing to fetch, and often most of a page's bytes.
inline bool is_data_url(std::string_view reference) {
  return starts_with_ignoring_case(trim(reference.substr(0, 64)), "data:");
}

}  // namespace weft::page
