// Where the scan leaves a page to gumbo (src/page/scan_doubt.hpp), rule by rule: each page
// here would be read wrongly without its rule; and where it is certain, which it must be of
// nearly all pages.
#include <doctest/doctest.h>

#include "page/link_list.hpp"

namespace weft::test {

namespace {

struct Row {
  const char* html;
  const char* doubt;
  bool anchor_text = false;
};

// The page is left to gumbo for this reason, and rightly: the scan differs from the tree.
void check_left(const std::string& html, std::string_view doubt, bool anchor_text = false) {
  const ReadOptions options{.anchor_text = anchor_text};
  CAPTURE(html);
  const PageLinks tree = read_html(html, with_tree(options));
  CHECK(first_difference(read_html(html, with_scan(options)), tree) != "");
  const PageLinks page = read_html(html, options);
  CHECK(page.doubt == doubt);
  CHECK(page.reader == Reader::gumbo);
  CHECK(first_difference(page, tree) == "");
}

void check_left(const std::vector<Row>& rows) {
  for (const Row& row : rows) check_left(row.html, row.doubt, row.anchor_text);
}

void check_certain(const std::string& html, bool anchor_text = true) {
  const ReadOptions options{.anchor_text = anchor_text};
  CAPTURE(html);
  const PageLinks page = read_html(html, options);
  CHECK(page.doubt == "");
  CHECK(page.reader == Reader::scan);
  CHECK(first_difference(page, read_html(html, with_tree(options))) == "");
}

}  // namespace

TEST_CASE("an ordinary page is read by the scan") {
  check_certain(
      "<!DOCTYPE html><html lang=en style='background:url(1)'><head><meta charset=utf-8>"
      "<title>A &amp; B</title><base href=/b/><link rel=stylesheet href=a.css><style>a{b:url(c)}"
      "</style><script src=s></script><noscript><link rel=icon href=i></noscript></head>"
      "<body style='background:url(2)'><nav><ul><li><a href=1>One <b>and</b> more</a>"
      "<li><a href=2>Two</a></ul></nav><p>Text<p>more <a href=3><code><span>f</span></code></a></p>"
      "<table><thead><tr><th>h<tbody><tr><td><a href=4>x</a></td><td style='a:url(5)'>y</table>"
      "<form action=/go><input name=q><select><option selected>o</select></form>"
      "<a href=6><svg viewBox='0 0 1 1'><title>t</title><path d='M0 0'/></svg> icon</a>"
      "<a href=7><div><h3>card</h3><img src=8></div></a><my-menu><a href=9><x-y>z</x-y></a>"
      "</my-menu></body></html>\n");
  check_certain("");
  check_certain("text");
  check_certain("<a href=1>no html, no body</a>");
}

TEST_CASE("a page with a NUL is left to gumbo, wherever that stands") {
  // Here it makes no difference; in a title or an anchor's text it would.
  const PageLinks page = read_html(std::string("<a href=1>x</a>\0", 16), {});
  CHECK(page.doubt == "NUL bytes");
  CHECK(page.reader == Reader::gumbo);
  CHECK(read_html(std::string("<a href=1>\0x</a>", 16), with_tree({.anchor_text = true}))
            .links.at(0)
            .text == "x");
}

TEST_CASE("a page that ends within markup is left to gumbo") {
  for (const char* html : {"<a href=1>x</a><!--", "<a href=1>x</a><a href=2", "<title>t",
                           "<a href=1>x</a><script>", "<style>@import 'a", "<a href='"}) {
    CAPTURE(html);
    CHECK(read_html(html, {}).doubt == "ends within markup");
  }
}

TEST_CASE("an end tag without a name spoils the next tag's") {
  check_left({
      {"<svg></><use href=1></use></svg>", "an end tag without a name"},
      {"</><svg></svg><image src=1>", "an end tag without a name"},
  });
}

TEST_CASE("an attribute that is repeated without a value costs the next one its name") {
  check_left({
      {"<a x x href=1>x</a>", "a repeated attribute without a value"},
      {"<a x=1 X/href=1>x</a>", "a repeated attribute without a value"},
      {"<a \xFF=1 \xFE href=1>x</a>", "a repeated attribute without a value"},
  });
  CHECK(read_html("<a a b c d e f g h i j k l m n o p q r s href=1>", {}).doubt ==
        "a repeated attribute without a value");
  check_certain("<a x x=2 href=1 href=2>x</a><script async defer src=3></script><a x><b x>");
}

TEST_CASE("html, head and body that come too late give their attributes to others, or none") {
  check_left({
      {"<a href=1>x</a><body background=2>", "attributes of html, head or body in an odd place"},
      {"<body background=1><body background=2>",
       "attributes of html, head or body in an odd place"},
      {"<p><a href=1>x</a><html style='background:url(2)'>",
       "attributes of html, head or body in an odd place"},
      {"<head><link href=1><head style='background:url(2)'>",
       "attributes of html, head or body in an odd place"},
      {"<head><noscript><noscript style='background:url(1)'></noscript></head>",
       "attributes of html, head or body in an odd place"},
  });
  check_certain("<html style='a:url(1)'><head style='a:url(2)'></head><body background=3><p>");
  check_certain("<title>t</title><body background=1><body class=x><html class=y><p>");
}

TEST_CASE("a frameset takes the place of the body, or is dropped") {
  check_left({
      {"<img src=1><frameset><frame src=2></frameset>", "frameset"},
      {"<frameset><frame src=1></frameset><a href=2>x</a>", "frameset"},
  });
  check_certain("<frame src=1><a href=2>x</a>");  // dropped by both
}

TEST_CASE("gumbo builds a form out of isindex") { check_left("<isindex action=1>", "isindex"); }

TEST_CASE("plaintext is left to gumbo") {
  CHECK(read_html("<plaintext><a href=1>x", {}).doubt == "plaintext");
}

TEST_CASE("within select nothing counts but its options") {
  check_left({
      {"<select><a href=1>x</a></select>", "tags within select"},
      {"<select><option><img src=1></select>", "tags within select"},
      {"<select><title><a href=1>x</a></title></select>", "tags within select"},
      {"<select><textarea><a href=1>x</a></textarea></select><select><style></select>"
       "<a href=2>x</a></style>",
       "tags within select"},
  });
  check_certain("<select><optgroup style='a:url(1)'><option>o<option>p</optgroup></select>", false);
}

TEST_CASE("what is in a table but in none of its cells is moved before it") {
  check_left({
      {"<table background=1><tr background=2><a href=3>x</a></table>",
       "content of a table outside its cells"},
      {"<p><b></p><table background=1>&nbsp;<script src=2></script></table>",
       "content of a table outside its cells"},
      {"<table background=1><caption>c</caption><img src=2></table>",
       "content of a table outside its cells"},
      {"<table><td background=1></td><meta http-equiv=refresh content='0;url=2'></table>",
       "content of a table outside its cells"},
  });
  check_certain(
      "<table background=1> <!-- c --> <script src=2></script><style>a{b:url(3)}</style><form "
      "action=4><input type=Hidden><template><a href=no></a></template><tr><td><a href=5>x</a>"
      "</form></table>");
}

TEST_CASE("an empty paragraph is moved before its table and takes nothing along") {
  check_certain(
      "<p>a<table><tr><td><a href=1>x</a></td></tr>\n<p><br>\n</p>\n<tr><td><a href=2>y</a>"
      "<p></p><td><img src=3></table><a href=4>z</a>");
  check_certain("<i><table><tr><td><table><tr></i><p><BR/></p><td><img src=1></table>");
  check_left({
      {"<table style='a:url(1)'><p style='a:url(2)'></p></table>",
       "content of a table outside its cells"},
      {"<table background=1><p><br><img src=2></p></table>",
       "content of a table outside its cells"},
      {"<table background=1><tr></tr><p>&nbsp;<img src=2></p></table>",
       "content of a table outside its cells"},
  });
  const auto doubt = [](const char* html) { return read_html(html, {}).doubt; };
  for (const char* html : {"<table><p><tr><td>x</table>", "<table><p></table>",
                           "<table><p></b></p></table>", "<b><table><p><br></p></table>",
                           "<table><p><p></p></table>", "<table><p><script></script></p>"}) {
    CAPTURE(html);
    CHECK(doubt(html) == "content of a table outside its cells");
  }
}

TEST_CASE("a part of a table outside any is dropped, with its links") {
  check_left({
      {"<td background=1>", "parts of a table in an odd place"},
      {"<table></table><tr style='a:url(1)'>", "parts of a table in an odd place"},
  });
  check_certain("<tr><td></table></td><a href=1>x</a>");
}

TEST_CASE("a table's end tags close what they may, and no more") {
  check_certain("<table><td></th><img src=1></caption><img src=2>");
  check_certain("<table><thead><td></tbody><img src=1></thead><td background=2>");
  check_certain("<table><caption></tr></td></tbody><img src=1></caption><td><img src=2>");
  check_certain("<table background=1><table background=2><td><a href=3>x</a></table>");
  check_certain("<table><td><table background=1><td background=2></table><a href=3>x</a></table>");
  CHECK(read_html("<table><td></thead></td><img src=1>", {}).doubt ==
        "content of a table outside its cells");
  CHECK(read_html("<table><td><object></td><img src=1>", {}).doubt ==
        "parts of a table in an odd place");
}

TEST_CASE("templates whose content may change how the rest is read are left to gumbo") {
  check_left("<template><col><title></template><a href=1></a></title></template>",
             "odd content of a template");
  CHECK(read_html("<template><a href=1>", {}).doubt == "odd content of a template");
  check_certain(
      "<template><div><a href=no></a><style>@import 'no'</style></template><a href=1>x</a>");
}

TEST_CASE("svg and math that do not nest are left to gumbo") {
  for (const Row& row : std::vector<Row>{
           {"<svg><math><image href=1 /></math></svg>", ""},
           {"<svg><style><g></g>a{b:url(1)}</style></svg>", ""},
           {"<svg><font size=1><image src=1></font></svg>", ""},
           {"<math><annotation-xml encoding=text/html><a href=1>x</a></annotation-xml></math>", ""},
           {"<svg><foreignObject><div></svg></div></foreignObject><image href=1 /></svg>", ""},
           {"<math></math ><a href=1>x</a>", ""},
           {"<svg></svg/><image src=1>", ""},
           {"<svg><g\v><style>a{b:url(1)}</style></g\v><style><g></g>a{b:url(2)}</style></svg>",
            ""},
           {"<a href=1><svg><script>no</script></svg></a>", "", true},
           {"<a href=1><math><a>x</a>y</math></a>", "", true},
           {"<svg><title><![CDATA[><a href=1>]]></title></svg>", ""},
       }) {
    check_left(row.html, "odd content of svg or math", row.anchor_text);
  }
  CHECK(read_html("<svg><g></svg><a href=1>x</a>", {}).doubt == "odd content of svg or math");
  CHECK(read_html("<svg><div></svg>", {}).doubt == "odd content of svg or math");
  check_certain(
      "<svg><style>a{b:url(1)}</style><g><a href=2>x</a><image href=3 /><use xlink:href=4></use>"
      "</g><title>t</title></svg><math><mi>x</mi><annotation>y</annotation></math><a href=5>x</a>");
}

// gumbo passes over a doctype there (HTML §13.2.6.5) and goes on with the same text node, where
// the scan began another piece of CSS: "url(" and the rest of its address fell apart.
TEST_CASE("a style sheet in svg is one text, whatever stands between its parts") {
  const auto found = [](const char* html) {
    check_certain(html);
    return lines_of(read_html(html, {}).links);
  };
  CHECK(found("<svg><style>a{b:url(<!doctype html>{b:url(1)}</style>") == Lines{});
  CHECK(found("<svg><style>a{b:url(1<!doctype html>2)}</style></svg>") == Lines{"css 12"});
  CHECK(found("<svg><style>a{b:url(1<!-- , -->2)}</style></svg>") == Lines{"css 12"});
  CHECK(found("<svg><style>a{b:url(1<2)}</style></svg>") == Lines{"css 1<2"});
  CHECK(found("<svg><style>a{b:url(1&amp;2)}</style>") == Lines{"css 1&2"});
}

// gumbo keeps the <i> on its stack: the second image is then put before the first.
TEST_CASE("crossed formatting around blocks is left to gumbo") {
  check_left("<b><i><u><s><tt><p><img src=1></b></p></tt></s></u><img src=2>",
             "crossed formatting");
  check_left("<a href=0><i><span><span><span><p><img src=1><a href=2></p><img src=3>",
             "crossed formatting");
  check_certain("<b><i><img src=1></b></i><a href=2>x</a>");
  check_certain("<b><p><img src=1></b><img src=2></p><img src=3>");
  check_certain("<b><table><tr><td></b><i></td></table></i></b><img src=1>");
}

TEST_CASE("an anchor that the tree may close early is left to gumbo where its text is wanted") {
  const char* doubt = "tags within an anchor that may close it";
  check_left({
      {"<p><a href=1>x<p>y</a>", doubt, true},
      {"<a href=1>x<p>y</a>", doubt, true},
      {"<p><a href=1>x</p>y</a>", doubt, true},
      {"<a href=1><b>x<a href=2>y</b>z</a>", doubt, true},
      {"<li><a href=1>x<li>y</a>", doubt, true},
      {"<a href=1>x<pre>\ny</pre></a>", doubt, true},
      {"<a href=1>x<textarea>y</textarea></a>", doubt, true},
      {"<a href=1>x<iframe>y</iframe></a>", doubt, true},
      {"<a href=1>x<table><td>y</a>z</table></a>", doubt, true},
      {"<nobr><a href=1>x<nobr>y</nobr></a>", doubt, true},
      {"<h3><a href=1><h1>x<h2>y</h2></h1>z</a>", doubt, true},
      {"<p><button><a href=1>x</button><div>y</a>", doubt, true},
  });
  check_certain("<p><a href=1>x<p>y</a>", false);
  check_certain("<p>x</p><a href=1><div>y</div>z</a>");
  check_certain("<a name=n>x<a href=1>y<a href=2>z</a>");
}

TEST_CASE("text that gumbo would alter is left to it") {
  check_left({
      {"<title>a\x01z</title>", "odd characters in a text"},
      {"<title>a\x7Fz</title>", "odd characters in a text"},
      {"<a href=1>a\x02z</a>", "odd characters in a text", true},
      {"<style>@import 'a\x01z'</style>", "odd characters in a text"},
  });
  CHECK(read_html("<title>a\xFFz</title>", {}).doubt == "odd characters in a text");
  check_certain("<title>&#128; &notit; \xC3\xA9\xE2\x82\xAC &amp \xF0\x9F\x98\x80\r\n</title>");
}

TEST_CASE("what a parser repairs without moving links is certain") {
  check_certain("<form action=1><form action=no></form><form action=2></form>");
  check_certain("<a href=1>x</a></body></html><a href=2>y</a>");
  check_certain("<image src=1><a href=2 href=3>x</a><button><button><a href=4>x</a>");
  check_certain("<p><base href=1><title>t</title><meta name=robots content=none><svg/><a href=2>x");
  check_certain("<body><noscript><a href=1>x</a></noscript><xmp><a href=no></xmp><a href=2>y</a>");
  check_certain("<option><option><a href=1>x</a></select></template></svg><a href=2>y</a>");
}

TEST_CASE("an audit parses as well, and takes the tree's word where the two differ") {
  const PageLinks page = read_html("<a href=1>x</a>", {.audit = true});
  CHECK(page.reader == Reader::scan);
  CHECK_FALSE(page.differs);

  const auto with = [](const Link& link) {
    PageLinks linked;
    linked.links.add(link);
    return linked;
  };
  const PageLinks one = with({.reference = "/a"});
  CHECK(first_difference(one, one) == "");
  CHECK(first_difference(one, with({.reference = "/b"})) == "link 1: scan 'a /a', tree 'a /b'");
  CHECK(first_difference(one, {}) == "link 1: scan 'a /a', tree 'none'");
  CHECK(first_difference(with({.reference = "/a", .nofollow = true}), one) ==
        "link 1: scan 'a /a nofollow', tree 'a /a'");
  CHECK(first_difference({.title = "t"}, {}) == "title: scan 't', tree ''");
  CHECK(first_difference({}, {.base = ""}) == "base: scan 'none', tree ''");
  CHECK(first_difference({.meta_noindex = true}, {}) == "robots: scan 'noindex ', tree ''");
}

TEST_CASE("an audit whose tree was given up says so and keeps the scan's links") {
  const PageLinks page = read_html("<a href=1>x</a>", {.audit = true, .tree_memory = Bytes{0}});
  CHECK(page.reader == Reader::scan);
  CHECK(page.cut_reason == "tree over 0 B");
  CHECK(page.links.size() == 1);
}

TEST_CASE("whoever asks for gumbo gets gumbo") {
  const PageLinks page = read_html("<a href=1>x</a>", {.parser = Parser::gumbo});
  CHECK(page.reader == Reader::gumbo);
  CHECK(page.doubt == "");
}

}  // namespace weft::test
