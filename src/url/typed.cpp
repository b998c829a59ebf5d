#include "weft/url/typed.hpp"

#include <string>

#include "weft/base/shown.hpp"
#include "weft/base/text.hpp"

namespace weft {

namespace {

// The URL that `text` was probably meant to be, or empty.
std::string meant_by(std::string_view text) {
  const std::string_view host = text.substr(0, text.find_first_of(":/?#"));
  const bool is_local = host == "localhost" ||
                        Url::parse(fmt::format("http://{}/", host))
                            .map([](const Url& url) { return is_ascii_digit(url.host().back()); })
                            .value_or(false);
  const auto url = Url::parse(fmt::format("{}://{}", is_local ? "http" : "https", text));
  return url && !host.empty() ? url->href() : std::string();
}

// host:port/path reads as a scheme, "host", that is not http.
bool is_host_and_port(std::string_view text) {
  const std::size_t colon = text.find(':');
  return colon != std::string_view::npos && colon + 1 < text.size() &&
         is_ascii_digit(text[colon + 1]);
}

}  // namespace

Result<Url> parse_typed_url(std::string_view text, UrlUse use) {
  const bool download = use == UrlUse::download;
  auto url = download ? Url::parse_download(text) : Url::parse(text);
  if (url) return std::move(*url);
  const bool other_scheme =
      url.error() == UrlError::not_http || url.error() == UrlError::not_a_download;
  const bool lacks_scheme =
      url.error() == UrlError::missing_scheme || (other_scheme && is_host_and_port(text));
  const std::string meant = lacks_scheme ? meant_by(text) : std::string();
  if (!meant.empty()) return fail("'{}' has no scheme: did you mean {}?", shown(text), meant);
  return fail("'{}' is no URL {}: {}", shown(text), download ? "to fetch" : "to start from",
              describe(url.error()));
}

}  // namespace weft
