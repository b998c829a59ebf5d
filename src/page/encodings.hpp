// The encodings of the web (WHATWG Encoding §4) and what decodes each.
//
// Threads: every function may be called from any thread.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace weft::page {

struct Encoding {
  enum class Kind : std::uint8_t {
    utf8,
    utf16le,
    utf16be,
    single_byte,
    multi_byte,
    replacement,
    user_defined
  };
  std::string_view name;
  Kind kind;
  const char* iconv;        // iconv's name; empty where we decode ourselves
  std::string_view labels;  // besides the name, separated by spaces
};

// By label or name, case and white space around it ignored; null where unknown.
const Encoding* find_encoding(std::string_view label);

// What the bytes 0x80 to 0xFF stand for.
using UpperHalf = std::array<char16_t, 128>;
const UpperHalf& upper_half(const Encoding& encoding);  // REQUIRES: a single-byte encoding

// Append the text in UTF-8, errors as U+FFFD.
void decode_upper_half(std::string_view body, const UpperHalf& table, std::string& out);
void decode_utf16(std::string_view body, bool big_endian, std::string& out);
void decode_multi_byte(std::string_view body, const Encoding& encoding, std::string& out);

}  // namespace weft::page
