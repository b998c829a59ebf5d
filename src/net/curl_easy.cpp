#include "net/curl_easy.hpp"

#include <algorithm>
#include <span>

#include "net/ssh_user.hpp"
#include "weft/base/text.hpp"
#include "weft/net/decode.hpp"

namespace weft {

namespace {

bool names(std::span<const Header> headers, std::string_view name) {
  return std::ranges::any_of(
      headers, [&](const Header& header) { return equals_ignoring_case(header.name, name); });
}

// libcurl's way of saying "with an empty value" is a semicolon.
std::string line_of(const Header& header) {
  return header.value.empty() ? header.name + ";" : header.name + ": " + header.value;
}

bool is_credential(const Header& header) {
  return equals_ignoring_case(header.name, "Authorization") ||
         equals_ignoring_case(header.name, "Cookie");
}

// The request's own headers replace the common ones of the same name.
Slist header_list(const NetConfig& config, std::span<const Header> own, bool foreign) {
  Slist list;
  if (!names(config.headers, "Accept-Encoding") && !names(own, "Accept-Encoding")) {
    append(list, "Accept-Encoding: " + std::string(kAcceptEncoding));
  }
  for (const Header& header : config.headers) {
    if (names(own, header.name) || (foreign && is_credential(header))) continue;
    append(list, line_of(header));
  }
  for (const Header& header : own) append(list, line_of(header));
  return list;
}

std::string resolve_rule(std::string_view host, std::uint16_t port, const Addresses& addresses) {
  std::string rule = fmt::format("{}:{}:", host, port);
  for (const IpAddress& address : addresses) {
    if (!rule.ends_with(':')) rule += ',';
    rule += address.v6 ? "[" + to_text(address) + "]" : to_text(address);
  }
  return rule;
}

long milliseconds(Clock::duration duration) {
  return static_cast<long>(std::chrono::ceil<std::chrono::milliseconds>(duration).count());
}

// How long libcurl may itself wait for a reply of an ftp server.
long response_seconds(const NetConfig& config) {
  const Clock::duration longest = config.stall_timeout == Clock::duration::zero()
                                      ? std::chrono::hours(24)
                                      : config.stall_timeout;
  return static_cast<long>(std::chrono::ceil<std::chrono::seconds>(longest).count());
}

void set_tls(CURL* easy, const NetConfig& config) {
  const char* certificates = config.cacert.empty() ? kSystemCertificates : config.cacert.c_str();
  // Without a directory of certificates libcurl keeps the parsed bundle: 2 ms of CPU a
  // connection instead of 22.
  curl_easy_setopt(easy, CURLOPT_CAPATH, nullptr);
  curl_easy_setopt(easy, CURLOPT_CAINFO, certificates);
  curl_easy_setopt(easy, CURLOPT_PROXY_CAPATH, nullptr);
  curl_easy_setopt(easy, CURLOPT_PROXY_CAINFO, certificates);
  curl_easy_setopt(easy, CURLOPT_SSL_VERIFYPEER, config.verify_tls ? 1L : 0L);
  curl_easy_setopt(easy, CURLOPT_SSL_VERIFYHOST, config.verify_tls ? 2L : 0L);
}

}  // namespace

CurlEasy::CurlEasy(const NetConfig& config, const curl_slist* common_headers,
                   const EasyCallbacks& callbacks, const EasyRequest& request)
    : common_headers_(common_headers), callbacks_(callbacks), easy_(curl_easy_init()) {
  if (!easy_) throw std::bad_alloc();
  set_config(config);
  set_request(config, request);
}

void CurlEasy::set_config(const NetConfig& config) {
  CURL* easy = easy_.get();
  curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, error_.data());
  curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(easy, CURLOPT_QUICK_EXIT, 1L);
  curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L);
  curl_easy_setopt(easy, CURLOPT_PATH_AS_IS, 1L);  // our URLs are canonical
  curl_easy_setopt(easy, CURLOPT_HTTP_CONTENT_DECODING, 0L);
  curl_easy_setopt(easy, CURLOPT_NOPROXY, "");  // ProxyRules has decided
  curl_easy_setopt(easy, CURLOPT_PROXY, "");
  curl_easy_setopt(easy, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
  curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS,
                   config.connect_timeout == Clock::duration::zero()
                       ? milliseconds(std::chrono::hours(24))
                       : std::max(1L, milliseconds(config.connect_timeout)));
  const bool http2 = config.http == HttpVersion::http2;
  curl_easy_setopt(easy, CURLOPT_HTTP_VERSION,
                   http2 ? CURL_HTTP_VERSION_2TLS : CURL_HTTP_VERSION_1_1);
  curl_easy_setopt(easy, CURLOPT_PIPEWAIT, http2 ? 1L : 0L);
  curl_easy_setopt(easy, CURLOPT_USERAGENT, config.user_agent.c_str());
  curl_easy_setopt(easy, CURLOPT_NETRC, config.netrc ? CURL_NETRC_OPTIONAL : CURL_NETRC_IGNORED);
  curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, callbacks_.header);
  curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, callbacks_.body);
  curl_easy_setopt(easy, CURLOPT_PREREQFUNCTION, callbacks_.connected);
}

