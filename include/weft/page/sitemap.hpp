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
  // In the order of the file, trimmed, in UTF-8. Of a sitemap absolute http(s) URLs only, as
  // the protocol wants them; of a feed references to resolve, the page's own included.
  std::vector<std::string> urls;
  std::string damage;  // what was wrong, for the log; what could be
                       // read before it is kept. Empty: sound
};

inline constexpr std::size_t kSitemapMaxUrls = 50'000;      // and sitemaps in an index
inline constexpr std::size_t kSitemapMaxBytes = 50u << 20;  // uncompressed
inline constexpr std::size_t kSitemapMaxLoc = 2048;

// `body` is already decompressed. At most the limits above are read; past them the rest
// is left out and `damage` says so. Recovers from a leading blank line, a bare '&', a cut.
// The encoding is the one the body declares. A file that declares entities is refused.
SitemapUrls read_sitemap(std::string_view body);

// The same of a page whose media type is XML: none unless it is RSS or Atom. Links of items
// and of the channel, guids that are URLs; Atom links with no rel or rel=alternate. `body` is
// as received, not decoded to UTF-8: it declares its encoding itself.
SitemapUrls read_feed(std::string_view body);

}  // namespace weft
