// RSS and Atom as lists of links.
#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "weft/page/sitemap.hpp"

namespace weft {

namespace {

using Urls = std::vector<std::string>;

std::string rss(const std::string& inside) {
  return "<rss version='2.0'><channel><link>http://h/</link>" + inside + "</channel></rss>";
}

}  // namespace

TEST_CASE("an RSS item's link and its guid are URLs, unless the guid says it is none") {
  const auto read =
      read_feed(rss("<item><link>http://h/1</link><guid>http://h/g1</guid></item>"
                    "<item><guid isPermaLink='false'>http://h/g2</guid></item>"
                    "<item><guid isPermaLink='true'>http://h/g3</guid></item>"
                    "<item><guid>tag:h,2026:4</guid><link>/4</link></item>"));
  CHECK(read.kind == SitemapKind::rss);
  CHECK(read.urls == Urls{"http://h/", "http://h/1", "http://h/g1", "http://h/g3", "/4"});
  CHECK(read.damage.empty());
}

TEST_CASE("a guid that repeats the link of its item counts once") {
  CHECK(read_feed(rss("<item><link>http://h/1</link><guid>http://h/1</guid></item>")).urls ==
        Urls{"http://h/", "http://h/1"});
}

TEST_CASE("links of an RSS image, of other vocabularies and in escaped HTML are no items") {
  CHECK(read_feed(rss("<image><link>http://h/i</link></image>"
                      "<atom:link href='http://h/self' rel='self'/>"
                      "<item><description>&lt;link&gt;http://h/d&lt;/link&gt;</description>"
                      "<media:link>http://h/m</media:link></item>"))
            .urls == Urls{"http://h/"});
}

TEST_CASE("RSS 1.0 is RDF around elements without a prefix") {
  const auto read = read_feed(
      "<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'>"
      "<channel rdf:about='x'><link>http://h/</link></channel>"
      "<item rdf:about='y'><link>http://h/1</link></item></rdf:RDF>");
  CHECK(read.kind == SitemapKind::rss);
  CHECK(read.urls == Urls{"http://h/", "http://h/1"});
}

TEST_CASE("of Atom's links those to the entry itself count") {
  const auto read = read_feed(
      "<a:feed xmlns:a='http://www.w3.org/2005/Atom'><a:link href='http://h/'/>"
      "<a:link rel='self' href='http://h/feed'/><a:link rel='hub' href='http://h/hub'/>"
      "<a:entry><a:link rel='alternate' href=' /1?a&amp;b '/>"
      "<a:link rel='enclosure' href='/e.mp3'/><a:source><a:link href='/s'/></a:source>"
      "</a:entry></a:feed>");
  CHECK(read.kind == SitemapKind::atom);
  CHECK(read.urls == Urls{"http://h/", "/1?a&b"});
}

TEST_CASE("HTML entities in a feed do not end it") {
  const auto read =
      read_feed(rss("<title>caf&eacute;&nbsp;&</title>"
                    "<item><link>http://h/1?a&b</link></item>"));
  CHECK(read.urls == Urls{"http://h/", "http://h/1?a&b"});
}

TEST_CASE("what is not a feed is none, a sitemap included") {
  for (const auto* body : {"", "http://h/a", "<svg/>",
                           "<urlset><url><loc>http://h/a</loc></url>"
                           "</urlset>",
                           "<html><body/></html>", "{\"feed\": []}"}) {
    CAPTURE(body);
    const auto read = read_feed(body);
    CHECK(read.kind == SitemapKind::none);
    CHECK(read.urls.empty());
    CHECK(read.damage.empty());
  }
}

}  // namespace weft
