#include "weft/page/sitemap.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <utility>

#include "page/http_url.hpp"
#include "page/prescan.hpp"
#include "page/sitemap_xml.hpp"
#include "page/xml_mend.hpp"
#include "weft/base/text.hpp"
#include "weft/page/charset.hpp"

namespace weft {

namespace {

std::string_view encoding_of(std::string_view body) {
  if (const auto bom = page::encoding_of_bom(body); !bom.empty()) return bom;
  const auto declared = page::xml_declared_encoding(trim(body.substr(0, 1024)));
  return declared.empty() ? "utf-8" : declared;
}

struct XmlResult {
  SitemapUrls urls;
  bool malformed;
};

XmlResult read_strictly(std::string_view text) {
  page::SitemapXml xml;
  xml.feed(text);
  xml.finish();
  return {std::move(xml.urls()), xml.malformed()};
}

SitemapUrls read_xml(std::string_view text) {
  XmlResult strict = read_strictly(text);
  if (!strict.malformed) return std::move(strict.urls);

  page::SitemapXml mended;
  page::mend_xml(text, [&](std::string_view piece) { mended.feed(piece); });
  mended.finish();
  if (mended.urls().urls.size() < strict.urls.urls.size()) return std::move(strict.urls);
  // What was wrong is what the file says, not what is left of it after mending.
  mended.urls().damage = std::move(strict.urls.damage);
  return std::move(mended.urls());
}

// One URL a line (sitemaps.org, "text file").
SitemapUrls read_text(std::string_view text) {
  SitemapUrls urls;
  std::size_t skipped = 0;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find_first_of("\r\n"), text.size());
    const std::string_view line = trim(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
    if (line.empty()) continue;
    if (!page::is_http_url(line) || line.size() > kSitemapMaxLoc) {
      ++skipped;
    } else if (!page::add_url(urls, line)) {
      break;
    }
  }
  if (urls.urls.empty()) return {};
  urls.kind = SitemapKind::text;
  if (skipped > 0) {
    page::note_damage(urls, fmt::format("{} lines that are no http URLs of at most {} bytes",
                                        skipped, kSitemapMaxLoc));
  }
  return urls;
}

}  // namespace

SitemapUrls read_sitemap(std::string_view body) {
  const bool too_large = body.size() > kSitemapMaxBytes;
  body = body.substr(0, kSitemapMaxBytes);
  std::string buffer;
  const std::string_view text = to_utf8(body, encoding_of(body), buffer);
  // expat refuses a blank line before the XML declaration; few writers know.
  const std::string_view content = trim(text);
  SitemapUrls urls = content.starts_with('<') ? read_xml(content) : read_text(content);
  if (content.data() != text.data() && content.starts_with("<?xml")) {
    page::note_damage(urls, "white space before the XML declaration");
  }
  if (too_large) {
    page::note_damage(urls,
                      fmt::format("over {} MiB: the rest was left out", kSitemapMaxBytes >> 20));
  }
  return urls;
}

SitemapUrls read_feed(std::string_view body) {
  SitemapUrls urls = read_sitemap(body);
  if (urls.kind != SitemapKind::rss && urls.kind != SitemapKind::atom) return {};
  return urls;
}

}  // namespace weft
