#include <curl/curl.h>

#include <csignal>
#include <fstream>
#include <stdexcept>

#include "net/cookie_file.hpp"
#include "net/proxy.hpp"
#include "weft/net/curl_transfers.hpp"

namespace weft {

Result<void> validate(const NetConfig& config) {
  for (const Header& header : config.headers) {
    if (!is_sendable(header)) return fail("header '{}' is not one line 'Name: value'", header.name);
  }
  if (!is_sendable({.name = "User-Agent", .value = config.user_agent})) {
    return fail("the user agent is more than one line");
  }
  if (!config.cacert.empty() && !std::ifstream(config.cacert).is_open()) {
    return fail("cannot read the certificates in '{}'", config.cacert);
  }
  if (auto proxies = ProxyRules::make(config.proxy); !proxies) {
    return tl::unexpected(std::move(proxies).error());
  }
  if (auto cookies = CookieFile::read(config.cookie_file); !cookies) {
    return tl::unexpected(std::move(cookies).error());
  }
  return {};
}

bool may_use_proxy(const NetConfig& config) {
  const auto proxies = ProxyRules::make(config.proxy);
  return !proxies || proxies->any();
}

void net_global_init() {
  if (curl_global_init(CURL_GLOBAL_DEFAULT) != 0) {
    throw std::runtime_error("libcurl could not be initialised");
  }
  std::signal(SIGPIPE, SIG_IGN);
}

}  // namespace weft