void CurlEasy::set_request(const NetConfig& config, const EasyRequest& request) {
  CURL* easy = easy_.get();
  const Url& url = request.request.url;
  curl_easy_setopt(easy, CURLOPT_URL, url.request_href().c_str());
  curl_easy_setopt(easy, CURLOPT_HEADERDATA, request.user);
  curl_easy_setopt(easy, CURLOPT_WRITEDATA, request.user);
  curl_easy_setopt(easy, CURLOPT_PREREQDATA, request.user);
  curl_easy_setopt(easy, CURLOPT_PRIVATE, request.user);
  curl_easy_setopt(easy, CURLOPT_SSH_KEYDATA, request.user);
  curl_easy_setopt(easy, CURLOPT_BUFFERSIZE, request.read_size);
  if (!request.range.empty()) curl_easy_setopt(easy, CURLOPT_RANGE, request.range.c_str());
  if (request.proxy != nullptr) curl_easy_setopt(easy, CURLOPT_PROXY, request.proxy->url.c_str());
  if (!request.cookies.empty()) {
    curl_easy_setopt(easy, CURLOPT_COOKIE, std::string(request.cookies).c_str());
  }
  if (url.scheme() != "http" || request.proxy != nullptr) set_tls(easy, config);
  set_scheme(config, url);
  set_headers(config, request.request);
}

// One scheme, whatever a server may say.
void CurlEasy::set_scheme(const NetConfig& config, const Url& url) {
  const std::string scheme(url.is_web() ? "http,https" : url.scheme());
  CURL* easy = easy_.get();
  curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, scheme.c_str());
  if (url.is_web()) return;
  curl_easy_setopt(easy, CURLOPT_SERVER_RESPONSE_TIMEOUT, response_seconds(config));
  curl_easy_setopt(easy, CURLOPT_FILETIME, 1L);
  curl_easy_setopt(easy, CURLOPT_FTP_FILEMETHOD, long{CURLFTPMETHOD_NOCWD});
  if (scheme == "sftp") set_ssh(config, url);
}

void CurlEasy::set_ssh(const NetConfig& config, const Url& url) {
  CURL* easy = easy_.get();
  const SshUser user = ssh_user();
  // libcurl asks netrc for this very name where one is set.
  const bool named = !url.has_credentials() && !config.netrc && !user.name.empty();
  curl_easy_setopt(easy, CURLOPT_USERNAME, named ? user.name.c_str() : nullptr);
  curl_easy_setopt(easy, CURLOPT_SSH_PRIVATE_KEYFILE,
                   user.private_key.empty() ? nullptr : user.private_key.c_str());
  curl_easy_setopt(easy, CURLOPT_SSH_KNOWNHOSTS,
                   config.verify_tls ? user.known_hosts.c_str() : nullptr);
  curl_easy_setopt(easy, CURLOPT_SSH_KEYFUNCTION, callbacks_.ssh_key);
}

void CurlEasy::set_headers(const NetConfig& config, const Request& request) {
  const bool own = !request.headers.empty() || request.foreign;
  if (own) headers_ = header_list(config, request.headers, request.foreign);
  curl_easy_setopt(easy_.get(), CURLOPT_HTTPHEADER, own ? headers_.get() : common_headers_);
}

void CurlEasy::set_addresses(const EasyRequest& request, CachedNames& names) {
  const Url& url = request.request.url;
  const std::string_view host = request.proxy != nullptr ? request.proxy->host : url.host();
  const std::uint16_t port = request.proxy != nullptr ? request.proxy->port : url.port();
  // An address in the URL is its own answer, which libcurl need not remember.
  const bool literal = parse_ip(host).has_value();
  if (!literal) name_ = CachedNames::Use(names, fmt::format("{}:{}", host, port));
  for (const std::string& unused : names.unused()) append(resolve_, "-" + unused);
  if (!literal) append(resolve_, resolve_rule(host, port, request.addresses));
  curl_easy_setopt(easy_.get(), CURLOPT_DNS_CACHE_TIMEOUT, literal ? 0L : -1L);
  curl_easy_setopt(easy_.get(), CURLOPT_RESOLVE, resolve_.get());
}

void CurlEasy::share(std::shared_ptr<TlsSessions> sessions) {
  sessions_ = std::move(sessions);
  curl_easy_setopt(easy_.get(), CURLOPT_SHARE, sessions_->get());
}

EasySource::EasySource(const NetConfig& config, const EasyCallbacks& callbacks)
    : config_(config), callbacks_(callbacks), headers_(header_list(config, {}, false)) {}

std::unique_ptr<CurlEasy> EasySource::make(const EasyRequest& request) {
  auto easy = std::make_unique<CurlEasy>(config_, headers_.get(), callbacks_, request);
  easy->set_addresses(request, names_);
  const Url& url = request.request.url;
  if (url.scheme() == "https") easy->share(sessions_.of(url.origin()));
  return easy;
}

}  // namespace weft
