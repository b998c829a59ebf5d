// When two URLs are one page, one host, one site.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "weft/url/url.hpp"

namespace weft {

// 64 bits that stand for a page in the visited set. Beyond href() it folds what RFC
// 3986 §6.2.2 says never changes the resource: the case of percent-encodings and
// percent-encoded unreserved octets (%7Ea is ~a); a '%' that encodes nothing is the %25 it
// is sent as. 10 million URLs collide with probability 3e-6. No allocation.
using Fingerprint = std::uint64_t;
Fingerprint fingerprint(const Url& url);

// Of a reference that never became a URL: of its bytes.
Fingerprint fingerprint_of_text(std::string_view reference);

// The URL without the query keys that match one of `patterns` (a key, or a prefix
// ending in '*' such as utm_*; keys are percent-decoded first): for comparing, never for
// requesting.
Url without_query_keys(const Url& url, std::span<const std::string> patterns);

// Whom politeness protects: the host name whatever the scheme, port or final dot
// ("h.example." is h.example), because it is one machine that answers.
struct HostKey {
  std::string name;
  friend bool operator==(const HostKey&, const HostKey&) = default;
  friend auto operator<=>(const HostKey&, const HostKey&) = default;
};
HostKey host_key(const Url& url);

// "example.co.uk" of "www.example.co.uk" by the public suffix list (the system's, where
// it is newer than libpsl's own); the host itself for addresses, single labels, public
// suffixes and hosts with empty labels. A final dot is dropped.
std::string registrable_domain(std::string_view host);

}  // namespace weft

template <>
struct std::hash<weft::HostKey> {
  std::size_t operator()(const weft::HostKey& key) const noexcept {
    return std::hash<std::string>{}(key.name);
  }
};
