#include "weft/base/shown.hpp"

#include <doctest/doctest.h>

namespace weft {
namespace {

TEST_CASE("a message shows text as it is") {
  CHECK(shown("").empty());
  CHECK(shown("a b\xC3\xA9") == "a b\xC3\xA9");
}

TEST_CASE("a message shows nothing that can move the terminal's cursor") {
  CHECK(shown("\x1b[2Ja\rb\x7f") == "?[2Ja?b?");
  CHECK(shown("\xC2\x9B"
              "2J") == "?2J");  // the C1 control that begins a sequence
  CHECK(shown(std::string_view("a\0b", 3)) == "a?b");
}

TEST_CASE("a message shows UTF-8 whatever the text is, and only its beginning") {
  CHECK(shown("a\xE9z") == "a?z");
  CHECK(shown(std::string(500, 'x')) == std::string(100, 'x') + "...");
  CHECK(shown(std::string(99, 'x') + "\xC3\xA9y") == std::string(99, 'x') + "\xC3\xA9...");
}

}  // namespace
}  // namespace weft
