// Text of a page made valid UTF-8: what is not becomes U+FFFD.
#pragma once

#include <string>
#include <string_view>

#include "weft/base/utf8.hpp"

namespace weft::page {

// Appends the character at the head of `text` and returns how many bytes of it that was.
// REQUIRES: `text` is not empty.
inline std::size_t append_utf8_char(std::string_view text, std::string& out) {
  const Utf8Char c = utf8_at(text, 0);
  out.append(c.valid ? text.substr(0, c.length) : kReplacementUtf8);
  return c.length;
}

inline void append_valid_utf8(std::string_view text, std::string& out) {
  const auto is_ascii = [](char c) { return static_cast<unsigned char>(c) < 0x80; };
  while (!text.empty()) {
    std::size_t size = 0;
    while (size < text.size() && is_ascii(text[size])) ++size;
    out.append(text.substr(0, size));
    text.remove_prefix(size);
    if (!text.empty()) text.remove_prefix(append_utf8_char(text, out));
  }
}

}  // namespace weft::page
