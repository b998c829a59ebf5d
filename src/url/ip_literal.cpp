#include "url/ip_literal.hpp"

#include <charconv>

#include "weft/base/text.hpp"

namespace weft::url {

namespace {

// Beyond this no number is part of an address; reading on could only overflow.
constexpr std::uint64_t kTooLarge = std::uint64_t{1} << 32;

std::optional<std::uint64_t> parse_ipv4_number(std::string_view text) {
  if (text.empty()) return std::nullopt;
  unsigned base = 10;
  if (text.size() >= 2 && text[0] == '0') {
    base = ascii_lower(text[1]) == 'x' ? 16 : 8;
    text.remove_prefix(base == 16 ? 2 : 1);
  }
  std::uint64_t value = 0;  // "0x" is 0
  for (const char c : text) {
    const int digit = hex_value(c);
    if (digit < 0 || static_cast<unsigned>(digit) >= base) return std::nullopt;
    value = value * base + static_cast<unsigned>(digit);
    if (value > kTooLarge) value = kTooLarge;
  }
  return value;
}

std::string_view without_final_dot(std::string_view host) {
  if (host.ends_with('.')) host.remove_suffix(1);
  return host;
}

}  // namespace

bool ends_in_number(std::string_view host) {
  host = without_final_dot(host);
  const std::string_view last = host.substr(host.rfind('.') + 1);
  if (last.empty() || !is_ascii_digit(last[0])) return false;
  return last.find_first_not_of("0123456789") == std::string_view::npos ||
         parse_ipv4_number(last).has_value();
}

std::optional<std::uint32_t> parse_ipv4(std::string_view text) {
  text = without_final_dot(text);
  std::uint64_t address = 0;
  for (int part = 0; part < 4; ++part) {
    const std::size_t dot = text.find('.');
    const auto number = parse_ipv4_number(text.substr(0, dot));
    if (!number) return std::nullopt;
    if (dot == std::string_view::npos) {
      const std::uint64_t room = kTooLarge >> 8 * part;
      if (*number >= room) return std::nullopt;
      return static_cast<std::uint32_t>(address | *number);
    }
    if (*number > 255) return std::nullopt;
    address |= *number << (24 - 8 * part);
    text.remove_prefix(dot + 1);
  }
  return std::nullopt;  // a fifth part
}

void append_ipv4(std::string& out, std::uint32_t address) {
  for (int shift = 24; shift >= 0; shift -= 8) {
    out += std::to_string(address >> shift & 255);
    if (shift > 0) out += '.';
  }
}

namespace {

// The dotted tail of an IPv6 address (::ffff:1.2.3.4): four plain decimals.
std::optional<std::uint32_t> parse_dotted_tail(std::string_view text) {
  std::uint32_t address = 0;
  for (int part = 0; part < 4; ++part) {
    const std::size_t dot = text.find('.');
    if ((dot == std::string_view::npos) != (part == 3)) return std::nullopt;
    const std::string_view number = text.substr(0, dot);
    const bool plain = !number.empty() && number.size() <= 3 &&
                       (number.size() == 1 || number[0] != '0') &&
                       number.find_first_not_of("0123456789") == std::string_view::npos;
    unsigned value = 256;
    if (plain) std::from_chars(number.data(), number.data() + number.size(), value);
    if (value > 255) return std::nullopt;
    address = address << 8 | value;
    if (part < 3) text.remove_prefix(dot + 1);
  }
  return address;
}

std::optional<std::uint16_t> parse_piece(std::string_view text) {
  if (text.empty() || text.size() > 4) return std::nullopt;
  unsigned value = 0;
  for (const char c : text) {
    if (hex_value(c) < 0) return std::nullopt;
    value = value << 4 | static_cast<unsigned>(hex_value(c));
  }
  return static_cast<std::uint16_t>(value);
}

}  // namespace

std::optional<Ipv6> parse_ipv6(std::string_view text) {
  Ipv6 pieces{};
  std::size_t count = 0;
  std::optional<std::size_t> gap;  // the piece before which "::" stands
  if (text.starts_with("::")) {
    gap = 0;
    text.remove_prefix(2);
  }
  while (!text.empty()) {
    const std::size_t colon = text.find(':');
    const std::string_view piece = text.substr(0, colon);
    if (colon == std::string_view::npos && piece.find('.') != std::string_view::npos) {
      const auto tail = parse_dotted_tail(piece);
      if (!tail || count > 6) return std::nullopt;
      pieces[count++] = static_cast<std::uint16_t>(*tail >> 16);
      pieces[count++] = static_cast<std::uint16_t>(*tail & 0xffff);
      break;
    }
    const auto value = parse_piece(piece);
    if (!value || count == 8) return std::nullopt;
    pieces[count++] = *value;
    if (colon == std::string_view::npos) break;
    text.remove_prefix(colon + 1);
    if (text.starts_with(':')) {
      if (gap) return std::nullopt;
      gap = count;
      text.remove_prefix(1);
    } else if (text.empty()) {
      return std::nullopt;  // a final single colon
    }
  }
  if (!gap) return count == 8 ? std::optional(pieces) : std::nullopt;
  if (count == 8) return std::nullopt;
  Ipv6 address{};
  for (std::size_t i = 0; i < count; ++i) address[i < *gap ? i : i + 8 - count] = pieces[i];
  return address;
}

void append_ipv6(std::string& out, const Ipv6& address) {
  std::size_t gap = 8;
  std::size_t gap_length = 1;
  for (std::size_t i = 0; i < 8; ++i) {
    std::size_t end = i;
    while (end < 8 && address[end] == 0) ++end;
    if (end - i > gap_length) {
      gap = i;
      gap_length = end - i;
    }
  }
  for (std::size_t i = 0; i < 8; ++i) {
    if (i == gap) {
      out += "::";
      i += gap_length - 1;
      continue;
    }
    if (i > 0 && out.back() != ':') out += ':';
    std::array<char, 4> digits{};
    const auto end = std::to_chars(digits.begin(), digits.end(), address[i], 16).ptr;
    out.append(digits.begin(), end);
  }
}

}  // namespace weft::url
