// Encodings of several bytes a character: UTF-16 by hand, the East Asian ones by iconv.
#include <algorithm>
#include <cerrno>
#include <cstddef>

#include "page/encodings.hpp"
#include "page/iconv_handle.hpp"
#include "page/utf8_text.hpp"
#include "weft/base/utf8.hpp"

namespace weft::page {

namespace {

constexpr bool is_lead_surrogate(char32_t unit) { return unit >= 0xD800 && unit < 0xDC00; }
constexpr bool is_surrogate(char32_t unit) { return unit >= 0xD800 && unit < 0xE000; }

// How much of `rest` stands for nothing: its first byte, and the second unless that is
// ASCII, which must never be swallowed (§5: it may be the '<' or the quote of a tag).
std::size_t bad_sequence_size(std::string_view rest) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(rest[i]); };
  const bool trail = rest.size() > 1 && byte(0) > 0x80 && byte(0) < 0xFF && byte(1) >= 0x80;
  return std::min<std::size_t>(trail ? 2 : 1, rest.size());
}

bool starts_plainly(std::string_view rest) {
  return !rest.empty() && static_cast<unsigned char>(rest[0]) < 0x80 && rest[0] != '\x1B';
}

}  // namespace

void decode_utf16(std::string_view body, bool big_endian, std::string& out) {
  const auto unit_at = [&](std::size_t i) -> char32_t {
    const auto first = static_cast<unsigned char>(body[i]);
    const auto second = static_cast<unsigned char>(body[i + 1]);
    return big_endian ? char32_t{first} << 8 | second : char32_t{second} << 8 | first;
  };
  std::size_t i = 0;
  for (; i + 1 < body.size(); i += 2) {
    char32_t c = unit_at(i);
    if (is_surrogate(c)) {
      const char32_t trail = i + 3 < body.size() ? unit_at(i + 2) : 0;
      if (is_lead_surrogate(c) && is_surrogate(trail) && !is_lead_surrogate(trail)) {
        c = 0x10000 + ((c - 0xD800) << 10) + (trail - 0xDC00);
        i += 2;
      } else {
        c = kReplacement;
      }
    }
    append_utf8(c, out);
  }
  if (i < body.size()) append_utf8(kReplacement, out);
}

void decode_multi_byte(std::string_view body, const Encoding& encoding, std::string& out) {
  const IconvHandle handle("UTF-8", encoding.iconv);
  if (!handle.is_open()) {
    UpperHalf nothing;
    nothing.fill(static_cast<char16_t>(kReplacement));
    return decode_upper_half(body, nothing, out);
  }
  const auto convert = [&](char** from, std::size_t* from_left) {
    char chunk[16 * 1024];
    char* to = chunk;
    std::size_t to_left = sizeof chunk;
    const std::size_t result = ::iconv(handle.get(), from, from_left, &to, &to_left);
    const int error = result == static_cast<std::size_t>(-1) ? errno : 0;
    out.append(chunk, sizeof chunk - to_left);
    return error;
  };
  // iconv reads only, whatever its signature says.
  char* from = const_cast<char*>(body.data());
  std::size_t left = body.size();
  while (left > 0) {
    const std::size_t before = left;
    const int error = convert(&from, &left);
    if (error == 0 || error == E2BIG) continue;
    // The standard has Microsoft's euro sign in gb18030 and gbk; iconv does not (§10.2.1).
    const std::string_view rest(from, left);
    const bool euro = rest.starts_with('\x80') && encoding.name.starts_with("gb");
    append_utf8(euro ? U'\u20AC' : kReplacement, out);
    // glibc's UHC stops behind the bad sequence A2 E8, not at it as it should.
    if (left < before && starts_plainly(rest)) continue;
    const std::size_t bad = bad_sequence_size(rest);
    from += bad;
    left -= bad;
  }
  convert(nullptr, nullptr);  // what iconv held back, waiting for an accent
}

}  // namespace weft::page
