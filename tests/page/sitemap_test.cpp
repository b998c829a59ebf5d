#include "weft/page/sitemap.hpp"

#include <doctest/doctest.h>
#include <zlib.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "support/vectors.hpp"
#include "weft/url/url.hpp"

namespace weft {

namespace {

using Urls = std::vector<std::string>;

// What can be had of a gzip body, as the crawl decodes it; other bodies as they are.
std::string unzipped(const std::string& body) {
  if (!body.starts_with("\x1F\x8B")) return body;
  z_stream stream{};
  REQUIRE(inflateInit2(&stream, 15 + 16) == Z_OK);
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(body.data()));
  stream.avail_in = static_cast<uInt>(body.size());
  std::string out;
  int result = Z_OK;
  while (result == Z_OK) {
    char chunk[4096];
    stream.next_out = reinterpret_cast<Bytef*>(chunk);
    stream.avail_out = sizeof chunk;
    result = inflate(&stream, Z_NO_FLUSH);
    out.append(chunk, sizeof chunk - stream.avail_out);
  }
  inflateEnd(&stream);
  return out;
}

std::string body_of(const nlohmann::json& item) {
  const bool stored_zipped = item.contains("body_gz_b64");
  const auto body =
      test::from_base64(item[stored_zipped ? "body_gz_b64" : "body_b64"].get<std::string>());
  return unzipped(body);
}

Urls canonical(const Urls& urls) {
  Urls out;
  for (const auto& url : urls) {
    const auto parsed = Url::parse(url);
    out.push_back(parsed ? parsed->href() : "not a URL: " + url);
  }
  return out;
}

std::string_view text_of(SitemapKind kind) {
  switch (kind) {
    case SitemapKind::none:
      return "none";
    case SitemapKind::urlset:
      return "urlset";
    case SitemapKind::index:
      return "index";
    case SitemapKind::text:
      return "text";
    case SitemapKind::rss:
      return "rss";
    case SitemapKind::atom:
      return "atom";
  }
  return {};
}

// The prose of the vectors' "urls" field, for those that have no list.
void check_prose(const std::string& expected, const Urls& urls) {
  if (expected.starts_with("has ")) {
    const std::string url = expected.substr(4, expected.find(' ', 4) - 4);
    CHECK(std::count(urls.begin(), urls.end(), url) == 1);
  } else if (expected == "lenient") {  // "a recovering parser gives both"
    CHECK(urls == Urls{"http://h.example/?a=1&b=2", "http://h.example/c"});
  } else {
    REQUIRE(expected == "prefix");  // "the URLs before the cut are kept"
    CHECK(urls.size() > 1);
  }
}

std::string urlset(const std::string& inside) {
  return "<?xml version=\"1.0\"?><urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">" +
         inside + "</urlset>";
}

std::string entry(const std::string& url) { return "<url><loc>" + url + "</loc></url>"; }

}  // namespace

TEST_CASE("every sitemap of the vectors gives its URLs") {
  const auto vectors = test::load_vectors("sitemap/sitemaps.json");
  if (!vectors) return;
  for (const auto& item : (*vectors)["cases"]) {
    CAPTURE(item["name"].get<std::string>());
    const auto kind = item["kind"].get<std::string>();
    const auto read = read_sitemap(body_of(item));
    CAPTURE(read.damage);
    if (kind == "refuse") {
      CHECK(read.urls.empty());
      CHECK_FALSE(read.damage.empty());
      continue;
    }
    CHECK(text_of(read.kind) == kind);
    if (item["urls"].is_string()) {
      check_prose(item["urls"].get<std::string>(), read.urls);
    } else {
      CHECK(canonical(read.urls) == item["urls"].get<Urls>());
    }
  }
}

TEST_CASE("a sound sitemap has no damage") {
  CHECK(read_sitemap(urlset(entry("http://h/a"))).damage.empty());
  CHECK(read_sitemap("http://h/a\r\n\r\nhttps://h/b\r\n").damage.empty());
}

TEST_CASE("damage says what was wrong and where") {
  CHECK(read_sitemap(urlset("\n<url><loc>http://h/a?b&c</loc></url>")).damage ==
        "line 2: not well-formed (invalid token)");
  CHECK(read_sitemap("\n" + urlset(entry("http://h/a"))).damage ==
        "white space before the XML declaration");
  CHECK(read_sitemap("<html>").damage == "its root element is <html>");
  CHECK(read_sitemap(urlset(entry("/a") + entry("mailto:x"))).damage ==
        "2 entries that are no http URLs of at most 2048 bytes");
  CHECK(read_sitemap("http://h/a\nnot one\n").damage ==
        "1 lines that are no http URLs of at most 2048 bytes");
}

