#include <doctest/doctest.h>

#include "page/link_list.hpp"

namespace weft::test {

using namespace std::string_view_literals;

namespace {

Lines links_of_css(std::string_view css) {
  LinkList links;
  read_css(css, links);
  return lines_of(links);
}

}  // namespace

TEST_CASE("url() is read with quotes and without") {
  CHECK(links_of_css("a{b:url(1) url('2') url(\"3\") url( 4 ) url( '5' )}") ==
        Lines{"css 1", "css 2", "css 3", "css 4", "css 5"});
  CHECK(links_of_css("a{b:URL(1)} @font-face{src:url(2)format('woff'),url('3')}") ==
        Lines{"css 1", "css 2", "css 3"});
  CHECK(links_of_css("a{b:url(1") == Lines{"css 1"});
  CHECK(links_of_css("a{b:url('1") == Lines{"css 1"});
}

TEST_CASE("@import is read from a string and from url()") {
  CHECK(links_of_css(
            "@import '1'; @IMPORT \"2\" screen; @import url(3) layer(x); @import/**/url('4');") ==
        Lines{"import 1", "import 2", "import 3", "import 4"});
  CHECK(links_of_css("@importance '1'; @media 'x' { a{b:url(2)} }") == Lines{"css 2"});
  CHECK(links_of_css("@import; a{content:'no'}") == Lines{});
}

TEST_CASE("comments and strings hide what looks like a link") {
  CHECK(links_of_css("/* url(no) @import 'no'; */a{content:'url(no)'}/**/b{c:url(1)}/* url(no)") ==
        Lines{"css 1"});
  CHECK(links_of_css("a{content:'\\'url(no)'} b{c:url(1)}") == Lines{"css 1"});
}

TEST_CASE("a string ends with its line, unless that is escaped (CSS Syntax 3 §4.3.5)") {
  CHECK(links_of_css("a{content:'open\n} b{c:url(1)}") == Lines{"css 1"});
  CHECK(links_of_css("@import 'a\\\nb\\\r\nc';") == Lines{"import abc"});
  CHECK(links_of_css("@import 'open\n; b{c:url(1)}") == Lines{"css 1"});
}

TEST_CASE("escapes stand for characters in names, strings and URLs (§4.3.7)") {
  CHECK(links_of_css("a{b:\\75rl(1) u\\72 l(2) url(a\\)b) url('\\e9 x') url(a\\20 b)}") ==
        Lines{"css 1", "css 2", "css a)b", "css \xC3\xA9x", "css a b"});
  CHECK(links_of_css("a{b:url(\\0) url('\\110000') url('\\d800')}") ==
        Lines{"css \xEF\xBF\xBD", "css \xEF\xBF\xBD", "css \xEF\xBF\xBD"});
}

TEST_CASE("only url is url: not names and numbers that end so, nor a namespace's name") {
  CHECK(links_of_css("a{b:curl(no) -url(no) 3url(no) #url(no) my-url(no)} c{d:url(1)}") ==
        Lines{"css 1"});
  CHECK(links_of_css("@namespace svg url(http://www.w3.org/2000/svg); a{b:url(1)}") ==
        Lines{"css 1"});
}

TEST_CASE("a url() with what may not stand in it is none (§4.3.6)") {
  CHECK(links_of_css("a{b:url(x\"y) url(1)}") == Lines{"css 1"});
  CHECK(links_of_css("a{b:url(x y) url(1)}") == Lines{"css 1"});
  CHECK(links_of_css("a{b:url(x(y\\)z) url(1)}") == Lines{"css 1"});
}

TEST_CASE("empty URLs, fragments of the document and data: URLs are no links") {
  CHECK(links_of_css("a{b:url() url('') url(#x) url(data:image/png;base64,AA==) url('data:,x')}") ==
        Lines{});
}

TEST_CASE("a style sheet's links resolve against the style sheet, a page's against its base") {
  LinkList links;
  read_css("a{b:url(1)}", links);
  CHECK(links.at(0).is_target_base);
  CHECK_FALSE(read_both("<style>a{b:url(1)}</style>").links.at(0).is_target_base);
}

TEST_CASE("a style sheet that is not UTF-8 gives references that are") {
  CHECK(links_of_css("a{b:url(x\xFF) url('y\0z')}"sv) ==
        Lines{"css x\xEF\xBF\xBD", "css y\xEF\xBF\xBDz"});
}

}  // namespace weft::test
