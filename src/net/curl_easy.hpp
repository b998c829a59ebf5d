// One libcurl easy handle, set up once for a NetConfig and then again and again for
// requests, and the pool that keeps them.
//
// What libcurl is told never to do: follow redirects, undo content codings, look up
// names, use another scheme than the request's, raise signals, keep cookies.
//
// Threads: one thread owns a pool and its handles.
#pragma once

#include <array>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "net/cookie_file.hpp"
#include "net/proxy.hpp"
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
// fast on a fast network and costs a small one nothing, but that much memory may stay with
// every handle that has read a large file.
inline constexpr long kReadSize = 64 * 1024;
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

// "host:port" of the names that libcurl's cache holds by our rules, and how many handles
// count on each.
using NameUses = std::unordered_map<std::string, int>;

class CurlEasy {
 public:
  CurlEasy(const NetConfig& config, const curl_slist* headers, const EasyCallbacks& callbacks,
           NameUses& names);

  void prepare(const NetConfig& config, const EasyRequest& request);

  CURL* get() const { return easy_.get(); }
  const std::string& served() const { return served_; }  // origin of the last request
  std::string_view error_text() const { return error_.data(); }

 private:
  void set_scheme(const NetConfig& config, const Url& url);
  void set_ssh(const NetConfig& config, const Url& url);
  void set_headers(const NetConfig& config, const Request& request);
  void set_addresses(const EasyRequest& request);

  EasyHandle easy_;
  const curl_slist* const common_headers_;
  const EasyCallbacks callbacks_;
  Slist headers_;
  Slist resolve_;
  NameUses& names_;
  std::string resolved_;  // the one of names_ that this handle counts on; empty: none
  std::string served_;
  std::string proxy_;
  std::string scheme_;  // the last request's; http stands for https too
  std::string range_;
  bool sends_cookies_ = false;
  long read_size_ = 0;
  std::array<char, CURL_ERROR_SIZE> error_{};
};

class EasyPool {
 public:
  EasyPool(const NetConfig& config, const EasyCallbacks& callbacks);

  // The handle that last served this origin if it is free (it holds the TLS session),
  // else the one that has rested longest, else a new one; `fresh` tells.
  struct Taken {
    std::unique_ptr<CurlEasy> easy;
    bool fresh = false;
  };
  Taken take(std::string_view origin);
  void give_back(std::unique_ptr<CurlEasy> easy);

 private:
  const NetConfig& config_;
  const EasyCallbacks callbacks_;
  const Slist headers_;
  NameUses names_;
  std::vector<std::unique_ptr<CurlEasy>> idle_;  // by when they were given back
};

}  // namespace weft
