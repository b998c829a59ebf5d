#include "url/octets.hpp"

#include "weft/base/text.hpp"

namespace weft::url {

void append_encoded(std::string& out, std::string_view text, Octet set) {
  static constexpr std::string_view kHex = "0123456789ABCDEF";
  std::size_t clean = 0;  // where the run not yet appended begins
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (!is(text[i], set)) continue;
    out.append(text, clean, i - clean);
    const auto octet = static_cast<unsigned char>(text[i]);
    out += {'%', kHex[octet >> 4], kHex[octet & 15]};
    clean = i + 1;
  }
  out.append(text, clean);
}

int encoded_octet(std::string_view text, std::size_t at) {
  if (at + 2 >= text.size() || text[at] != '%') return -1;
  const int high = hex_value(text[at + 1]);
  const int low = hex_value(text[at + 2]);
  return high < 0 || low < 0 ? -1 : high << 4 | low;
}

std::string percent_decode(std::string_view text) {
  std::string decoded;
  decoded.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    const int octet = encoded_octet(text, i);
    decoded.push_back(octet < 0 ? text[i] : static_cast<char>(octet));
    if (octet >= 0) i += 2;
  }
  return decoded;
}

}  // namespace weft::url
