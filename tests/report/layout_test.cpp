#include "report/layout.hpp"

#include <doctest/doctest.h>

namespace weft {
namespace {

TEST_CASE("columns are those a terminal gives, not bytes") {
  CHECK(display_width("abc") == 3);
  CHECK(display_width("caf\xC3\xA9") == 4);
  CHECK(display_width("cafe\xCC\x81") == 4);              // a combining accent
  CHECK(display_width("\xE6\x97\xA5\xE6\x9C\xAC") == 4);  // two ideographs
  CHECK(display_width("\xF0\x9F\x95\xB8") == 2);          // an emoji
  CHECK(display_width("\xEF\xBD\xB1") == 1);              // half-width katakana
  CHECK(display_width("") == 0);
}

TEST_CASE("text is cut between characters, at the width or before it") {
  CHECK(cut_to_width("abcdef", 3) == "abc");
  CHECK(cut_to_width("abc", 3) == "abc");
  CHECK(cut_to_width("caf\xC3\xA9s", 4) == "caf\xC3\xA9");
  CHECK(cut_to_width("\xE6\x97\xA5\xE6\x9C\xAC", 3) == "\xE6\x97\xA5");  // no half ideograph
  CHECK(cut_to_width("e\xCC\x81x", 1) == "e\xCC\x81");                   // the accent stays
  CHECK(cut_to_width("abc", 0).empty());
}

TEST_CASE("nothing from outside can steer the terminal") {
  CHECK(printable("a\x1b[2Jb\r\n\x7f\xC2\x9B"
                  "c\xFF") == "a?[2Jb????c?");
  CHECK(printable("caf\xC3\xA9") == "caf\xC3\xA9");
}

TEST_CASE("one thing is counted in the singular") {
  CHECK(counted(0, "page") == "0 pages");
  CHECK(counted(1, "page") == "1 page");
  CHECK(counted(2, "page") == "2 pages");
}

TEST_CASE("labelled text is broken at spaces and goes on beneath itself") {
  CHECK(labelled("why", "one two three four", 7, 16) ==
        "  why  one two\n"
        "       three\n"
        "       four\n");
  CHECK(labelled("why", "exactly 9", 7, 16) == "  why  exactly 9\n");
  CHECK(labelled("why", "a-word-that-is-longer-than-the-line b", 7, 16) ==
        "  why  a-word-that-is-longer-than-the-line\n"
        "       b\n");
}

}  // namespace
}  // namespace weft
