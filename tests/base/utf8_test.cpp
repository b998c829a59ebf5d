#include "weft/base/utf8.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

namespace weft {
namespace {

std::vector<char32_t> codes(std::string_view text) {
  std::vector<char32_t> all;
  for (std::size_t at = 0; at < text.size();) {
    const Utf8Char next = utf8_at(text, at);
    all.push_back(next.code);
    at += next.length;
  }
  return all;
}

using Codes = std::vector<char32_t>;

TEST_CASE("characters of one to four bytes are read whole") {
  CHECK(codes("a\xC3\xA9\xE2\x82\xAC\xF0\x9F\x95\xB8") == Codes{'a', 0xE9, 0x20AC, 0x1F578});
  CHECK(codes("\xF4\x8F\xBF\xBF") == Codes{0x10FFFF});
  CHECK(codes("\xEF\xBF\xBD") == Codes{0xFFFD});
  CHECK(utf8_at("\xEF\xBF\xBD", 0).valid);
}

TEST_CASE("each maximal ill-formed part is one replacement character") {
  struct Row {
    std::string_view text;
    Codes expected;
    const char* why;
  };
  const Row rows[] = {
      {"\x80", {0xFFFD}, "a continuation byte alone"},
      {"\xC0\xAF", {0xFFFD, 0xFFFD}, "overlong in two bytes: neither can begin anything"},
      {"\xE0\x80\xAF", {0xFFFD, 0xFFFD, 0xFFFD}, "overlong in three bytes"},
      {"\xED\xA0\x80", {0xFFFD, 0xFFFD, 0xFFFD}, "a surrogate"},
      {"\xF4\x90\x80\x80", {0xFFFD, 0xFFFD, 0xFFFD, 0xFFFD}, "past U+10FFFF"},
      {"\xF0\x9F\x95", {0xFFFD}, "cut at the end of the text"},
      {"\xF0\x9F\x95z", {0xFFFD, 'z'}, "cut by another character, which stays"},
      {"\xE2\x82\xE2\x82\xAC", {0xFFFD, 0x20AC}, "cut by a whole character"},
      {"\xFF\xFE", {0xFFFD, 0xFFFD}, "bytes that never occur"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.why);
    CHECK(codes(row.text) == row.expected);
  }
}

}  // namespace
}  // namespace weft
