#include "weft/url/identity.hpp"

#include <libpsl.h>
#define XXH_INLINE_ALL
#include <xxhash.h>

#include <algorithm>
#include <array>

#include "url/ip_literal.hpp"
#include "url/octets.hpp"
#include "weft/base/text.hpp"
#include "weft/url/percent.hpp"

namespace weft {

namespace {

// RFC 3986 §2.3: encoded or not, these are the same.
constexpr bool is_unreserved(char c) {
  return is_ascii_alpha(c) || is_ascii_digit(c) || c == '-' || c == '.' || c == '_' || c == '~';
}

// A URL on its way into the hash, through a buffer that never leaves the stack.
class FoldedHash {
 public:
  FoldedHash() { XXH3_64bits_reset(&state_); }

  void put(std::string_view text) {
    if (text.size() > buffer_.size() - used_) flush();
    if (text.size() > buffer_.size()) {
      XXH3_64bits_update(&state_, text.data(), text.size());
      return;
    }
    std::copy(text.begin(), text.end(), buffer_.begin() + static_cast<std::ptrdiff_t>(used_));
    used_ += text.size();
  }

  // Short URLs, nearly all of them, are hashed in one go; the value is the same.
  Fingerprint digest() {
    if (!flushed_) return XXH3_64bits(buffer_.data(), used_);
    flush();
    return XXH3_64bits_digest(&state_);
  }

 private:
  void flush() {
    XXH3_64bits_update(&state_, buffer_.data(), used_);
    used_ = 0;
    flushed_ = true;
  }

  XXH3_state_t state_;
  std::array<char, 512> buffer_;
  std::size_t used_ = 0;
  bool flushed_ = false;
};

}  // namespace

Fingerprint fingerprint_of_text(std::string_view reference) {
  return XXH3_64bits(reference.data(), reference.size());
}

Fingerprint fingerprint(const Url& url) {
  std::string_view rest = url.href();
  std::size_t percent = rest.find('%');
  if (percent == std::string_view::npos) return XXH3_64bits(rest.data(), rest.size());

  FoldedHash hash;
  for (; percent != std::string_view::npos; percent = rest.find('%')) {
    hash.put(rest.substr(0, percent));
    rest.remove_prefix(percent);
    const int octet = encoded_octet(rest, 0);
    if (octet < 0) {  // sent as %25
      hash.put("%25");
      rest.remove_prefix(1);
      continue;
    }
    const char plain = static_cast<char>(octet);
    const auto upper = [](char c) { return c >= 'a' ? static_cast<char>(c - 32) : c; };
    const std::array<char, 3> encoded{'%', upper(rest[1]), upper(rest[2])};
    hash.put(is_unreserved(plain) ? std::string_view(&plain, 1)
                                  : std::string_view(encoded.data(), encoded.size()));
    rest.remove_prefix(3);
  }
  hash.put(rest);
  return hash.digest();
}

namespace {

bool matches(std::string_view key, std::string_view pattern) {
  if (!pattern.ends_with('*')) return key == pattern;
  return key.starts_with(pattern.substr(0, pattern.size() - 1));
}

}  // namespace

Url without_query_keys(const Url& url, std::span<const std::string> patterns) {
  const std::string_view href = url.href();
  std::string stripped(href.substr(0, href.size() - url.target().size() + url.path().size()));
  bool dropped = false;
  char mark = '?';
  std::string_view rest = url.query();
  for (bool more = true; more;) {
    const std::size_t end = rest.find('&');
    const std::string_view pair = rest.substr(0, end);
    more = end != std::string_view::npos;
    rest.remove_prefix(more ? end + 1 : rest.size());
    const std::string key = percent_decode(pair.substr(0, pair.find('=')));
    if (std::any_of(patterns.begin(), patterns.end(),
                    [&](const std::string& pattern) { return matches(key, pattern); })) {
      dropped = true;
      continue;
    }
    (stripped += mark).append(pair);
    mark = '&';
  }
  return dropped ? Url::parse(stripped).value() : url;
}

namespace {

std::string_view without_final_dot(std::string_view host) {
  return host.size() > 1 && host.ends_with('.') ? host.substr(0, host.size() - 1) : host;
}

}  // namespace

HostKey host_key(const Url& url) { return {std::string(without_final_dot(url.host()))}; }

std::string registrable_domain(std::string_view host) {
  std::string name(without_final_dot(host));
  const bool has_empty_label = ('.' + name + '.').find("..") != std::string::npos;
  if (has_empty_label) return std::string(host);
  if (name.starts_with('[') || url::ends_in_number(name)) return name;
  // The system's list where it is newer than the one built in; kept for good.
  static const psl_ctx_t* const list = psl_latest(nullptr);
  const char* domain = psl_registrable_domain(list, name.c_str());
  return domain == nullptr ? name : std::string(domain);
}

}  // namespace weft
