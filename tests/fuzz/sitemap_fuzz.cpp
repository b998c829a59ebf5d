// Sitemaps and feeds stay within their limits, and mending leaves sound ones as they are.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "page/xml_mend.hpp"
#include "weft/base/text.hpp"
#include "weft/page/sitemap.hpp"

namespace {

void require(bool holds) {
  if (!holds) std::abort();
}

void check_limits(const weft::SitemapUrls& read) {
  require(read.urls.size() <= weft::kSitemapMaxUrls);
  require(read.kind != weft::SitemapKind::none || read.urls.empty());
  for (const auto& url : read.urls) {
    require(!url.empty() && url.size() <= weft::kSitemapMaxLoc);
    require(url == weft::trim(url));
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view body(reinterpret_cast<const char*>(data), size);
  const auto read = weft::read_sitemap(body);
  check_limits(read);

  const auto feed = weft::read_feed(body);
  const bool is_feed = read.kind == weft::SitemapKind::rss || read.kind == weft::SitemapKind::atom;
  require(feed.kind == (is_feed ? read.kind : weft::SitemapKind::none));
  require(feed.urls == (is_feed ? read.urls : decltype(feed.urls)()));

  // Mending works on UTF-8 that begins with markup.
  const bool utf8 = body.find('\0') == body.npos && body.find("encoding") == body.npos;
  if (utf8 && body.starts_with('<') && read.damage.empty()) {
    std::string mended;
    weft::page::mend_xml(body, [&](std::string_view piece) { mended += piece; });
    require(weft::read_sitemap(mended).urls == read.urls);
  }
  return 0;
}
