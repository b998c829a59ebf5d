// Named character references: what `&name;` stands for (HTML §13.5).
//
// Threads: plain functions over constant data.
#pragma once

#include <cstdint>
#include <string_view>

namespace weft::page {

struct NamedChar {
  std::string_view name;  // without '&' and ';'
  char32_t first = 0;
  char32_t second = 0;             // 0 where the name stands for one character
  bool without_semicolon = false;  // "&copy" counts as "&copy;" does
};

// nullptr where the standard has no such name. Names are told apart by case.
const NamedChar* find_named_char(std::string_view name);

// No name that counts without its semicolon is longer.
inline constexpr std::size_t kLongestBareName = 6;

extern const std::string_view kNamedChars;  // named_chars_table.cpp

}  // namespace weft::page
