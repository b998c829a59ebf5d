// What a message shows of a text that may be anything: a bad line, a file that is no list.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "weft/base/utf8.hpp"

namespace weft {

// The beginning of `text`, some 100 bytes; what could move a terminal's cursor or is not UTF-8
// shows as '?'.
inline std::string shown(std::string_view text) {
  constexpr std::size_t kMost = 100;
  std::string safe;
  for (std::size_t at = 0; at < text.size();) {
    if (at >= kMost) return safe + "...";
    const Utf8Char c = utf8_at(text, at);
    const bool control = c.code < 0x20 || (c.code >= 0x7F && c.code < 0xA0);
    if (c.valid && !control) {
      safe += text.substr(at, c.length);
    } else {
      safe += '?';
    }
    at += c.length;
  }
  return safe;
}

}  // namespace weft
