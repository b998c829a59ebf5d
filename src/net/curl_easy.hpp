// One libcurl easy handle: set up for a NetConfig and one request, and gone after it.
//
// A handle never serves a second transfer: libcurl 7.88 keeps a pointer into the last header
// of the first one, and writes through it where the next answer begins with a folded line
// (curl issue 11101). A new handle costs 1.5 us; connections live in the multi.
//
// What libcurl is told never to do: follow redirects, undo content codings, look up
// names, use another scheme than the request's, raise signals, keep cookies.
//
// Threads: one thread owns a source and its handles.
#pragma once

#include <array>
#include <memory>
#include <string>
#include <string_view>

#include "net/cached_names.hpp"
#include "net/cookie_file.hpp"
#include "net/proxy.hpp"
#include "net/tls_sessions.hpp"
#include "net/wire.hpp"
#include "weft/net/curl_transfers.hpp"

namespace weft {

inline constexpr const char* kSystemCertificates = "/etc/ssl/certs/ca-certificates.crt";

// Called from inside libcurl with the pointer given to CurlEasy::prepare(). On 0 (or an
// abort) the transfer ends.
struct EasyCallbacks {
  std::size_t (*header)(char* line, std::size_t one, std::size_t size, void* user) noexcept;
  std::size_t (*body)(char* bytes, std::size_t one, std::size_t size, void* user) noexcept;
  int (*connected)(void* user, char* ip, char* local_ip, int port, int local_port) noexcept;
  int (*ssh_key)(CURL* easy, const curl_khkey* known, const curl_khkey* found, curl_khmatch match,
                 void* user) noexcept;
};

// Read from the socket at once. The larger one makes a file of gigabytes three times as
// fast on a fast network and costs a small one nothing but memory. The smaller one is as large
// as the allocator still keeps at hand: each transfer asks for it.
inline constexpr long kReadSize = 31 * 1024;
inline constexpr long kLargeReadSize = 256 * 1024;

struct EasyRequest {
  const Request& request;
  const Proxy* proxy = nullptr;  // empty: directly
  const Addresses& addresses;    // of the proxy, or else of the URL's host
  std::string_view cookies{};
  std::string range{};  // without HTTP: the part asked for, as libcurl writes it
  long read_size = kReadSize;
  void* user = nullptr;
};

class CurlEasy {
 public:
  CurlEasy(const NetConfig& config, const curl_slist* common_headers,
           const EasyCallbacks& callbacks, const EasyRequest& request);

  CURL* get() const { return easy_.get(); }
  std::string_view error_text() const { return error_.data(); }

 private:
  friend class EasySource;

  void set_config(const NetConfig& config);
  void set_request(const NetConfig& config, const EasyRequest& request);
  void set_scheme(const NetConfig& config, const Url& url);
  void set_ssh(const NetConfig& config, const Url& url);
  void set_headers(const NetConfig& config, const Request& request);
  void set_addresses(const EasyRequest& request, CachedNames& names);
  void share(std::shared_ptr<TlsSessions> sessions);

  const curl_slist* const common_headers_;
  const EasyCallbacks callbacks_;
  Slist headers_;
  Slist resolve_;
  CachedNames::Use name_{};
  std::shared_ptr<TlsSessions> sessions_{};
  std::array<char, CURL_ERROR_SIZE> error_{};
  EasyHandle easy_;  // last: it refers to the others
};

// Makes the handles of one multi.
class EasySource {
 public:
  EasySource(const NetConfig& config, const EasyCallbacks& callbacks);

  std::unique_ptr<CurlEasy> make(const EasyRequest& request);

 private:
  const NetConfig& config_;
  const EasyCallbacks callbacks_;
  const Slist headers_;
  CachedNames names_;
  TlsSessionCache sessions_;
};

}  // namespace weft
