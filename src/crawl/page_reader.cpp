#include "crawl/page_reader.hpp"

#include <iterator>

#include "weft/page/charset.hpp"
#include "weft/page/media_type.hpp"
#include "weft/page/sitemap.hpp"
#include "weft/store/digest.hpp"

namespace weft {

PageReader::PageReader(const CrawlConfig& config)
    : limits_{.max_size =
                  config.max_file_size.count == 0 ? Bytes{UINT64_MAX} : config.max_file_size},
      options_{.agent = config.agent,
               .requisites = config.requisites || config.record_links,
               .anchor_text = config.record_links} {}

void PageReader::read_headers(const Headers& headers, ReadPage& read) const {
  for (const std::string_view value : headers.get_all("Link")) {
    read_link_header(value, read.page.links);
  }
  if (const auto value = headers.get("Refresh")) {
    const auto refresh = parse_refresh(*value);
    if (refresh && refresh->url) {
      read.page.links.add({.reference = *refresh->url, .kind = LinkKind::refresh});
    }
  }
  for (const std::string_view value : headers.get_all("X-Robots-Tag")) {
    if (parse_x_robots_tag(value, options_.agent).nofollow) read.nofollow = true;
  }
}

void PageReader::read_links(const std::string& body, std::string_view header_charset,
                            ReadPage& read) {
  switch (page_type(read.media_type)) {
    case PageType::html: {
      const std::string_view encoding = decide_encoding(body, header_charset);
      read.charset = encoding;
      read.page = read_html(to_utf8(body, encoding, utf8_), options_);
      read.nofollow = read.page.meta_nofollow;
      break;
    }
    case PageType::css:
      if (options_.requisites) read_css(body, read.page.links);
      break;
    case PageType::feed:
      for (const std::string& url : read_feed(body).urls) {
        read.page.links.add({.reference = url, .kind = LinkKind::feed});
      }
      break;
    case PageType::other:
      break;
  }
}

ReadPage PageReader::read(Response& response, const ReadOrders& orders) {
  options_.parser = orders.parser;
  options_.audit = orders.audit;
  ReadPage read;
  const std::string_view coding = response.headers.get("Content-Encoding").value_or("");
  Decoded decoded = decode(coding, std::move(response.body), limits_);
  read.outcome = decoded.outcome;
  read.message = std::move(decoded.message);
  read.bytes = decoded.body.size();

  const auto type = parse_media_type(response.headers.get("Content-Type").value_or(""));
  read.media_type = type ? type->essence : sniff_media_type(decoded.body);
  if (read.outcome != Outcome::ok) return read;

  read.digest = sha256_hex(decoded.body);
  read_links(decoded.body, type ? type->charset : std::string_view(), read);
  read_headers(response.headers, read);
  return read;
}

}  // namespace weft
