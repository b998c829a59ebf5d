// IP addresses and the special ranges that pages from outside must not reach.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace weft {

struct IpAddress {
  std::array<std::uint8_t, 16> octets{};  // IPv4 in the first four
  bool v6 = false;
  friend bool operator==(const IpAddress&, const IpAddress&) = default;
};

// "127.0.0.1", "::1" or "[::1]"; nothing for anything else.
std::optional<IpAddress> parse_ip(std::string_view text);
std::string to_text(const IpAddress& address);  // no brackets

// Not globally reachable by the IANA special-purpose registries: loopback, private,
// link-local, shared, multicast, reserved, and IPv6 forms that embed such an IPv4.
bool is_special(const IpAddress& address);

}  // namespace weft