TEST_CASE("common faults are mended and what is sound stays as it was") {
  const auto read = read_sitemap(
      urlset(entry("http://h/1?a&b") + entry("<![CDATA[http://h/2?a&b&amp;c]]>") +
             entry("http://h/3?a&amp;b&nbsp;") + entry("http://h/4<!-- & < -->") +
             entry("http://h/5\x01") + entry("http://h/6\xE9") + entry("http://h/7&#0;") +
             entry("http://h/8?a<2") + entry("http://h/9&#x26;")));
  CHECK(read.urls == Urls{"http://h/1?a&b", "http://h/2?a&b&amp;c", "http://h/3?a&b&nbsp;",
                          "http://h/4", "http://h/5", "http://h/6\uFFFD", "http://h/7&#0;",
                          "http://h/8?a<2", "http://h/9&"});
  CHECK_FALSE(read.damage.empty());
}

TEST_CASE("what stands before a fault that cannot be mended is kept") {
  CHECK(read_sitemap("<urlset>" + entry("http://h/a") + "<url><loc>http://h/b</url>").urls ==
        Urls{"http://h/a"});
  CHECK(read_sitemap(urlset(entry("http://h/a")) + "<p>more").urls == Urls{"http://h/a"});
}

TEST_CASE("only a loc in its place is one") {
  CHECK(read_sitemap(urlset("<loc>http://h/a</loc><url><x><loc>http://h/b</loc></x></url>"
                            "<url><image:loc>http://h/c</image:loc></url>"
                            "<url><loc>http://h/<b>x</b>d</loc></url>"))
            .urls == Urls{"http://h/d"});
}

TEST_CASE("sitemaps are read in the encoding they declare") {
  CHECK(read_sitemap("<?xml version='1.0' encoding='windows-1251'?><urlset>" +
                     entry("http://h/\xEF") + "</urlset>")
            .urls == Urls{"http://h/п"});
  CHECK(read_sitemap(std::string("\xFE\xFF\0h\0t\0t\0p\0:\0/\0/\0h", 18)).urls == Urls{"http://h"});
}

TEST_CASE("URLs over the limits are left out and reported") {
  const std::string longest = "http://h/" + std::string(kSitemapMaxLoc - 9, 'a');
  CHECK(read_sitemap(urlset(entry(longest) + entry(longest + "a"))).urls == Urls{longest});
  CHECK(read_sitemap(longest + "\n" + longest + "a").urls == Urls{longest});

  std::string xml;
  std::string text;
  for (std::size_t i = 0; i <= kSitemapMaxUrls; ++i) {
    xml += entry("http://h/a");
    text += "http://h/a\n";
  }
  for (const auto& read : {read_sitemap(urlset(xml)), read_sitemap(text)}) {
    CHECK(read.urls.size() == kSitemapMaxUrls);
    CHECK(read.damage == "more than 50000 URLs: the rest was left out");
  }
}

TEST_CASE("bytes past 50 MiB are not read") {
  std::string body = urlset(entry("http://h/a") + std::string(kSitemapMaxBytes, ' '));
  const auto read = read_sitemap(body);
  CHECK(read.urls == Urls{"http://h/a"});
  CHECK(read.damage.ends_with("over 50 MiB: the rest was left out"));
}

TEST_CASE("a file of invented names takes no more memory than its budget") {
  std::string names = "<urlset>" + entry("http://h/a");
  for (int i = 0; i < 3'000'000; ++i) names += "<a" + std::to_string(i) + "/>";
  const auto read = read_sitemap(names);
  CHECK(read.urls == Urls{"http://h/a"});
  INFO(read.damage);
  CHECK(read.damage.ends_with("out of memory"));
}

TEST_CASE("entities of an external DTD are skipped, and URLs that hold them dropped") {
  CHECK(read_sitemap("<!DOCTYPE urlset SYSTEM 'http://127.0.0.1:1/x.dtd'><urlset>" +
                     entry("http://h/&e;a") + entry("http://h/b") + "</urlset>")
            .urls == Urls{"http://h/b"});
}

}  // namespace weft
