#include "weft/base/text.hpp"

#include <doctest/doctest.h>

namespace weft {
namespace {

TEST_CASE("lower case is ASCII's alone") {
  CHECK(to_lower("AZaz09-_@[`{") == "azaz09-_@[`{");
  CHECK(to_lower("\xc3\x84") == "\xc3\x84");  // Ä stays as it is
}

TEST_CASE("the classes of characters end where they should") {
  for (int i = 0; i < 256; ++i) {
    const char c = static_cast<char>(i);
    CAPTURE(i);
    CHECK(is_ascii_digit(c) == (i >= 0x30 && i <= 0x39));
    CHECK(is_ascii_alpha(c) == ((i >= 0x41 && i <= 0x5a) || (i >= 0x61 && i <= 0x7a)));
    // Infra §4.6: no vertical tab.
    CHECK(is_ascii_space(c) == (i == 0x09 || i == 0x0a || i == 0x0c || i == 0x0d || i == 0x20));
  }
}

TEST_CASE("hexadecimal digits have values, everything else -1") {
  CHECK(hex_value('0') == 0);
  CHECK(hex_value('9') == 9);
  CHECK(hex_value('a') == 10);
  CHECK(hex_value('F') == 15);
  for (const char c : {'g', 'G', '/', ':', '@', '`', ' ', '\0'}) CHECK(hex_value(c) == -1);
}

TEST_CASE("texts are compared whatever their ASCII case") {
  CHECK(equals_ignoring_case("Content-Type", "content-TYPE"));
  CHECK(equals_ignoring_case("", ""));
  CHECK_FALSE(equals_ignoring_case("Content-Type", "Content-Typ"));
  CHECK_FALSE(equals_ignoring_case("[", "{"));  // 0x20 apart, but not letters
  CHECK(starts_with_ignoring_case("NoIndex, follow", "noindex"));
  CHECK_FALSE(starts_with_ignoring_case("no", "noindex"));
}

TEST_CASE("trimming takes ASCII whitespace from both ends and nothing else") {
  CHECK(trim(" \t\n\f\r a b \r\n") == "a b");
  CHECK(trim(" \t") == "");
  CHECK(trim("") == "");
  CHECK(trim("\va\v") == "\va\v");
  CHECK(trim("\xc2\xa0x") == "\xc2\xa0x");  // a no-break space is not ASCII
}

}  // namespace
}  // namespace weft
