// Text for people out of a page: white space folded, cut to a length in bytes.
#pragma once

#include <string>
#include <string_view>

#include "weft/base/text.hpp"

namespace weft::page {

inline constexpr std::size_t kMaxTitle = 500;
inline constexpr std::size_t kMaxAnchorText = 200;

// Appends `text`, valid UTF-8, to `out` until that holds `limit` bytes. Runs of white
// space become one space, none at the beginning. Does nothing once `out` is full, so
// that a page of text costs no more than its limit.
inline void append_folded(std::string_view text, std::size_t limit, std::string& out) {
  for (std::size_t i = 0; i < text.size() && out.size() < limit; ++i) {
    if (!is_ascii_space(text[i])) {
      out.push_back(text[i]);
    } else if (!out.empty() && out.back() != ' ') {
      out.push_back(' ');
    }
  }
}

// To be called once when no more text comes: no space at the end, no cut character.
inline void finish_folded(std::size_t limit, std::string& out) {
  const auto is_tail = [](char c) { return (static_cast<unsigned char>(c) & 0xC0) == 0x80; };
  if (out.size() >= limit) {
    std::size_t lead = out.size();
    while (lead > 0 && is_tail(out[lead - 1])) --lead;
    if (lead > 0) {
      const auto first = static_cast<unsigned char>(out[lead - 1]);
      const std::size_t size = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : first >= 0xC0 ? 2 : 1;
      if (lead - 1 + size > out.size()) out.resize(lead - 1);
    }
  }
  if (!out.empty() && out.back() == ' ') out.pop_back();
}

}  // namespace weft::page
