// Transfers over libcurl: one multi per object, driven by multi_socket and epoll.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "weft/net/rate_limit.hpp"
#include "weft/net/resolver.hpp"
#include "weft/net/transfers.hpp"

namespace weft {

// http2: where TLS offers it. Not with a rate limit: libcurl lets the server send 32 MiB ahead
// on every stream.
enum class HttpVersion : std::uint8_t { http1, http2 };

struct NetConfig {
  std::string user_agent = "weft/0.1";
  // On every request; a request's own header of the same name replaces it. So does an
  // Accept-Encoding in either, which else is kAcceptEncoding (decode.hpp).
  std::vector<Header> headers{};
  // No byte for so long, from the moment the connection stands. 0: no limit.
  Clock::duration stall_timeout = std::chrono::seconds(30);
  // For connecting, TLS included; ResolverConfig::timeout is that of names. 0: no limit.
  Clock::duration connect_timeout = std::chrono::seconds(10);
  std::size_t max_idle = 256;  // connections that each Transfers keeps open and unused
  HttpVersion http = HttpVersion::http1;
  // http://, https://, socks4:// or socks5://. Behind a proxy it is the proxy that
  // resolves names, so that AddressPolicy can judge only addresses written in URLs.
  std::string proxy{};        // empty: from the environment; "none": no proxy
  std::string cacert{};       // empty: the system's bundle
  bool verify_tls = true;     // and the host keys of ssh servers, by ~/.ssh/known_hosts
  bool netrc = false;         // credentials by host from ~/.netrc, where the URL has none
  std::string cookie_file{};  // Netscape format, never written; empty: none
};

// Checks what can be checked before anything starts (files readable, proxy URL).
Result<void> validate(const NetConfig& config);

// Some requests may go by a proxy, which resolves their names itself.
bool may_use_proxy(const NetConfig& config);

// REQUIRES: validate(config) had nothing to say.
// `resolver`, `limit` and `clock` must outlive the result and may be shared by all
// threads' Transfers. Call net_global_init() first.
std::unique_ptr<Transfers> make_curl_transfers(const NetConfig& config, Resolver& resolver,
                                               RateLimit& limit, const Clock& clock);

// Once per process, before threads start.
void net_global_init();

}  // namespace weft
