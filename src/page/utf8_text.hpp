// Writing UTF-8; reading it is base/utf8.hpp.
#pragma once

#include <string>

namespace weft::page {

// REQUIRES: `c` is a scalar value (no surrogate, at most U+10FFFF).
inline void append_utf8(char32_t c, std::string& out) {
  const auto byte = [](char32_t bits) { return static_cast<char>(bits); };
  if (c < 0x80) {
    out += byte(c);
  } else if (c < 0x800) {
    out += {byte(0xC0 | c >> 6), byte(0x80 | (c & 0x3F))};
  } else if (c < 0x10000) {
    out += {byte(0xE0 | c >> 12), byte(0x80 | (c >> 6 & 0x3F)), byte(0x80 | (c & 0x3F))};
  } else {
    out += {byte(0xF0 | c >> 18), byte(0x80 | (c >> 12 & 0x3F)), byte(0x80 | (c >> 6 & 0x3F)),
            byte(0x80 | (c & 0x3F))};
  }
}

}  // namespace weft::page
