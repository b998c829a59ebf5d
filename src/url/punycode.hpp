// Punycode, RFC 3492: Unicode within ASCII. libidn2 keeps its own to itself, and to
// labels that DNS could hold.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace weft::url {

// Labels longer than this are refused: no name is, and the work grows with the square.
inline constexpr std::size_t kMaxLabel = 1024;  // code points

// Both without the "xn--".
// REQUIRES: label.size() <= kMaxLabel
void append_punycode(std::string& out, std::u32string_view label);
std::optional<std::u32string> from_punycode(std::string_view text);

}  // namespace weft::url
