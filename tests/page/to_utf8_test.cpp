#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "weft/base/utf8.hpp"
#include "weft/page/charset.hpp"

namespace weft {

namespace {

using namespace std::string_view_literals;

std::string decoded(std::string_view body, std::string_view encoding) {
  std::string buffer;
  return std::string(to_utf8(body, encoding, buffer));
}

}  // namespace

TEST_CASE("a UTF-8 body is returned where it stands, without its BOM") {
  std::string buffer = "as it was";
  const std::string_view body = "\xEF\xBB\xBF<p>\xFF";
  const std::string_view text = to_utf8(body, "utf-8", buffer);
  CHECK(text.data() == body.data() + 3);
  CHECK(text.size() == body.size() - 3);
  CHECK(buffer == "as it was");
}

TEST_CASE("single-byte encodings follow the standard's indexes") {
  CHECK(decoded("caf\xE9 \x93\x80\x94", "windows-1252") == "café “€”");
  // Microsoft's gaps are control characters (Encoding §9 index windows-1252).
  CHECK(decoded("\x81\x9D", "windows-1252") == "\xC2\x81\xC2\x9D");
  CHECK(decoded("\xF0\xD2", "koi8-r") == "Пр");
  CHECK(decoded("\xAE\xBE", "koi8-u") == "ўЎ");
  CHECK(decoded("\xC6\xDB\xF0", "macintosh") == "∆€\xEF\xA3\xBF");
  CHECK(decoded("\x80\xFF", "x-mac-cyrillic") == "А€");
  CHECK(decoded("\xA1\xDB", "windows-874") == "ก\xEF\xBF\xBD");
  CHECK(decoded("\xE0", "iso-8859-8-i") == "א");
  CHECK(decoded("\xA2", "iso-8859-16") == "ą");
  CHECK(decoded("\xAA", "windows-1253") == kReplacementUtf8);
}

TEST_CASE("a letter and the accent after it stay two characters") {
  // iconv would join them.
  CHECK(decoded("a\xCC", "windows-1258") == "a\u0300");
  CHECK(decoded("\xE9\xD1", "windows-1255") == "\u05D9\u05C1");
}

TEST_CASE("East Asian encodings are the web's supersets of their names") {
  CHECK(decoded("\x83\x65\x83\x58\x83\x67", "shift_jis") == "テスト");
  CHECK(decoded("\x87\x40\x5C~", "shift_jis") == "①\\~");
  CHECK(decoded("\xA5\xC6\xA5\xB9\xA5\xC8\x8E\xB1", "euc-jp") == "テストｱ");
  CHECK(decoded("\x1B$B%F%9%H\x1B(B a", "iso-2022-jp") == "テスト a");
  CHECK(decoded("\xC7\xD1\xB1\xDB\x81\x41", "euc-kr") == "한글갂");
  CHECK(decoded("\xA4\xA4\xA4\xE5", "big5") == "中文");
  CHECK(decoded("\xD6\xD0\xCE\xC4\x80", "gbk") == "中文€");
  CHECK(decoded("\x81\x30\x81\x30\x94\x39\xDA\x33", "gb18030") == "\u0080\U0001F4A9");
}

TEST_CASE("what cannot be decoded becomes U+FFFD and never swallows ASCII") {
  CHECK(decoded("\x81<a>", "shift_jis") == "\uFFFD<a>");
  CHECK(decoded("\xA4\"x", "euc-jp") == "\uFFFD\"x");
  CHECK(decoded("\xFF<\xFF", "gbk") == "\uFFFD<\uFFFD");
  CHECK(decoded("\xC7", "euc-kr") == "\uFFFD");
  CHECK(decoded("a\xC9\xA1\xC9", "euc-kr") == "a\uFFFD\uFFFD");
}

TEST_CASE("no two bytes swallow the tag after them, in any encoding based on ASCII") {
  std::string body;
  for (int first = 0; first < 256; ++first) {
    for (int second = 0; second < 256; ++second) {
      body += {static_cast<char>(first), static_cast<char>(second), '<'};
    }
  }
  const auto tags = std::count(body.begin(), body.end(), '<');
  for (const auto* encoding : {"gbk", "gb18030", "big5", "euc-jp", "shift_jis", "euc-kr"}) {
    CAPTURE(encoding);
    const auto text = decoded(body, encoding);
    CHECK(std::count(text.begin(), text.end(), '<') == tags);
  }
}

// glibc 2.36 consumes these two before it complains: past the end of the body, once.
TEST_CASE("A2 E8 in euc-kr is one U+FFFD, at the end of a page as well") {
  CHECK(decoded("\xA2\xE8", "euc-kr") == "\uFFFD");
  CHECK(decoded("\xA2\xE8<a>", "euc-kr") == "\uFFFD<a>");
}

TEST_CASE("UTF-16 loses its BOM, and lone halves become U+FFFD") {
  CHECK(decoded("\xFF\xFE<\0\xAC\x20"sv, "utf-16le") == "<€");
  CHECK(decoded("\xFE\xFF\0<\x20\xAC"sv, "utf-16be") == "<€");
  CHECK(decoded("\x3D\xD8\xA9\xDC"sv, "utf-16le") == "\U0001F4A9");
  CHECK(decoded("\x3D\xD8<\0"sv, "utf-16le") == "\uFFFD<");
  CHECK(decoded("\x3D\xD8\x3D\xD8\xA9\xDC"sv, "utf-16le") == "\uFFFD\U0001F4A9");
  CHECK(decoded("\xA9\xDC"sv, "utf-16le") == "\uFFFD");
  CHECK(decoded("\xD8\x3D"sv, "utf-16be") == "\uFFFD");
  CHECK(decoded("a\0b"sv, "utf-16le") == "a\uFFFD");
}

TEST_CASE("replacement is one U+FFFD, x-user-defined the private use area") {
  CHECK(decoded("<a href=x>", "replacement") == kReplacementUtf8);
  CHECK(decoded("", "replacement").empty());
  CHECK(decoded("a\x80\xFF", "x-user-defined") == "a\uF780\uF7FF");
}

TEST_CASE("threads that first meet an encoding at once all decode it") {
  std::array<std::string, 4> texts;
  {
    std::vector<std::jthread> threads;
    for (std::string& text : texts) {
      threads.emplace_back([&] {
        text = decoded("\xF0", "iso-8859-5") + decoded("\xE1", "iso-8859-14") +
               decoded("\xB1\xDB", "euc-kr");
      });
    }
  }
  for (const std::string& text : texts) CHECK(text == "№á글");
}

TEST_CASE("a body larger than any buffer inside is decoded whole") {
  std::string body;
  std::string expected;
  for (int i = 0; i < 20'000; ++i) {
    body += "ab\xA4\xA4";
    expected += "ab中";
  }
  CHECK(decoded(body, "big5") == expected);
}

}  // namespace weft
