#include "get/source.hpp"

namespace weft::get {

namespace {

bool is_strong_etag(std::string_view value) { return value.starts_with('"'); }

}  // namespace

Url with_login_of(const Url& listed, Url url) {
  if (!listed.has_credentials() || url.has_credentials() || url.origin() != listed.origin()) {
    return url;
  }
  const std::string_view href = listed.href();
  std::string whole(href.substr(0, href.size() - listed.target().size()));
  return Url::parse_download(whole.append(url.target())).value_or(std::move(url));
}

std::string validator_of(const Headers& headers) {
  const auto etag = headers.get("ETag");
  if (etag && is_strong_etag(*etag)) return std::string(*etag);
  return std::string(headers.get("Last-Modified").value_or(""));
}

bool is_other_file(const Headers& headers, const std::string& validator) {
  if (validator.empty()) return false;
  const auto own = headers.get(is_strong_etag(validator) ? "ETag" : "Last-Modified");
  return own && *own != validator;
}

}  // namespace weft::get
