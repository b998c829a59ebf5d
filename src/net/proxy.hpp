// Which proxy a URL goes through, if any: the one configured, or what the environment
// says (http_proxy, https_proxy, ftp_proxy, all_proxy), save where no_proxy names the host.
//
// Threads: constant after construction.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "weft/base/result.hpp"
#include "weft/url/url.hpp"

namespace weft {

struct Proxy {
  std::string url;   // with scheme and port; it is the proxy that resolves names
  std::string host;  // as Resolver takes it
  std::uint16_t port = 0;

  // The proxy fetches from an ftp server itself and hands the file on by HTTP.
  bool turns_to_http(const Url& target) const;
};

// "host", "host:3128", "http://user:pw@host", "socks5://host". Without a port 1080, as
// curl has it. Plain SOCKS becomes the variant that resolves names at the proxy.
Result<Proxy> parse_proxy(const std::string& text);

class ProxyRules {
 public:
  // `configured` empty: from the environment; "none": no proxy.
  static Result<ProxyRules> make(const std::string& configured);

  const Proxy* proxy_for(const Url& url) const;
  bool any() const { return http_ || https_ || ftp_ || other_; }

 private:
  const std::optional<Proxy>& rule_for(std::string_view scheme) const;
  bool excepted(std::string_view host) const;

  std::optional<Proxy> http_;
  std::optional<Proxy> https_;
  std::optional<Proxy> ftp_;
  std::optional<Proxy> other_;  // ftps, sftp
  std::vector<std::string> exceptions_;
};

}  // namespace weft
