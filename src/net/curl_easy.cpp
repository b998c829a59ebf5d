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

CurlEasy::CurlEasy(const NetConfig& config, const curl_slist* headers,
                   const EasyCallbacks& callbacks, NameUses& names)
    : easy_(curl_easy_init()), common_headers_(headers), callbacks_(callbacks), names_(names) {
  CURL* easy = easy_.get();
  if (easy == nullptr) throw std::bad_alloc();
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
  curl_easy_setopt(easy, CURLOPT_HTTPHEADER, common_headers_);
  curl_easy_setopt(easy, CURLOPT_NETRC, config.netrc ? CURL_NETRC_OPTIONAL : CURL_NETRC_IGNORED);
  set_tls(easy, config);
  curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, callbacks.header);
  curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, callbacks.body);
  curl_easy_setopt(easy, CURLOPT_PREREQFUNCTION, callbacks.connected);
}

void CurlEasy::prepare(const NetConfig& config, const EasyRequest& request) {
  CURL* easy = easy_.get();
  const Url& url = request.request.url;
  error_[0] = '\0';
  served_ = url.origin();
  curl_easy_setopt(easy, CURLOPT_URL, url.request_href().c_str());
  curl_easy_setopt(easy, CURLOPT_HEADERDATA, request.user);
  curl_easy_setopt(easy, CURLOPT_WRITEDATA, request.user);
  curl_easy_setopt(easy, CURLOPT_PREREQDATA, request.user);
  curl_easy_setopt(easy, CURLOPT_PRIVATE, request.user);
  curl_easy_setopt(easy, CURLOPT_SSH_KEYDATA, request.user);
  set_scheme(config, url);
  if (request.range != range_) {
    range_ = request.range;
    curl_easy_setopt(easy, CURLOPT_RANGE, range_.empty() ? nullptr : range_.c_str());
  }

  const std::string_view proxy =
      request.proxy != nullptr ? std::string_view(request.proxy->url) : std::string_view();
  if (proxy != proxy_) {
    proxy_ = proxy;
    curl_easy_setopt(easy, CURLOPT_PROXY, proxy_.c_str());
  }
  if (request.read_size != read_size_) {
    read_size_ = request.read_size;
    curl_easy_setopt(easy, CURLOPT_BUFFERSIZE, read_size_);
  }
  if (sends_cookies_ || !request.cookies.empty()) {
    sends_cookies_ = !request.cookies.empty();
    const std::string cookies(request.cookies);
    curl_easy_setopt(easy, CURLOPT_COOKIE, sends_cookies_ ? cookies.c_str() : nullptr);
  }
  set_headers(config, request.request);
  set_addresses(request);
}

// One scheme at a time, whatever a server may say.
void CurlEasy::set_scheme(const NetConfig& config, const Url& url) {
  const std::string_view scheme = url.is_web() ? "http" : url.scheme();
  CURL* easy = easy_.get();
  if (scheme == "sftp") set_ssh(config, url);
  if (!url.is_web()) {  // shorter once the file comes, so each time
    curl_easy_setopt(easy, CURLOPT_SERVER_RESPONSE_TIMEOUT, response_seconds(config));
  }
  if (scheme == scheme_) return;
  scheme_ = scheme;
  curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, url.is_web() ? "http,https" : scheme_.c_str());
  curl_easy_setopt(easy, CURLOPT_FILETIME, url.is_web() ? 0L : 1L);
  curl_easy_setopt(easy, CURLOPT_FTP_FILEMETHOD, long{CURLFTPMETHOD_NOCWD});
  if (scheme != "sftp") curl_easy_setopt(easy, CURLOPT_USERNAME, nullptr);
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
  const bool own_before = headers_ != nullptr;
  const bool own = !request.headers.empty() || request.foreign;
  if (!own && !own_before) return;
  Slist list = own ? header_list(config, request.headers, request.foreign) : nullptr;
  curl_easy_setopt(easy_.get(), CURLOPT_HTTPHEADER, list ? list.get() : common_headers_);
  headers_ = std::move(list);
}

// libcurl keeps names and addresses in one cache for all handles of the multi, and reads
// rules into it when a transfer begins. Every transfer brings its own rule, and the entry
// stays while any handle counts on it: so whatever the order of events, and should libcurl
// connect a second time, it never has to look up a name. Nothing expires (a pruning walk
// at the end of each transfer would cost with the number of hosts): the last handle to
// move on to another host takes the entry out, so there are no more than handles.
void CurlEasy::set_addresses(const EasyRequest& request) {
  const Url& url = request.request.url;
  const std::string_view host = request.proxy != nullptr ? request.proxy->host : url.host();
  const std::uint16_t port = request.proxy != nullptr ? request.proxy->port : url.port();
  const bool literal = parse_ip(host).has_value();
  std::string key = literal ? std::string() : fmt::format("{}:{}", host, port);
  Slist rules;
  if (resolved_ != key) {
    if (!resolved_.empty() && --names_[resolved_] == 0) {
      append(rules, "-" + resolved_);
      names_.erase(resolved_);
    }
    if (!key.empty()) ++names_[key];
    resolved_ = std::move(key);
  }
  if (!literal) append(rules, resolve_rule(host, port, request.addresses));
  // An address in the URL is its own answer, which libcurl need not remember.
  curl_easy_setopt(easy_.get(), CURLOPT_DNS_CACHE_TIMEOUT, literal ? 0L : -1L);
  curl_easy_setopt(easy_.get(), CURLOPT_RESOLVE, rules.get());
  resolve_ = std::move(rules);
}

EasyPool::EasyPool(const NetConfig& config, const EasyCallbacks& callbacks)
    : config_(config), callbacks_(callbacks), headers_(header_list(config, {}, false)) {}

EasyPool::Taken EasyPool::take(std::string_view origin) {
  if (idle_.empty()) {
    return {std::make_unique<CurlEasy>(config_, headers_.get(), callbacks_, names_), true};
  }
  const auto same = std::find_if(idle_.rbegin(), idle_.rend(),
                                 [&](const auto& easy) { return easy->served() == origin; });
  const auto chosen = same == idle_.rend() ? idle_.begin() : std::prev(same.base());
  Taken taken{std::move(*chosen), false};
  idle_.erase(chosen);
  return taken;
}

void EasyPool::give_back(std::unique_ptr<CurlEasy> easy) { idle_.push_back(std::move(easy)); }

}  // namespace weft
