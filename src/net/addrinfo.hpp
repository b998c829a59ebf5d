// Addresses as the system has them, as ours.
#pragma once

#include <netinet/in.h>
#include <sys/socket.h>

#include <algorithm>
#include <cstring>
#include <optional>

#include "weft/net/resolver.hpp"

namespace weft {

// A name has so many at most: what a server says may go on for ever.
inline constexpr std::size_t kMaxAddresses = 32;

inline std::optional<IpAddress> to_ip(const sockaddr& address) {
  IpAddress ip;
  if (address.sa_family == AF_INET) {
    sockaddr_in v4;
    std::memcpy(&v4, &address, sizeof v4);
    std::memcpy(ip.octets.data(), &v4.sin_addr, sizeof v4.sin_addr);
    return ip;
  }
  if (address.sa_family == AF_INET6) {
    sockaddr_in6 v6;
    std::memcpy(&v6, &address, sizeof v6);
    std::memcpy(ip.octets.data(), &v6.sin6_addr, sizeof v6.sin6_addr);
    ip.v6 = true;
    return ip;
  }
  return std::nullopt;
}

// To the end, unless it is there already or there are enough.
inline void add_address(const sockaddr& address, Addresses& to) {
  const auto ip = to_ip(address);
  if (!ip || to.size() >= kMaxAddresses) return;
  if (std::ranges::find(to, *ip) == to.end()) to.push_back(*ip);
}

}  // namespace weft
