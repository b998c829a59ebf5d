// Links and directives that come with the response: Link, Refresh, X-Robots-Tag.
#include <doctest/doctest.h>

#include "page/link_list.hpp"

namespace weft::test {

namespace {

Lines links_of_header(std::string_view value) {
  LinkList links;
  read_link_header(value, links);
  return lines_of(links);
}

}  // namespace

TEST_CASE("a Link header's links have the kinds that <link> gives them") {
  CHECK(links_of_header("<a.css>; rel=stylesheet, </2>; rel=\"next\", <i>;rel=\"shortcut icon\"") ==
        Lines{"stylesheet a.css", "next /2", "icon i"});
  CHECK(links_of_header("<f>; type=\"application/atom+xml\"; rel=alternate, <x>; rel=license") ==
        Lines{"feed f", "link x"});
  CHECK(links_of_header("<n>; rel=\"next nofollow\"") == Lines{"next n nofollow"});
}

TEST_CASE("a Link header's commas and semicolons count only outside <> and quotes") {
  CHECK(links_of_header("<a,b;c>; title=\"x, <no>; rel=prev\"; rel=next , <d>; rel=prev") ==
        Lines{"next a,b;c", "prev d"});
  CHECK(links_of_header("<a>; title=\"x\\\"; y\"; rel=next") == Lines{"next a"});
}

TEST_CASE("of several rel parameters the first counts, of none there is no link") {
  CHECK(links_of_header("<a>; rel=next; rel=stylesheet") == Lines{"next a"});
  CHECK(links_of_header("<a>, <b>; title=x") == Lines{});
}

TEST_CASE("a link with an anchor is some other page's") {
  CHECK(links_of_header("<a>; rel=next; anchor=\"/other\", <b>; rel=next") == Lines{"next b"});
}

TEST_CASE("a malformed Link header gives what can be read") {
  CHECK(links_of_header("garbage, <a>; rel=next") == Lines{"next a"});
  CHECK(links_of_header(",, <a> ; REL = next ;;,") == Lines{"next a"});
  CHECK(links_of_header("<a; rel=next") == Lines{});
  CHECK(links_of_header("<a>; rel=\"next") == Lines{"next a"});
  CHECK(links_of_header("") == Lines{});
}

TEST_CASE("a header's links resolve against the page, whatever its base") {
  LinkList links;
  read_link_header("<a>; rel=next", links);
  CHECK(links.at(0).is_target_base);
}

TEST_CASE("a Refresh header is read as a meta refresh is") {
  CHECK(parse_refresh("5; url=/x")->url == "/x");
  CHECK(parse_refresh("5; URL = '/x' y")->url == "/x");
  CHECK_FALSE(parse_refresh("5")->url.has_value());
  CHECK_FALSE(parse_refresh("soon; url=/x").has_value());
  CHECK(parse_refresh("99999999999999999999; url=/x")->seconds ==
        std::numeric_limits<std::uint64_t>::max());
}

TEST_CASE("X-Robots-Tag directives are for everyone or for a named agent") {
  CHECK(parse_x_robots_tag("nofollow", "weft").nofollow);
  CHECK(parse_x_robots_tag("NoIndex, NOFOLLOW", "weft").noindex);
  CHECK(parse_x_robots_tag("none", "weft").nofollow);
  CHECK(parse_x_robots_tag("weft: nofollow", "weft").nofollow);
  CHECK(parse_x_robots_tag("WEFT:nofollow", "weft").nofollow);
  CHECK(parse_x_robots_tag("robots: nofollow", "weft").nofollow);
  CHECK_FALSE(parse_x_robots_tag("googlebot: nofollow", "weft").nofollow);
  CHECK_FALSE(parse_x_robots_tag("all", "weft").nofollow);
}

TEST_CASE("an agent's name in X-Robots-Tag holds until the next one") {
  const std::string_view joined = "noindex, googlebot: nofollow, noarchive, weft: nofollow";
  CHECK(parse_x_robots_tag(joined, "weft").nofollow);
  CHECK(parse_x_robots_tag(joined, "weft").noindex);
  CHECK(parse_x_robots_tag(joined, "otherbot").noindex);
  CHECK_FALSE(parse_x_robots_tag(joined, "otherbot").nofollow);
  CHECK_FALSE(parse_x_robots_tag("googlebot: noarchive, nofollow", "weft").nofollow);
}

TEST_CASE("a directive with a value is no agent's name") {
  CHECK(
      parse_x_robots_tag("unavailable_after: 25 Jun 2010 15:00:00 PST, nofollow", "weft").nofollow);
  CHECK(parse_x_robots_tag("unavailable_after: Fri, 25 Jun 2010 15:00:00 PST, nofollow", "weft")
            .nofollow);
  CHECK(parse_x_robots_tag("max-snippet: -1, max-image-preview: large, nofollow", "weft").nofollow);
}

}  // namespace weft::test
