// Transfers over libcurl: one multi per object, driven by multi_socket and epoll.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "weft/net/rate_limit.hpp"
#include "weft/net/resolver.hpp"
#include "weft/net/transfers.hpp"

namespace weft {

enum class HttpVersion : std::uint8_t { http1, http2 };  // http2: where TLS offers it

struct NetConfig {
  std::string user_agent = "weft/0.1";
  std::vector<Header> headers;                               // on every request
  Clock::duration stall_timeout = std::chrono::seconds(30);  // no byte for so long
  Clock::duration connect_timeout = std::chrono::seconds(10);
  HttpVersion http = HttpVersion::http1;
  std::string proxy;   // empty: from the environment
  std::string cacert;  // empty: the system's bundle
  bool verify_tls = true;
  bool netrc = false;
  std::string cookie_file;  // Netscape format; empty: none
};

// Checks what can be checked before anything starts (files readable, proxy URL).
Result<void> validate(const NetConfig& config);

// `resolver`, `limit` and `clock` must outlive the result and may be shared by all
// threads' Transfers. Call net_global_init() first.
std::unique_ptr<Transfers> make_curl_transfers(const NetConfig& config, Resolver& resolver,
                                               RateLimit& limit, const Clock& clock);

// Once per process, before threads start.
void net_global_init();

}  // namespace weft
