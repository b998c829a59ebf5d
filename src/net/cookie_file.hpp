// Cookies of a Netscape cookie file, read once and never changed: what a server sets
// is not kept, so that every request of a run is the same whoever makes it.
//
// Threads: constant after construction.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "weft/base/clock.hpp"
#include "weft/base/result.hpp"
#include "weft/url/url.hpp"

namespace weft {

class CookieFile {
 public:
  // `path` empty: no cookies.
  static Result<CookieFile> read(const std::string& path);
  static Result<CookieFile> parse(std::string_view text);

  // The value of the Cookie header for this URL (RFC 6265 §5.4); empty: none.
  std::string header_for(const Url& url, Clock::wall_time now) const;

 private:
  struct Cookie {
    std::string domain;  // lower case, no leading dot
    bool subdomains = false;
    std::string path;
    bool secure = false;
    Clock::wall_time expires;
    std::string pair;  // "name=value"
  };

  bool applies(const Cookie& cookie, const Url& url, Clock::wall_time now) const;

  std::vector<Cookie> cookies_;  // longer paths first
};

}  // namespace weft
