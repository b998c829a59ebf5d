// Addresses as hosts of URLs: every form browsers read, written in the one canonical way.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace weft::url {

// WHATWG URL §3.5 "ends in a number": such a host is an IPv4 address or no host at all.
bool ends_in_number(std::string_view host);

// One to four decimal, octal (0177) or hexadecimal (0x7f) numbers, the last of which
// fills what is left; a final dot is allowed.
std::optional<std::uint32_t> parse_ipv4(std::string_view text);
void append_ipv4(std::string& out, std::uint32_t address);

using Ipv6 = std::array<std::uint16_t, 8>;

// Without the brackets; zones are refused.
std::optional<Ipv6> parse_ipv6(std::string_view text);

// RFC 5952 §4: the longest run of two or more zeros becomes "::", the first of equals.
void append_ipv6(std::string& out, const Ipv6& address);

}  // namespace weft::url
