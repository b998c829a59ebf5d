// An http or https URL, canonical by construction as the WHATWG URL standard
// serialises it, without its fragment. Of a file to be downloaded also an ftp, ftps or sftp
// URL (parse_download), read and written by the same rules.
//
//   https://user:pw@example.org:8080/a/b.html?q=1
//   |scheme|userinfo|   host    |port| path  |query
//
// Two Urls are the same resource to a server when href() is equal; the visited set
// compares fingerprints, which also fold percent-encodings that cannot matter.
//
// Threads: a value; const methods may be called from any thread.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <tl/expected.hpp>

namespace weft {

enum class UrlError : std::uint8_t {
  missing_scheme,  // "example.org/a" with no base
  not_http,        // mailto:, javascript:, ftp:, data: ...
  not_a_download,  // the same, where ftp: would do
  bad_host,
  bad_port,
  too_long,  // over kMaxUrlLength
};

// For people: "no scheme (did you mean https://...?)" and the like, without the URL.
std::string_view describe(UrlError error);

inline constexpr std::size_t kMaxUrlLength = 64 * 1024;  // of the input and of the result

class Url {
 public:
  // `text` is UTF-8 (invalid sequences count as U+FFFD), standing alone.
  static tl::expected<Url, UrlError> parse(std::string_view text);

  // As parse(), but ftp, ftps and sftp URLs too. Those have no query: a '?' is a part of the
  // file's name, and becomes %3F.
  static tl::expected<Url, UrlError> parse_download(std::string_view text);

  // `reference` as it stands in a page whose base URL is `base` (WHATWG URL §4.5).
  static tl::expected<Url, UrlError> resolve(const Url& base, std::string_view reference);

  const std::string& href() const { return href_; }
  std::string_view scheme() const;    // "http" or "https"; "ftp", "ftps" or "sftp"
  bool is_web() const;                // http or https
  std::string_view username() const;  // percent-encoded; empty when absent
  std::string_view password() const;
  std::string_view host() const;    // lower case ASCII; IPv6 in brackets
  std::uint16_t port() const;       // effective: the scheme's own when none is written
  std::string_view path() const;    // begins with '/'
  std::string_view query() const;   // without '?'; empty when absent or empty
  std::string_view target() const;  // path and '?query': what a request line carries

  // href() as a request carries it: a '%' that encodes nothing is sent as %25. The WHATWG
  // leaves it bare, but servers refuse such a request (RFC 3986 §2.1) or read it as %25.
  std::string request_href() const;

  // "https://example.org:8080", the default port left out: robots.txt's authority.
  std::string origin() const;
  bool has_credentials() const;
  Url without_credentials() const;

  friend bool operator==(const Url& a, const Url& b) { return a.href_ == b.href_; }

 private:
  Url() = default;
  friend class UrlParser;

  std::string href_;
  // Offsets into href_, as drawn above.
  std::uint32_t username_end_ = 0;
  std::uint32_t host_begin_ = 0;
  std::uint32_t host_end_ = 0;
  std::uint32_t path_begin_ = 0;
  std::uint32_t query_begin_ = 0;  // at '?', or href_.size()
  std::uint16_t port_ = 0;
  std::uint8_t scheme_end_ = 0;  // at ':'
};

}  // namespace weft
