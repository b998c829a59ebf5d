// What source text stands for: HTML §13.2.5.72-80 and §13.5.
#include "page/char_refs.hpp"

#include <doctest/doctest.h>

#include "page/named_chars.hpp"

namespace weft::page {

namespace {

std::string text(std::string_view source) {
  std::string out;
  decode(source, RefContext::text, out);
  return out;
}

std::string attribute(std::string_view source) {
  std::string out;
  decode(source, RefContext::attribute, out);
  return out;
}

}  // namespace

TEST_CASE("every name of the standard is known, the first and the last too") {
  CHECK(text("&AElig;") == "\xC3\x86");
  CHECK(text("&zwnj;") == "\xE2\x80\x8C");
  CHECK(text("&CounterClockwiseContourIntegral;") == "\xE2\x88\xB3");  // the longest
  CHECK(text("&gt;&GT;&lt") == ">><");
  CHECK(text("&nGt;") == "\xE2\x89\xAB\xE2\x83\x92");  // two characters
  CHECK(text("&fjlig;") == "fj");
  CHECK(find_named_char("zwnjx") == nullptr);
  CHECK(find_named_char("") == nullptr);
}

TEST_CASE("names are told apart by case, and unknown ones stay as they are") {
  CHECK(text("&Eacute;&eacute;") == "\xC3\x89\xC3\xA9");
  CHECK(text("&nosuch; &; & &a &CounterClockwiseContourIntegralx;") ==
        "&nosuch; &; & &a &CounterClockwiseContourIntegralx;");
}

TEST_CASE("some names count without a semicolon, the longest first") {
  CHECK(text("&copy2 &notit; &notin; &notin &ampamp;") ==
        "\xC2\xA9"
        "2 \xC2\xACit; \xE2\x88\x89 \xC2\xACin &amp;");
  CHECK(text("&hellip &hellip;") == "&hellip \xE2\x80\xA6");  // this one does not
}

TEST_CASE("in an attribute a name without semicolon ends only where no name could go on") {
  CHECK(attribute("?a=1&copy=2&lt=3") == "?a=1&copy=2&lt=3");
  CHECK(attribute("?a=1&copyright=2") == "?a=1&copyright=2");
  CHECK(attribute("?a=1&copy;=2") == "?a=1\xC2\xA9=2");
  CHECK(attribute("&copy/&copy") == "\xC2\xA9/\xC2\xA9");
  CHECK(attribute("&notit;") == "&notit;");
}

TEST_CASE("numbers stand for characters, and for U+FFFD where there is none") {
  CHECK(text("&#65;&#x42;&#X43;&#68") == "ABCD");
  CHECK(text("&#0;&#xD800;&#x110000;&#99999999999999999999;") ==
        "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD");
  CHECK(text("&#128;&#x9F;&#x81;") == "\xE2\x82\xAC\xC5\xB8\xC2\x81");  // as windows-1252
  CHECK(text("&#x1F600;") == "\xF0\x9F\x98\x80");
  CHECK(text("&#;&#x;&#xg;&#") == "&#;&#x;&#xg;&#");
}

TEST_CASE("newlines are one character, NUL and bytes that are not UTF-8 are U+FFFD") {
  CHECK(text("a\r\nb\rc\n") == "a\nb\nc\n");
  CHECK(text(std::string_view("a\0b", 3)) ==
        "a\xEF\xBF\xBD"
        "b");
  CHECK(text("\xC3\xA9\xFF\xE2\x82") == "\xC3\xA9\xEF\xBF\xBD\xEF\xBF\xBD");
}

TEST_CASE("text without any of that needs no decoding") {
  CHECK_FALSE(needs_decoding("/a?b=c#d\n"));
  for (const char* source : {"&", "\r", "\xC3\xA9"}) CHECK(needs_decoding(source));
  CHECK(needs_decoding(std::string_view("\0", 1)));
}

}  // namespace weft::page
