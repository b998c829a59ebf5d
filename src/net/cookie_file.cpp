#include "net/cookie_file.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <fstream>
#include <iterator>
#include <optional>

#include "weft/base/text.hpp"

namespace weft {

namespace {

constexpr std::string_view kHttpOnly = "#HttpOnly_";

// domain, subdomains, path, secure, expires, name, value
using Fields = std::array<std::string_view, 7>;

std::optional<Fields> split(std::string_view line) {
  Fields fields;
  for (std::size_t i = 0; i < fields.size(); ++i) {
    const std::size_t tab = std::min(line.find('\t'), line.size());
    const bool last = i + 1 == fields.size();
    if (!last && tab == line.size() && i + 2 < fields.size()) return std::nullopt;
    fields[i] = last ? line : line.substr(0, tab);
    line.remove_prefix(std::min(tab + 1, line.size()));
  }
  return fields;
}

// 0 is a session cookie: it lives as long as the run.
std::optional<Clock::wall_time> expiry(std::string_view text) {
  std::int64_t seconds = 0;
  const char* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, seconds);
  if (error != std::errc() || stop != end) return std::nullopt;
  constexpr std::int64_t kLast =
      std::chrono::duration_cast<std::chrono::seconds>(Clock::wall_time::max().time_since_epoch())
          .count();
  if (seconds == 0 || seconds >= kLast) return Clock::wall_time::max();
  return Clock::wall_time(std::chrono::seconds(seconds));
}

bool is_true(std::string_view text) { return equals_ignoring_case(text, "TRUE"); }

// RFC 6265 §5.1.4.
bool path_matches(std::string_view cookie, std::string_view request) {
  if (!request.starts_with(cookie)) return false;
  return request.size() == cookie.size() || cookie.ends_with('/') || request[cookie.size()] == '/';
}

}  // namespace

Result<CookieFile> CookieFile::read(const std::string& path) {
  if (path.empty()) return CookieFile();
  std::ifstream file(path, std::ios::binary);
  std::string text{std::istreambuf_iterator<char>(file), {}};
  if (!file.is_open() || file.bad()) return fail("cannot read the cookie file '{}'", path);
  auto cookies = parse(text);
  if (!cookies) return fail("cookie file '{}', {}", path, cookies.error().message);
  return cookies;
}

Result<CookieFile> CookieFile::parse(std::string_view text) {
  CookieFile file;
  for (int number = 1; !text.empty(); ++number) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (line.starts_with(kHttpOnly)) {
      line.remove_prefix(kHttpOnly.size());
    } else if (trim(line).empty() || line.starts_with('#')) {
      continue;
    }
    const auto fields = split(line);
    const auto expires = fields ? expiry((*fields)[4]) : std::nullopt;
    if (!expires) {
      return fail("line {}: not the seven tab-separated fields of the Netscape format", number);
    }
    const auto& [domain, subdomains, path, secure, _, name, value] = *fields;
    const bool dotted = domain.starts_with('.');
    file.cookies_.push_back({.domain = to_lower(domain.substr(dotted ? 1 : 0)),
                             .subdomains = is_true(subdomains),
                             .path = std::string(path),
                             .secure = is_true(secure),
                             .expires = *expires,
                             .pair = fmt::format("{}={}", name, value)});
  }
  std::ranges::stable_sort(file.cookies_, std::ranges::greater(),
                           [](const Cookie& cookie) { return cookie.path.size(); });
  return file;
}

bool CookieFile::applies(const Cookie& cookie, const Url& url, Clock::wall_time now) const {
  const std::string_view host = url.host();
  const bool whole = host == cookie.domain;
  const bool beneath = cookie.subdomains && host.size() > cookie.domain.size() &&
                       host.ends_with(cookie.domain) &&
                       host[host.size() - cookie.domain.size() - 1] == '.';
  return (whole || beneath) && path_matches(cookie.path, url.path()) &&
         (!cookie.secure || url.scheme() == "https") && cookie.expires > now;
}

std::string CookieFile::header_for(const Url& url, Clock::wall_time now) const {
  std::string header;
  for (const Cookie& cookie : cookies_) {
    if (!applies(cookie, url, now)) continue;
    if (!header.empty()) header += "; ";
    header += cookie.pair;
  }
  return header;
}

}  // namespace weft
