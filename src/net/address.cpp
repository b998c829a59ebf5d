#include "weft/net/address.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <span>

namespace weft {

namespace {

struct Range {
  std::array<std::uint8_t, 4> prefix;  // the leading octets; the rest are zero
  int bits;
};

// IANA IPv4 Special-Purpose Address Registry, and multicast.
constexpr Range kSpecialV4[] = {
    {{0}, 8},
    {{10}, 8},
    {{100, 64}, 10},
    {{127}, 8},
    {{169, 254}, 16},
    {{172, 16}, 12},
    {{192, 0, 0}, 24},
    {{192, 0, 2}, 24},
    {{192, 88, 99}, 24},
    {{192, 168}, 16},
    {{198, 18}, 15},
    {{198, 51, 100}, 24},
    {{203, 0, 113}, 24},
    {{224}, 4},
    {{240}, 4},
};

// Inside 2000::/3, the only block that holds global unicast addresses.
constexpr Range kSpecialV6[] = {
    {{0x20, 0x01, 0x00}, 23},        // IETF protocol assignments, Teredo among them
    {{0x20, 0x01, 0x0d, 0xb8}, 32},  // documentation
    {{0x3f, 0xff, 0x00}, 20},        // documentation
};

bool within(std::span<const std::uint8_t> octets, const Range& range) {
  for (int i = 0; i * 8 < range.bits; ++i) {
    const int bits = std::min(8, range.bits - i * 8);
    const auto mask = static_cast<std::uint8_t>(0xff << (8 - bits));
    if ((octets[i] & mask) != range.prefix[i]) return false;
  }
  return true;
}

bool is_special_v4(std::span<const std::uint8_t, 4> octets) {
  return std::ranges::any_of(kSpecialV4, [&](const Range& range) { return within(octets, range); });
}

template <std::size_t N>
bool starts_with(const IpAddress& address, const std::array<std::uint8_t, N>& prefix) {
  return std::equal(prefix.begin(), prefix.end(), address.octets.begin());
}

}  // namespace

std::optional<IpAddress> parse_ip(std::string_view text) {
  const bool bracketed = text.size() > 2 && text.front() == '[' && text.back() == ']';
  if (bracketed) text = text.substr(1, text.size() - 2);
  // inet_pton wants a terminated string; nothing longer can be an address.
  std::array<char, INET6_ADDRSTRLEN> terminated{};
  if (text.size() >= terminated.size() || text.find('\0') != text.npos) return std::nullopt;
  std::copy(text.begin(), text.end(), terminated.begin());

  IpAddress address;
  address.v6 = bracketed || text.find(':') != text.npos;
  const int family = address.v6 ? AF_INET6 : AF_INET;
  if (inet_pton(family, terminated.data(), address.octets.data()) != 1) return std::nullopt;
  return address;
}

std::string to_text(const IpAddress& address) {
  std::array<char, INET6_ADDRSTRLEN> text{};
  inet_ntop(address.v6 ? AF_INET6 : AF_INET, address.octets.data(), text.data(),
            static_cast<socklen_t>(text.size()));
  return text.data();
}

bool is_special(const IpAddress& address) {
  const std::span<const std::uint8_t, 16> octets = address.octets;
  if (!address.v6) return is_special_v4(octets.first<4>());

  constexpr std::array<std::uint8_t, 12> kMapped{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
  constexpr std::array<std::uint8_t, 12> kNat64{0, 0x64, 0xff, 0x9b};
  constexpr std::array<std::uint8_t, 2> k6to4{0x20, 0x02};
  if (starts_with(address, kMapped) || starts_with(address, kNat64)) {
    return is_special_v4(octets.last<4>());
  }
  if (starts_with(address, k6to4)) return is_special_v4(octets.subspan<2, 4>());

  const bool global_unicast = (octets[0] & 0xe0) == 0x20;
  return !global_unicast ||
         std::ranges::any_of(kSpecialV6, [&](const Range& range) { return within(octets, range); });
}

}  // namespace weft
