// Whatever the text, a Url is canonical: it reads itself back unchanged, in every part;
// it is http or https whatever it was resolved against; and its identities hold.
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "weft/url/identity.hpp"
#include "weft/url/url.hpp"

namespace {

using weft::Url;

void require(bool holds) {
  if (!holds) std::abort();
}

int standard_port(std::string_view scheme) {
  if (scheme == "http") return 80;
  if (scheme == "https") return 443;
  if (scheme == "ftp") return 21;
  return scheme == "ftps" ? 990 : 22;
}

// The parts, put together again as the header draws them.
std::string assembled(const Url& url) {
  std::string text(url.scheme());
  text += "://";
  if (url.has_credentials()) {
    text += url.username();
    if (!url.password().empty()) (text += ':').append(url.password());
    text += '@';
  }
  text += url.host();
  if (url.port() != standard_port(url.scheme())) (text += ':').append(std::to_string(url.port()));
  text += url.path();
  if (!url.query().empty() || url.href().back() == '?') (text += '?').append(url.query());
  return text;
}

void check_written_form(const Url& url) {
  require(url.scheme() == "http" || url.scheme() == "https");
  require(!url.host().empty() && url.path().starts_with('/'));
  require(url.href().size() <= weft::kMaxUrlLength);
  for (const char c : url.href()) require(c > ' ' && c < 0x7f && c != '#');
  require(assembled(url) == url.href());
  require(url.without_credentials().href() == url.origin().append(url.target()));
}

void check_identities(const Url& url) {
  const std::string domain = weft::registrable_domain(url.host());
  require(url.host().find(domain) != std::string_view::npos);
  require(weft::registrable_domain(domain) == domain);

  const std::array<std::string, 2> patterns{"utm_*", "a"};
  const Url stripped = weft::without_query_keys(url, patterns);
  require(stripped.href().size() <= url.href().size());
  require(weft::without_query_keys(stripped, patterns) == stripped);
}

void check(const Url& url, const Url& base) {
  check_written_form(url);
  check_identities(url);
  for (const auto& again : {Url::parse(url.href()), Url::resolve(base, url.href())}) {
    require(again && *again == url);
    require(assembled(*again) == url.href());
    require(weft::fingerprint(*again) == weft::fingerprint(url));
  }
}

}  // namespace

// The input is a base and a reference, a line each, or a reference alone.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  const std::size_t line = input.find('\n');
  const std::string_view reference =
      line == std::string_view::npos ? input : input.substr(line + 1);

  const Url plain = Url::parse("http://u:p@h.example:8/a/b;c?d").value();
  const auto given = Url::parse(input.substr(0, line));
  const Url& base = given ? *given : plain;
  check(base, plain);
  if (const auto url = Url::parse(reference)) check(*url, base);
  if (const auto url = Url::resolve(base, reference)) check(*url, base);
  if (const auto url = Url::parse_download(reference); url && !url->is_web()) {
    require(Url::parse_download(url->href()) == *url);
    require(assembled(*url) == url->href());
    require(!Url::parse(url->href()));
  }
  return 0;
}
