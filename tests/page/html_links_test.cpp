// Which links a page has, of which kind. Every page here is read by both readers, and
// the test fails where they differ.
#include <doctest/doctest.h>

#include "page/link_list.hpp"

namespace weft::test {

TEST_CASE("ways to other pages are told apart from what shows this one") {
  CHECK(links_in("<a href=1>x</a><map><area href=2></map><iframe src=3></iframe>") ==
        Lines{"a 1", "area 2", "iframe 3"});
  CHECK(links_in("<frameset><frame src=1><frame src=2></frameset>") == Lines{"frame 1", "frame 2"});
  CHECK(links_in("<meta http-equiv=refresh content='3;url=1'>") == Lines{"refresh 1"});
  CHECK(links_in("<meta http-equiv=refresh content=3>") == Lines{});
  for (const LinkKind kind : {LinkKind::anchor, LinkKind::area, LinkKind::frame, LinkKind::iframe,
                              LinkKind::refresh, LinkKind::next, LinkKind::prev}) {
    CHECK(is_followed(kind));
    CHECK_FALSE(is_requisite(kind));
  }
  for (const LinkKind kind :
       {LinkKind::form, LinkKind::canonical, LinkKind::alternate, LinkKind::link, LinkKind::feed}) {
    CHECK_FALSE(is_followed(kind));
    CHECK_FALSE(is_requisite(kind));
  }
}

TEST_CASE("a <link> is what its rel says it is") {
  struct Row {
    const char* attributes;
    const char* kind;
  };
  for (const Row& row : {
           Row{"rel=stylesheet", "stylesheet"},
           Row{"rel='alternate stylesheet'", "stylesheet"},  // still a style sheet
           Row{"rel='preload stylesheet' as=style", "stylesheet"},
           Row{"rel='SHORTCUT Icon'", "icon"},
           Row{"rel=apple-touch-icon", "icon"},
           Row{"rel=mask-icon", "icon"},
           Row{"rel=next", "next"},
           Row{"rel=prev", "prev"},
           Row{"rel=previous", "prev"},
           Row{"rel=canonical", "canonical"},
           Row{"rel=manifest", "manifest"},
           Row{"rel=preload as=font", "preload"},
           Row{"rel=modulepreload", "preload"},
           Row{"rel=alternate hreflang=de", "alternate"},
           Row{"rel=alternate type=application/rss+xml", "feed"},
           Row{"rel=alternate type='Application/Atom+XML; charset=utf-8'", "feed"},
           Row{"rel=author", "link"},
           Row{"rel=dns-prefetch", "link"},
           Row{"", "link"},
       }) {
    CHECK(links_in("<link href=x " + std::string(row.attributes) + ">") ==
          Lines{std::string(row.kind) + " x"});
  }
  CHECK(links_in("<link rel=stylesheet href=''><link rel=icon href=' '>") == Lines{});
  CHECK(links_in("<link rel=preload as=image href=a imagesrcset='b 1x, c 2x'>") ==
        Lines{"preload a", "preload b", "preload c"});
}

TEST_CASE("rel=nofollow, ugc and sponsored mark their links") {
  CHECK(links_in("<a rel=nofollow href=1>x</a><a rel='noopener UGC' href=2>x</a>"
                 "<a rel=sponsored href=3>x</a><a rel=nofollowing href=4>x</a>") ==
        Lines{"a 1 nofollow", "a 2 nofollow", "a 3 nofollow", "a 4"});
  CHECK(links_in("<link rel='next nofollow' href=1><a href=2>x</a>") ==
        Lines{"next 1 nofollow", "a 2"});
}

TEST_CASE("everything a page is shown with is found") {
  CHECK(links_in("<img src=1 srcset='2 1x, 3 2x'><picture><source srcset='4 100w'></picture>") ==
        Lines{"img 1", "img 2", "img 3", "img 4"});
  CHECK(links_in("<script src=1></script><link rel=icon href=2><input type=IMAGE src=3>"
                 "<input src=no>") == Lines{"script 1", "icon 2", "img 3"});
  CHECK(
      links_in("<video src=1 poster=2><source src=3><track src=4></video><audio src=5></audio>") ==
      Lines{"media 1", "poster 2", "media 3", "track 4", "media 5"});
  CHECK(links_in("<object data=1></object><embed src=2>") == Lines{"object 1", "embed 2"});
  CHECK(links_in("<body background=1><table background=2><tr background=3><td background=4>") ==
        Lines{"background 1", "background 2", "background 3", "background 4"});
}

TEST_CASE("images that a script would load are found where scripts keep them") {
  CHECK(links_in("<img src=blank.gif data-src=1 data-srcset='2 1x, 3 2x'>") ==
        Lines{"img blank.gif", "img 1", "img 2", "img 3"});
  CHECK(links_in("<img data-original=1><img data-lazy=2><img data-lazy-src=3>"
                 "<img data-lazy-srcset='4 2x'>") == Lines{"img 1", "img 2", "img 3", "img 4"});
  CHECK(links_in("<picture><source data-srcset='1 1x'></picture><video data-src=2></video>") ==
        Lines{"img 1", "media 2"});
  CHECK(links_in("<div data-src=no>") == Lines{});
}

TEST_CASE("without requisites only ways to other pages, and what is merely recorded, are read") {
  const ReadOptions options{.requisites = false};
  CHECK(links_in("<img src=no><a href=1 style='background:url(no)'>x</a><style>@import 'no'</style>"
                 "<link rel=stylesheet href=no><link rel=canonical href=2><form action=3></form>",
                 options) == Lines{"a 1", "canonical 2", "form 3"});
}

TEST_CASE("forms that GET are recorded, others are not") {
  CHECK(links_in("<form action=1></form><form method=GET action=2></form>"
                 "<form method=post action=no></form><form method=dialog action=no></form>"
                 "<form></form>") == Lines{"form 1", "form 2"});
  CHECK(links_in("<form action=1><form action=no></form></form>") == Lines{"form 1"});
}

TEST_CASE("style sheets in the page and style attributes have links, SVG has its own") {
  CHECK(links_in("<style>@import 'a.css'; b{background:url(b.png)}</style>"
                 "<p style=\"background:url('c.png')\">") ==
        Lines{"import a.css", "css b.png", "css c.png"});
  CHECK(links_in("<svg><a href=1 xlink:href=no></a><a xlink:href=2></a><image href=3 />"
                 "<use xlink:href='s.svg#x'/><feImage href=4 /><script href=5></script>"
                 "<linearGradient href='#no'/></svg>") ==
        Lines{"a 1", "a 2", "svg 3", "svg s.svg#x", "svg 4", "script 5"});
  CHECK(links_in(
            "<svg><style>a{fill:url(1)}</style><style><![CDATA[b{fill:url(2)}]]></style></svg>") ==
        Lines{"css 1", "css 2"});
  CHECK(links_in("<svg><foreignObject><img src=1></foreignObject><image src=no href=2 /></svg>"
                 "<image src=3>") == Lines{"img 1", "svg 2", "img 3"});
  CHECK(links_in("<p xlink:href=no>") == Lines{});
}

TEST_CASE("foreign content ends where HTML begins again") {
  CHECK(links_in("<svg><path><div><style>a{b:url(1)}</style></div><title><a href=no></title>") ==
        Lines{"css 1"});
  CHECK(links_in("<math><mi><a href=1>x</a></mi></math><a href=2>x</a>") == Lines{"a 1", "a 2"});
  CHECK(links_in("<svg><title><a href=1>x</a></title></svg>") == Lines{"a 1"});
  CHECK(links_in("<svg></math></svg></svg><a href=1>x</a>") == Lines{"a 1"});
}

TEST_CASE("what is in a template is not on the page") {
  CHECK(links_in("<template><a href=no>x</a><template><a href=no>x</a></template>"
                 "<style>@import 'no'</style><title>no</title><base href=no></template>"
                 "<a href=1>x</a></template><a href=2>x</a>") == Lines{"a 1", "a 2"});
  CHECK(links_in("<template><svg></template><a href=1>x</a>") == Lines{"a 1"});
  CHECK(links_in("<a href=1>x</a><template><a href=no>x</a>") == Lines{"a 1"});
}

TEST_CASE("data: URLs are no links: they are their own content") {
  CHECK(links_in(
            "<img src='data:image/gif;base64,R0lGOD'><img src=' DATA:,x' srcset='data:,x 1x, 1 2x'>"
            "<p style='background:url(data:,x)'>") == Lines{"img 1"});
}

TEST_CASE("an element repeated by the tree's repairs was written once") {
  CHECK(links_in("<p><a href=1>x<p>y<p>z") == Lines{"a 1"});
  CHECK(links_in("<a href=1><div><a href=2>x</div></a>") == Lines{"a 1", "a 2"});
}

TEST_CASE("the first base with an href is the page's") {
  CHECK(read_both("<base target=x><base href=1><base href=2>").base == "1");
  CHECK(read_both("<base href=''>").base == "");
  CHECK_FALSE(read_both("<p>").base.has_value());
}

TEST_CASE("the title is the first one, decoded, folded and cut") {
  CHECK(read_both("<title>  A &amp; B\n\t &copy 2 </title><title>no</title>").title ==
        "A & B \xC2\xA9 2");
  CHECK(read_both("<svg><title>no</title></svg><title>yes</title>").title == "yes");
  CHECK(read_both("<title></title><title>no</title>").title.empty());
  CHECK(read_both("<title><b>not a tag</b></title>").title == "<b>not a tag</b>");
  const std::string long_title =
      read_both("<title>" + std::string(499, 'x') + "\xC3\xA9</title>").title;
  CHECK(long_title == std::string(499, 'x'));  // not half of a character
}

TEST_CASE("an anchor's text is kept where it is asked for") {
  const ReadOptions options{.anchor_text = true};
  const auto text_of = [&](std::string_view html) {
    return std::string(read_both(html, options).links.at(0).text);
  };
  CHECK(text_of("<a href=1>  one\n <b>two</b>&nbsp;&amp;<i> three</i> </a> after") ==
        "one two\xC2\xA0& three");
  CHECK(text_of("<a href=1><script>no</script><!-- no -->yes</a>") == "yes");
  CHECK(text_of("<a href=1><template>no</template>yes</a>") == "yes");
  CHECK(text_of("<a href=1>" + std::string(300, 'x') + "</a>") == std::string(200, 'x'));
  CHECK(text_of("<svg><a href=1 /><text>no</text></svg>") == "");
  CHECK(text_of("<svg><a href=1>x<a href=2 />no</a></svg>") == "x");
  CHECK(text_of("<a href=1 style='color:url(2)'>x</a>") == "x");
  CHECK(read_html("<a href=1>x</a>", {}).links.at(0).text.empty());
}

TEST_CASE("meta robots speaks to everyone, or to an agent by name") {
  CHECK(read_both("<meta name=robots content=nofollow>").meta_nofollow);
  CHECK(read_both("<meta name=ROBOTS content='NOINDEX, follow'>").meta_noindex);
  CHECK_FALSE(read_both("<meta name=ROBOTS content='NOINDEX, follow'>").meta_nofollow);
  CHECK(read_both("<meta name=robots content=none>").meta_nofollow);
  CHECK(read_both("<meta name=robots content=none>").meta_noindex);
  CHECK(read_both("<meta name=Weft content=nofollow>").meta_nofollow);
  CHECK_FALSE(read_both("<meta name=otherbot content=none>").meta_nofollow);
  CHECK(read_both("<meta name=otherbot content=none>", {.agent = "otherbot"}).meta_nofollow);
  CHECK_FALSE(read_both("<template><meta name=robots content=none></template>").meta_nofollow);
}

TEST_CASE("bytes that are not UTF-8 do not reach a reference, a title or a text") {
  const ReadOptions options{.anchor_text = true};
  const PageLinks page = read_both(
      "<title>a\xFF"
      "b</title><a href='/a\xFF'>x\xC3</a><img src='/\xE2\x82'>",
      options);
  CHECK(page.title ==
        "a\xEF\xBF\xBD"
        "b");
  CHECK(page.links.at(0).reference == "/a\xEF\xBF\xBD");
  CHECK(page.links.at(0).text == "x\xEF\xBF\xBD");
  CHECK(page.links.at(1).reference == "/\xEF\xBF\xBD");
}

// gumbo reckons "&#" in an int and overflows to bytes that are not UTF-8, and has U+FFFD
// for control characters; the standard does neither.
TEST_CASE("a reference is read from its source, not from gumbo's value of it") {
  CHECK(
      links_in("<a href='&#99999999999999999999;'>x</a><a href='/&#0999999999999999\xBCx'>x</a>") ==
      Lines{"a \xEF\xBF\xBD", "a /\xEF\xBF\xBD\xEF\xBF\xBDx"});
  CHECK(links_in("<a href='/\x01\x7F'>x</a>") == Lines{"a /\x01\x7F"});
}

TEST_CASE("a value without quotes may begin with a character reference") {
  CHECK(links_in("<a href=&lt;x>x</a><a href = &amp;&amp; >y</a>") == Lines{"a <x", "a &&"});
}

TEST_CASE("a vertical tab is part of a name") {
  CHECK(links_in("<a\v href=1>x</a><b\v href=2>") == Lines{});
}

TEST_CASE("an attribute without a value is empty") {
  CHECK(links_in("<a href>x</a><a href=>y</a><a href=''>z</a><img src>") ==
        Lines{"a ", "a ", "a ", "img "});
}

TEST_CASE("every kind has a name of its own") {
  std::vector<std::string_view> names;
  for (int kind = 0; kind <= static_cast<int>(LinkKind::seed); ++kind) {
    const std::string_view text = name(static_cast<LinkKind>(kind));
    CHECK_FALSE(text.empty());
    for (const std::string_view other : names) CHECK(text != other);
    names.push_back(text);
  }
}

}  // namespace weft::test
