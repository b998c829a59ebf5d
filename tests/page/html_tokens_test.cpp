// The tokenizer of HTML §13.2.5, where markup is not what it seems.
#include "page/html_tokens.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "page/link_list.hpp"

namespace weft::page {

namespace {

// One line a token; hrefs in brackets.
test::Lines tokens_of(std::string_view html, bool foreign = false) {
  test::Lines lines;
  Element element;
  HtmlTokens tokens(html);
  tokens.set_foreign(foreign);
  for (Token token = tokens.next(element); token != Token::end; token = tokens.next(element)) {
    const std::string name(tokens.name());
    const std::string text(tokens.text());
    if (token == Token::text) lines.push_back("'" + text + "'");
    if (token == Token::cdata) lines.push_back("[" + text + "]");
    if (token == Token::end_tag) lines.push_back("/" + name);
    if (token != Token::start_tag) continue;
    const std::string href(element.value(Attr::href));
    lines.push_back(name + (element.has(Attr::href) ? "(" + href + ")" : "") +
                    (tokens.is_self_closing() ? "/" : ""));
  }
  return lines;
}

std::string script_of(std::string_view html) {
  HtmlTokens tokens(html);
  return std::string(tokens.take_script());
}

}  // namespace

TEST_CASE("tags, text and attributes in their usual spellings") {
  CHECK(tokens_of("a<P>b</p >") == test::Lines{"'a'", "P", "'b'", "/p"});
  CHECK(tokens_of("<a href=x><a href='x'><a href=\"x\"><a href = x ><a\nhref\n=\nx\n>") ==
        test::Lines{"a(x)", "a(x)", "a(x)", "a(x)", "a(x)"});
  CHECK(tokens_of("<br/><br /><a href=x/><a href=\"x\"/><a / href=x>") ==
        test::Lines{"br/", "br/", "a(x/)", "a(x)/", "a(x)"});
}

TEST_CASE("attributes in unusual spellings (§13.2.5.32-39)") {
  CHECK(tokens_of("<a href><a href=><a href=''>") == test::Lines{"a()", "a()", "a()"});
  CHECK(tokens_of("<a HREF=1 href=2>") == test::Lines{"a(1)"});
  CHECK(tokens_of("<a class='x'href=1>") == test::Lines{"a(1)"});
  CHECK(tokens_of("<a =href=no href=1>") == test::Lines{"a(1)"});
  CHECK(tokens_of("<a b'c href=\"a>b\">") == test::Lines{"a(a>b)"});
  CHECK(tokens_of("<a href=a'b\"c=d<e>") == test::Lines{"a(a'b\"c=d<e)"});
  CHECK(tokens_of("<a/href=1/b>") == test::Lines{"a(1/b)"});
  CHECK(tokens_of("<a href=a&amp;b>") == test::Lines{"a(a&b)"});
}

TEST_CASE("'<' begins a tag only before a letter (§13.2.5.6)") {
  CHECK(tokens_of("a < b <3 <<p>") == test::Lines{"'a '", "'< b '", "'<3 '", "'<'", "p"});
  CHECK(tokens_of("<>") == test::Lines{"'<>'"});
  CHECK(tokens_of("<") == test::Lines{"'<'"});
  CHECK(tokens_of("</") == test::Lines{"'</'"});
  CHECK(tokens_of("</>x</ no>y<?no>z") == test::Lines{"'x'", "'y'", "'z'"});
}

TEST_CASE("a tag cut by the end of the page is none") {
  for (const char* cut : {"<a", "<a ", "<a href", "<a href=", "<a href=x", "<a href='x",
                          "<a href='x'", "<a /", "</a", "</a "}) {
    CAPTURE(cut);
    CHECK(tokens_of(cut) == test::Lines{});
  }
}

TEST_CASE("comments end where the standard ends them (§13.2.5.43-51)") {
  CHECK(tokens_of("<!-- no -->x") == test::Lines{"'x'"});
  CHECK(tokens_of("<!-->x<!--->y<!---->z") == test::Lines{"'x'", "'y'", "'z'"});
  CHECK(tokens_of("<!-- no --!>x") == test::Lines{"'x'"});
  CHECK(tokens_of("<!-- no ->no--->x") == test::Lines{"'x'"});
  CHECK(tokens_of("<!--!>no-->x") == test::Lines{"'x'"});
  CHECK(tokens_of("<!---!>no-->x") == test::Lines{"'x'"});
  CHECK(tokens_of("<!-- no -- >no") == test::Lines{});
  CHECK(tokens_of("<!doctype html \"a>b\">c") == test::Lines{"'b\">c'"});
  CHECK(tokens_of("<!no>x") == test::Lines{"'x'"});
}

TEST_CASE("CDATA sections are text in foreign content, comments elsewhere") {
  CHECK(tokens_of("<![CDATA[a>b]]]>c", true) == test::Lines{"[a>b]]", "'c'"});
  CHECK(tokens_of("<![CDATA[a>b]]>c") == test::Lines{"'b]]>c'"});
  CHECK(tokens_of("<![CDATA[a", true) == test::Lines{"[a]"});
}

TEST_CASE("raw text ends at its own end tag only") {
  HtmlTokens tokens("a<b></titles></ title></TITLE x=1>c");
  Element element;
  CHECK(tokens.take_raw_text("title") == "a<b></titles></ title>");
  CHECK(tokens.next(element) == Token::end_tag);
  CHECK(tokens.tag() == Tag::title);
  CHECK(tokens.next(element) == Token::text);
  CHECK(HtmlTokens("a</title").take_raw_text("title") == "a</title");
}

TEST_CASE("a script ends at its end tag, but not where a comment hides one (§13.2.5.15-31)") {
  CHECK(script_of("if (a<b) '<p>'</script>x") == "if (a<b) '<p>'");
  CHECK(script_of("<!-- a </script>x") == "<!-- a ");
  CHECK(script_of("<!-- <script> a </script> b </script>x") == "<!-- <script> a </script> b ");
  CHECK(script_of("<!-- <script> --> a </script>x") == "<!-- <script> --> a ");
  CHECK(script_of("<!--> <script> </script>x") == "<!--> <script> ");
  CHECK(script_of("<!---> <script> </script>x") == "<!---> <script> ");
  CHECK(script_of("<!-- <scripts> </script>x") == "<!-- <scripts> ");
  CHECK(script_of("<!-- <script/ </script> --> </script>x") == "<!-- <script/ </script> --> ");
  CHECK(script_of("<!-- <script> </script> <script> </script> </script>x") ==
        "<!-- <script> </script> <script> </script> ");
  CHECK(script_of("a</scripty></ script></SCRIPT >x") == "a</scripty></ script>");
}

}  // namespace weft::page
