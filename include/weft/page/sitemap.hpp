// Sitemaps (sitemaps.org 0.9: XML, index, text) and feeds (RSS, Atom) as lists of URLs.
// Entities are never expanded beyond XML's own five and characters; nothing is fetched.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace weft {

enum class SitemapKind : std::uint8_t { none, urlset, index, text, rss, atom };

struct SitemapUrls {
  SitemapKind kind = SitemapKind::none;  // none: not a sitemap or feed at all
  std::vector<std::string> urls;         // as written, trimmed; text and XML decoded
  std::string damage;                    // what was wrong, for the log; what could be
                                         // read before it is kept. Empty: sound
};

inline constexpr std::size_t kSitemapMaxUrls = 50'000;      // and sitemaps in an index
inline constexpr std::size_t kSitemapMaxBytes = 50u << 20;  // uncompressed
inline constexpr std::size_t kSitemapMaxLoc = 2048;

// `body` is already decompressed. At most the limits above are read; past them the rest
// is left out and `damage` says so. Recovers from a leading blank line, a bare '&', a cut.
SitemapUrls read_sitemap(std::string_view body);

// Does a body look like RSS or Atom, so that a page of that media type is a feed?
SitemapUrls read_feed(std::string_view body);

}  // namespace weft
