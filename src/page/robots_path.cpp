#include "page/robots_path.hpp"

#include <algorithm>
#include <array>
#include <cstddef>

#include "weft/base/text.hpp"

namespace weft::page {

namespace {

enum class Octet : std::uint8_t {
  unreserved,       // plain, however written
  reserved,         // as written
  query_delimiter,  // reserved, but plain or encoded alike in a query
  encoded,          // percent-encoded, however written
};

constexpr std::array<Octet, 256> kOctets = [] {
  std::array<Octet, 256> octets{};
  for (std::size_t i = 0; i < octets.size(); ++i) {
    const char c = static_cast<char>(i);
    octets[i] = is_ascii_alpha(c) || is_ascii_digit(c) ? Octet::unreserved : Octet::encoded;
  }
  for (const char c : std::string_view("-._~")) octets[static_cast<unsigned char>(c)] = {};
  // '*' and '$' are reserved too, but a literal one is encoded; '#', '[' and ']' cannot
  // stand in a path.
  for (const char c : std::string_view("!&'()+,;=")) {
    octets[static_cast<unsigned char>(c)] = Octet::reserved;
  }
  for (const char c : std::string_view("/:?@")) {
    octets[static_cast<unsigned char>(c)] = Octet::query_delimiter;
  }
  return octets;
}();

Octet kind_of(char c) { return kOctets[static_cast<unsigned char>(c)]; }

void append_encoded(std::string& out, char c) {
  static constexpr std::string_view kHex = "0123456789ABCDEF";
  const auto octet = static_cast<unsigned char>(c);
  out += {'%', kHex[octet >> 4], kHex[octet & 15]};
}

bool is_escape(std::string_view text, std::size_t at) {
  return text[at] == '%' && at + 2 < text.size() && hex_value(text[at + 1]) >= 0 &&
         hex_value(text[at + 2]) >= 0;
}

}  // namespace

std::string normal_robots_path(std::string_view text, RobotsText kind) {
  std::string out;
  out.reserve(text.size());
  bool in_query = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool escaped = is_escape(text, i);
    const bool last = i + 1 == text.size();
    char c = text[i];
    if (escaped) {
      c = static_cast<char>(hex_value(text[i + 1]) * 16 + hex_value(text[i + 2]));
      i += 2;
    }
    const Octet octet = kind_of(c);
    const bool plain_in_query =
        octet == Octet::query_delimiter && in_query && kind != RobotsText::query_as_written;
    const bool special =
        kind == RobotsText::pattern && !escaped && (c == '*' || (c == '$' && last));
    if (octet == Octet::unreserved || special || plain_in_query ||
        (!escaped && octet != Octet::encoded)) {
      out += c;
    } else {
      append_encoded(out, c);
    }
    in_query = in_query || (c == '?' && !escaped);
  }
  return out;
}

bool is_normal_robots_target(std::string_view target) {
  return std::all_of(target.begin(), target.end(),
                     [](char c) { return kind_of(c) != Octet::encoded; });
}

}  // namespace weft::page
