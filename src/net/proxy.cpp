#include "net/proxy.hpp"

#include <charconv>
#include <cstdlib>
#include <initializer_list>

#include "net/wire.hpp"
#include "weft/base/text.hpp"
#include "weft/net/address.hpp"

namespace weft {

namespace {

std::string part_of(CURLU* url, CURLUPart part) {
  char* text = nullptr;
  if (curl_url_get(url, part, &text, 0) != CURLUE_OK) return {};
  std::string copy(text);
  curl_free(text);
  return copy;
}

// The first of these variables that is set and not empty.
std::string environment(std::initializer_list<const char*> names) {
  for (const char* name : names) {
    const char* value = std::getenv(name);  // NOLINT(concurrency-mt-unsafe): nothing sets it
    if (value != nullptr && *value != '\0') return value;
  }
  return {};
}

std::vector<std::string> words_of(std::string_view list) {
  std::vector<std::string> words;
  std::string word;
  for (const char c : list) {
    if (c != ',' && !is_ascii_space(c)) {
      word.push_back(ascii_lower(c));
    } else if (!word.empty()) {
      words.push_back(std::exchange(word, {}));
    }
  }
  if (!word.empty()) words.push_back(std::move(word));
  return words;
}

// Is `ip` inside "10.0.0.0/8" or equal to "10.0.0.1"?
bool covers(std::string_view network, const IpAddress& ip) {
  const std::size_t slash = std::min(network.find('/'), network.size());
  const auto base = parse_ip(network.substr(0, slash));
  if (!base || base->v6 != ip.v6) return false;
  const int all = ip.v6 ? 128 : 32;
  int bits = all;
  if (slash < network.size()) {
    const char* end = network.data() + network.size();
    const auto [stop, error] = std::from_chars(network.data() + slash + 1, end, bits);
    if (error != std::errc() || stop != end || bits < 0 || bits > all) return false;
  }
  for (int i = 0; i < bits; ++i) {
    const int bit = 7 - i % 8;
    if (((base->octets[i / 8] ^ ip.octets[i / 8]) >> bit & 1) != 0) return false;
  }
  return true;
}

// "example.org" and ".example.org" both mean the name and all beneath it.
bool names(std::string_view exception, std::string_view host) {
  if (exception.starts_with('.')) exception.remove_prefix(1);
  if (host.ends_with('.')) host.remove_suffix(1);
  if (!host.ends_with(exception) || exception.empty()) return false;
  return host.size() == exception.size() || host[host.size() - exception.size() - 1] == '.';
}

Result<std::optional<Proxy>> optional_proxy(const std::string& text) {
  if (text.empty()) return std::nullopt;
  auto proxy = parse_proxy(text);
  if (!proxy) return tl::unexpected(std::move(proxy).error());
  return std::move(*proxy);
}

}  // namespace

Result<Proxy> parse_proxy(const std::string& text) {
  const UrlHandle url(curl_url());
  if (!url) throw std::bad_alloc();
  const std::string with_scheme = text.find("://") == text.npos ? "http://" + text : text;
  const CURLUcode code =
      curl_url_set(url.get(), CURLUPART_URL, with_scheme.c_str(), CURLU_NON_SUPPORT_SCHEME);
  if (code != CURLUE_OK) return fail("proxy '{}': {}", text, curl_url_strerror(code));

  const std::string scheme = part_of(url.get(), CURLUPART_SCHEME);
  std::string resolving = scheme;
  if (scheme == "socks5") resolving = "socks5h";
  if (scheme == "socks4") resolving = "socks4a";
  if (resolving != "http" && resolving != "https" && resolving != "socks5h" &&
      resolving != "socks4a") {
    return fail("proxy '{}': the scheme is '{}', not one of http, https, socks4, socks5", text,
                scheme);
  }
  curl_url_set(url.get(), CURLUPART_SCHEME, resolving.c_str(), CURLU_NON_SUPPORT_SCHEME);
  if (part_of(url.get(), CURLUPART_PORT).empty()) {
    curl_url_set(url.get(), CURLUPART_PORT, scheme == "https" ? "443" : "1080", 0);
  }
  return Proxy{
      .url = part_of(url.get(), CURLUPART_URL),
      .host = part_of(url.get(), CURLUPART_HOST),
      .port = static_cast<std::uint16_t>(std::stoi(part_of(url.get(), CURLUPART_PORT))),
  };
}

Result<ProxyRules> ProxyRules::make(const std::string& configured) {
  ProxyRules rules;
  if (configured == "none") return rules;
  struct Row {
    std::optional<Proxy>& rule;
    std::initializer_list<const char*> variables;
  };
  // HTTP_PROXY in capitals is left out: a CGI request can set it.
  const Row rows[] = {
      {rules.http_, {"http_proxy", "all_proxy", "ALL_PROXY"}},
      {rules.https_, {"https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"}},
      {rules.ftp_, {"ftp_proxy", "FTP_PROXY", "all_proxy", "ALL_PROXY"}},
      {rules.other_, {"all_proxy", "ALL_PROXY"}},
  };
  for (const Row& row : rows) {
    auto proxy = optional_proxy(!configured.empty() ? configured : environment(row.variables));
    if (!proxy) return tl::unexpected(std::move(proxy).error());
    row.rule = std::move(*proxy);
  }
  rules.exceptions_ = words_of(environment({"no_proxy", "NO_PROXY"}));
  return rules;
}

bool ProxyRules::excepted(std::string_view host) const {
  const auto ip = parse_ip(host);
  for (const std::string& exception : exceptions_) {
    if (exception == "*" || (ip ? covers(exception, *ip) : names(exception, host))) return true;
  }
  return false;
}

bool Proxy::turns_to_http(const Url& target) const {
  return target.scheme() == "ftp" && url.starts_with("http");
}

const std::optional<Proxy>& ProxyRules::rule_for(std::string_view scheme) const {
  if (scheme == "http") return http_;
  if (scheme == "https") return https_;
  return scheme == "ftp" ? ftp_ : other_;
}

const Proxy* ProxyRules::proxy_for(const Url& url) const {
  const std::optional<Proxy>& proxy = rule_for(url.scheme());
  return proxy && !excepted(url.host()) ? &*proxy : nullptr;
}

}  // namespace weft
