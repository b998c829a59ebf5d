#include "page/char_refs.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>

#include "page/named_chars.hpp"
#include "page/utf8_text.hpp"
#include "page/valid_utf8.hpp"
#include "weft/base/text.hpp"

namespace weft::page {

namespace {

// HTML §13.2.5.80: what pages that count in windows-1252 mean by &#128; to &#159;.
constexpr std::array<char16_t, 32> kC1Controls = {
    0x20AC, 0x81,   0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160,
    0x2039, 0x0152, 0x8D,   0x017D, 0x8F,   0x90,   0x2018, 0x2019, 0x201C, 0x201D, 0x2022,
    0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0x9D,   0x017E, 0x0178};

char32_t character_of_number(std::uint32_t number) {
  const bool surrogate = number >= 0xD800 && number <= 0xDFFF;
  if (number == 0 || number > 0x10FFFF || surrogate) return kReplacement;
  if (number >= 0x80 && number <= 0x9F) return kC1Controls[number - 0x80];
  return number;
}

// `ref` begins at '&'. The functions below return how many bytes they took; 0 where
// there is no reference and '&' is just that.
std::size_t decode_number(std::string_view ref, std::string& out) {
  std::size_t at = 2;
  const bool hexadecimal = at < ref.size() && ascii_lower(ref[at]) == 'x';
  if (hexadecimal) ++at;
  const std::uint32_t radix = hexadecimal ? 16 : 10;
  const std::size_t digits = at;
  std::uint32_t number = 0;
  for (; at < ref.size(); ++at) {
    if (hexadecimal ? hex_value(ref[at]) < 0 : !is_ascii_digit(ref[at])) break;
    // Past the last character there is: the value no longer matters, only that it is.
    if (number <= 0x10FFFF) number = number * radix + static_cast<unsigned>(hex_value(ref[at]));
  }
  if (at == digits) return 0;
  append_utf8(character_of_number(number), out);
  return at < ref.size() && ref[at] == ';' ? at + 1 : at;
}

void append_named(const NamedChar& named, std::string& out) {
  append_utf8(named.first, out);
  if (named.second != 0) append_utf8(named.second, out);
}

bool is_alphanumeric(char c) { return is_ascii_alpha(c) || is_ascii_digit(c); }

std::size_t decode_name(std::string_view ref, RefContext context, std::string& out) {
  constexpr std::size_t kLongestName = 31;
  std::size_t end = 1;
  while (end < ref.size() && end <= kLongestName && is_alphanumeric(ref[end])) ++end;
  if (end < ref.size() && ref[end] == ';') {
    if (const NamedChar* named = find_named_char(ref.substr(1, end - 1))) {
      append_named(*named, out);
      return end + 1;
    }
  }
  for (std::size_t size = std::min(end - 1, kLongestBareName); size >= 2; --size) {
    const NamedChar* named = find_named_char(ref.substr(1, size));
    if (named == nullptr || !named->without_semicolon) continue;
    const char next = size + 1 < ref.size() ? ref[size + 1] : '\0';
    if (context == RefContext::attribute && (next == '=' || is_alphanumeric(next))) return 0;
    append_named(*named, out);
    return size + 1;
  }
  return 0;
}

std::size_t decode_reference(std::string_view ref, RefContext context, std::string& out) {
  if (ref.size() < 2) return 0;
  if (ref.substr(0, 5) == "&amp;") {
    out.push_back('&');
    return 5;
  }
  return ref[1] == '#' ? decode_number(ref, out) : decode_name(ref, context, out);
}

constexpr auto kPlain = [] {
  std::array<bool, 256> plain{};
  for (std::size_t c = 1; c < 0x80; ++c) plain[c] = c != '&' && c != '\r';
  return plain;
}();

bool is_plain(char c) { return kPlain[static_cast<unsigned char>(c)]; }

}  // namespace

bool needs_decoding(std::string_view source) {
  // Eight at a time: has any its highest bit set, by itself or once it is 0 and 1 is taken?
  constexpr std::uint64_t kEach = 0x0101010101010101;
  std::uint64_t odd = 0;
  std::size_t at = 0;
  for (; at + 8 <= source.size(); at += 8) {
    std::uint64_t chars = 0;
    std::memcpy(&chars, source.data() + at, 8);
    odd |= chars | (chars - kEach) | ((chars ^ kEach * '&') - kEach) |
           ((chars ^ kEach * '\r') - kEach);
  }
  if ((odd & kEach * 0x80) != 0) return true;
  for (; at < source.size(); ++at) {
    if (!is_plain(source[at])) return true;
  }
  return false;
}

void decode(std::string_view source, RefContext context, std::string& out) {
  while (!source.empty()) {
    std::size_t size = 0;
    while (size < source.size() && is_plain(source[size])) ++size;
    out.append(source.substr(0, size));
    source.remove_prefix(size);
    if (source.empty()) return;
    const char c = source.front();
    size = 1;
    if (c == '&') {
      size = decode_reference(source, context, out);
      if (size == 0) out.push_back('&');
      size = std::max<std::size_t>(size, 1);
    } else if (c == '\r') {  // CR and CR LF are newlines
      if (source.size() < 2 || source[1] != '\n') out.push_back('\n');
    } else if (c == '\0') {
      append_utf8(kReplacement, out);
    } else {
      size = append_utf8_char(source, out);
    }
    source.remove_prefix(size);
  }
}

}  // namespace weft::page
