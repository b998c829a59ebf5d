// A response's body read: decoded, typed, its links found.
//
// Threads: each handler has one of its own.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "crawl/scan_trust.hpp"
#include "weft/crawl/config.hpp"
#include "weft/net/decode.hpp"
#include "weft/net/http.hpp"
#include "weft/page/links.hpp"

namespace weft {

struct ReadPage {
  Outcome outcome = Outcome::ok;  // decode_error or too_large where the body could not be had
  std::string message{};
  std::string media_type{};
  std::string charset{};
  std::string digest{};
  std::uint64_t bytes = 0;  // decoded
  PageLinks page{};         // headers' links included
  bool nofollow = false;    // the page asks that its links are not followed
};

class PageReader {
 public:
  explicit PageReader(const CrawlConfig& config);

  // `response` is a 2xx; its body is used up.
  ReadPage read(Response& response, const ReadOrders& orders);

 private:
  void read_headers(const Headers& headers, ReadPage& read) const;
  void read_links(const std::string& body, std::string_view header_charset, ReadPage& read);

  const DecodeLimits limits_;
  ReadOptions options_;  // but for the orders, constant after construction
  std::string utf8_;     // reused
};

}  // namespace weft
