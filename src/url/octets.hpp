// What each octet means inside a URL: one table, looked up once per octet.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace weft::url {

// WHATWG URL §1.3, the percent-encode sets, and the other questions the parser asks.
enum Octet : std::uint8_t {
  kPathSet = 1,        // is percent-encoded in a path
  kQuerySet = 2,       // in a query of http(s)
  kUserinfoSet = 4,    // in a user name or password
  kPathEnd = 8,        // ends a path segment: / \ ?
  kHostForbidden = 16  // forbidden domain code points, '%' among them; not ASCII
};

consteval std::array<std::uint8_t, 256> octet_table() {
  std::array<std::uint8_t, 256> table{};
  const auto mark = [&table](std::string_view octets, int bits) {
    for (const char c : octets) {
      auto& entry = table[static_cast<unsigned char>(c)];
      entry = static_cast<std::uint8_t>(entry | bits);
    }
  };
  for (std::size_t c = 0; c < 256; ++c) {
    if (c <= 0x20 || c >= 0x7f) {
      table[c] = kPathSet | kQuerySet | kUserinfoSet | kHostForbidden;
    }
  }
  mark("\"#<>", kPathSet | kQuerySet | kUserinfoSet);
  mark("'", kQuerySet);
  mark("?^`{}", kPathSet | kUserinfoSet);
  mark("/:;=@[\\]|", kUserinfoSet);
  mark("/\\?", kPathEnd);
  mark("#/:<>?@[\\]^|%", kHostForbidden);
  return table;
}

inline constexpr auto kOctets = octet_table();

constexpr bool is(char c, int bits) { return (kOctets[static_cast<unsigned char>(c)] & bits) != 0; }
constexpr bool is_slash(char c) { return c == '/' || c == '\\'; }  // in http(s) they are one

// Appends `text` with the octets of `set` percent-encoded.
void append_encoded(std::string& out, std::string_view text, Octet set);

}  // namespace weft::url
