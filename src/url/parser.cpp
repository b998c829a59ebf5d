#include "url/parser.hpp"

#include <algorithm>

#include "url/host.hpp"
#include "url/octets.hpp"
#include "weft/base/text.hpp"
#include "weft/base/utf8.hpp"

namespace weft {

struct UrlScheme {
  std::string_view name;
  std::uint16_t port;
  bool web = false;
};

namespace {

using url::is;
using url::is_slash;

constexpr UrlScheme kSchemes[] = {
    {"https", 443, true}, {"http", 80, true}, {"ftp", 21}, {"ftps", 990}, {"sftp", 22}};

// Null where there is none of this name.
const UrlScheme* scheme_named(std::string_view name) {
  for (const UrlScheme& scheme : kSchemes) {
    if (equals_ignoring_case(name, scheme.name)) return &scheme;
  }
  return nullptr;
}

bool is_printable_ascii(std::string_view text) {
  bool plain = true;  // no early exit: the loop becomes a few vector instructions
  for (const char c : text) plain &= static_cast<unsigned char>(c - 0x20) < 0x5f;
  return plain;
}

// Without the C0 controls and spaces around it.
std::string_view trimmed(std::string_view text) {
  const auto around = [](char c) { return static_cast<unsigned char>(c) <= ' '; };
  while (!text.empty() && around(text.front())) text.remove_prefix(1);
  while (!text.empty() && around(text.back())) text.remove_suffix(1);
  return text;
}

// Without tabs and newlines; what is not UTF-8 becomes U+FFFD.
std::string cleaned(std::string_view text) {
  std::string clean;
  clean.reserve(text.size());
  for (std::size_t i = 0; i < text.size();) {
    const Utf8Char c = utf8_at(text, i);
    const bool dropped = c.code == '\t' || c.code == '\n' || c.code == '\r';
    if (!dropped) clean.append(c.valid ? text.substr(i, c.length) : kReplacementUtf8);
    i += c.length;
  }
  return clean;
}

// The scheme that `text` begins with, without its ':'; empty when it has none.
std::string_view scheme_of(std::string_view text) {
  if (text.empty() || !is_ascii_alpha(text[0])) return {};
  for (std::size_t i = 1; i < text.size(); ++i) {
    const char c = text[i];
    if (c == ':') return text.substr(0, i);
    if (!is_ascii_alpha(c) && !is_ascii_digit(c) && c != '+' && c != '-' && c != '.') return {};
  }
  return {};
}

// '?' is a part of a file's name where there are no queries.
std::string without_query(std::string_view text) {
  std::string path;
  for (std::size_t mark = text.find('?'); mark != text.npos; mark = text.find('?')) {
    path.append(text.substr(0, mark)).append("%3F");
    text.remove_prefix(mark + 1);
  }
  return path.append(text);
}

enum class Dots { none, one, two };

// "." and ".." also when percent-encoded: %2e.
Dots dots_of(std::string_view segment) {
  int dots = 0;
  while (!segment.empty() && dots < 3) {
    const bool encoded = starts_with_ignoring_case(segment, "%2e");
    if (!encoded && segment[0] != '.') return Dots::none;
    segment.remove_prefix(encoded ? 3 : 1);
    ++dots;
  }
  return dots == 1 ? Dots::one : dots == 2 ? Dots::two : Dots::none;
}

}  // namespace

tl::expected<Url, UrlError> UrlParser::parse(std::string_view text, const Url* base,
                                             Schemes schemes) {
  if (text.size() > kMaxUrlLength) return tl::unexpected(UrlError::too_long);
  text = trimmed(text);
  std::string clean;
  if (!is_printable_ascii(text)) {
    clean = cleaned(text);
    text = clean;
  }
  // No state takes '#' as anything but the beginning of the fragment.
  text = text.substr(0, text.find('#'));

  if (schemes == Schemes::download) {
    const UrlScheme* scheme = scheme_named(scheme_of(text));
    if (scheme != nullptr && !scheme->web) text = clean = without_query(text);
  }
  UrlParser parser(text, base, schemes);
  if (auto parsed = parser.read(); !parsed) return tl::unexpected(parsed.error());
  if (parser.url_.href_.size() > kMaxUrlLength) return tl::unexpected(UrlError::too_long);
  return std::move(parser.url_);
}

UrlParser::Parsed UrlParser::read() {
  const std::string_view scheme = scheme_of(rest_);
  if (scheme.empty()) {
    if (base_ == nullptr) return tl::unexpected(UrlError::missing_scheme);
    return read_relative();
  }
  const UrlScheme* known = scheme_named(scheme);
  if (known == nullptr || (!known->web && schemes_ == Schemes::web)) {
    return tl::unexpected(schemes_ == Schemes::web ? UrlError::not_http : UrlError::not_a_download);
  }
  rest_.remove_prefix(scheme.size() + 1);

  // "http:a" is relative to a base of the same scheme.
  const bool may_be_relative = base_ != nullptr && base_->scheme() == known->name;
  if (may_be_relative && !rest_.starts_with("//")) return read_relative();
  return read_authority(*known);
}

UrlParser::Parsed UrlParser::read_relative() {
  if (rest_.empty()) {
    url_ = *base_;
    return {};
  }
  if (is_slash(rest_[0])) {
    if (rest_.size() > 1 && is_slash(rest_[1]))
      return read_authority(*scheme_named(base_->scheme()));
    copy_from_base(base_->path_begin_);
    read_absolute_path();
    return {};
  }
  if (rest_[0] == '?') {
    copy_from_base(base_->query_begin_);
    read_query();
    return {};
  }
  copy_from_base(base_->href_.rfind('/', base_->query_begin_ - 1) + 1);
  read_segments();
  return {};
}

// Takes over the first `length` octets of the base: its authority and all or a part of
// its path.
void UrlParser::copy_from_base(std::size_t length) {
  url_.href_.reserve(length + rest_.size() + 1);
  url_.href_.assign(base_->href_, 0, length);
  url_.scheme_end_ = base_->scheme_end_;
  url_.username_end_ = base_->username_end_;
  url_.host_begin_ = base_->host_begin_;
  url_.host_end_ = base_->host_end_;
  url_.path_begin_ = base_->path_begin_;
  url_.port_ = base_->port_;
}

UrlParser::Parsed UrlParser::read_authority(const UrlScheme& scheme) {
  while (!rest_.empty() && is_slash(rest_[0])) rest_.remove_prefix(1);
  const auto end =
      std::find_if(rest_.begin(), rest_.end(), [](char c) { return is(c, url::kPathEnd); });
  std::string_view authority = rest_.substr(0, static_cast<std::size_t>(end - rest_.begin()));
  rest_.remove_prefix(authority.size());

  url_.href_.reserve(scheme.name.size() + 3 + authority.size() + rest_.size() + 1);
  url_.href_.append(scheme.name).append("://");
  url_.scheme_end_ = static_cast<std::uint8_t>(scheme.name.size());
  url_.username_end_ = url_.host_begin_ = static_cast<std::uint32_t>(url_.href_.size());
  if (const std::size_t at = authority.rfind('@'); at != std::string_view::npos) {
    read_credentials(authority.substr(0, at));
    authority.remove_prefix(at + 1);
  }
  if (auto parsed = read_host_and_port(authority, scheme.port); !parsed) return parsed;
  url_.path_begin_ = static_cast<std::uint32_t>(url_.href_.size());
  read_absolute_path();
  return {};
}

void UrlParser::read_credentials(std::string_view userinfo) {
  const std::size_t colon = userinfo.find(':');
  const std::string_view username = userinfo.substr(0, colon);
  const std::string_view password =
      colon == std::string_view::npos ? std::string_view() : userinfo.substr(colon + 1);
  if (username.empty() && password.empty()) return;
  url::append_encoded(url_.href_, username, url::kUserinfoSet);
  url_.username_end_ = static_cast<std::uint32_t>(url_.href_.size());
  if (!password.empty()) {
    url_.href_ += ':';
    url::append_encoded(url_.href_, password, url::kUserinfoSet);
  }
  url_.href_ += '@';
  url_.host_begin_ = static_cast<std::uint32_t>(url_.href_.size());
}

UrlParser::Parsed UrlParser::read_host_and_port(std::string_view text, std::uint16_t standard) {
  // The colons of an IPv6 address are inside its brackets.
  const std::size_t bracket = text.starts_with('[') ? text.find(']') : 0;
  const std::size_t colon =
      bracket == std::string_view::npos ? std::string_view::npos : text.find(':', bracket);
  if (!url::append_host(url_.href_, text.substr(0, colon))) {
    return tl::unexpected(UrlError::bad_host);
  }
  url_.host_end_ = static_cast<std::uint32_t>(url_.href_.size());

  url_.port_ = standard;
  if (colon == std::string_view::npos) return {};
  std::string_view digits = text.substr(colon + 1);
  if (digits.empty()) return {};
  unsigned port = 0;
  for (const char c : digits) {
    if (!is_ascii_digit(c)) return tl::unexpected(UrlError::bad_port);
    port = port * 10 + static_cast<unsigned>(c - '0');
    if (port > 65535) return tl::unexpected(UrlError::bad_port);
  }
  url_.port_ = static_cast<std::uint16_t>(port);
  if (port != standard) url_.href_.append(":").append(std::to_string(port));
  return {};
}

void UrlParser::read_absolute_path() {
  url_.href_ += '/';
  if (!rest_.empty() && is_slash(rest_[0])) rest_.remove_prefix(1);
  read_segments();
}

// REQUIRES: href_ ends in '/': the segments before are complete.
void UrlParser::read_segments() {
  std::string& href = url_.href_;
  for (bool more = true; more;) {
    std::size_t end = 0;
    bool plain = true;
    while (end < rest_.size() && !is(rest_[end], url::kPathEnd)) {
      plain &= !is(rest_[end], url::kPathSet);
      ++end;
    }
    const std::string_view segment = rest_.substr(0, end);
    more = end < rest_.size() && is_slash(rest_[end]);
    rest_.remove_prefix(more ? end + 1 : end);

    const Dots dots = dots_of(segment);
    if (dots == Dots::two) drop_last_segment();
    if (dots != Dots::none) continue;
    if (plain) {
      href.append(segment);
    } else {
      url::append_encoded(href, segment, url::kPathSet);
    }
    if (more) href += '/';
  }
  read_query();
}

void UrlParser::drop_last_segment() {
  std::string& href = url_.href_;
  if (href.size() == url_.path_begin_ + 1) return;  // nothing is above the root
  href.resize(href.rfind('/', href.size() - 2) + 1);
}

void UrlParser::read_query() {
  url_.query_begin_ = static_cast<std::uint32_t>(url_.href_.size());
  if (rest_.empty()) return;
  url_.href_ += '?';
  url::append_encoded(url_.href_, rest_.substr(1), url::kQuerySet);
}

}  // namespace weft
