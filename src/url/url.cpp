#include "weft/url/url.hpp"

#include "url/octets.hpp"
#include "url/parser.hpp"
#include "weft/url/percent.hpp"

namespace weft {

std::string_view describe(UrlError error) {
  switch (error) {
    case UrlError::missing_scheme:
      return "no scheme (did you mean https://...?)";
    case UrlError::not_http:
      return "neither http nor https";
    case UrlError::not_a_download:
      return "none of http, https, ftp, ftps and sftp";
    case UrlError::bad_host:
      return "the host is missing or cannot be one";
    case UrlError::bad_port:
      return "the port is not a number from 0 to 65535";
    case UrlError::too_long:
      return "longer than 64 KiB";
  }
  return "not a URL";
}

tl::expected<Url, UrlError> Url::parse(std::string_view text) {
  return UrlParser::parse(text, nullptr, UrlParser::Schemes::web);
}

tl::expected<Url, UrlError> Url::parse_download(std::string_view text) {
  return UrlParser::parse(text, nullptr, UrlParser::Schemes::download);
}

tl::expected<Url, UrlError> Url::resolve(const Url& base, std::string_view reference) {
  return UrlParser::parse(reference, &base, UrlParser::Schemes::web);
}

std::string_view Url::scheme() const { return std::string_view(href_).substr(0, scheme_end_); }

bool Url::is_web() const { return href_.front() == 'h'; }

std::string_view Url::username() const {
  const std::size_t begin = scheme_end_ + 3U;
  return std::string_view(href_).substr(begin, username_end_ - begin);
}

std::string_view Url::password() const {
  if (!has_credentials() || href_[username_end_] != ':') return {};
  const std::size_t begin = username_end_ + 1;
  return std::string_view(href_).substr(begin, host_begin_ - 1 - begin);
}

std::string_view Url::host() const {
  return std::string_view(href_).substr(host_begin_, host_end_ - host_begin_);
}

std::uint16_t Url::port() const { return port_; }

std::string_view Url::path() const {
  return std::string_view(href_).substr(path_begin_, query_begin_ - path_begin_);
}

std::string_view Url::query() const {
  return query_begin_ == href_.size() ? std::string_view()
                                      : std::string_view(href_).substr(query_begin_ + 1);
}

std::string_view Url::target() const { return std::string_view(href_).substr(path_begin_); }

std::string Url::request_href() const {
  std::string sent;
  std::size_t copied = 0;
  for (std::size_t i = href_.find('%'); i != std::string::npos; i = href_.find('%', i + 1)) {
    if (encoded_octet(href_, i) >= 0) continue;
    sent.append(href_, copied, i + 1 - copied).append("25");
    copied = i + 1;
  }
  return sent.append(href_, copied);
}

std::string Url::origin() const {
  std::string origin(scheme());
  origin += "://";
  return origin.append(href_, host_begin_, path_begin_ - host_begin_);
}

bool Url::has_credentials() const { return host_begin_ != scheme_end_ + 3U; }

Url Url::without_credentials() const {
  Url url = *this;
  const auto begin = scheme_end_ + 3U;
  const std::uint32_t length = host_begin_ - begin;
  url.href_.erase(begin, length);
  url.username_end_ = url.host_begin_ = begin;
  url.host_end_ -= length;
  url.path_begin_ -= length;
  url.query_begin_ -= length;
  return url;
}

}  // namespace weft
