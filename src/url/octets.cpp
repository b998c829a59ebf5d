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

std::string percent_decode(std::string_view text) {
  std::string decoded;
  decoded.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool whole = text[i] == '%' && i + 2 < text.size();
    const int high = whole ? hex_value(text[i + 1]) : -1;
    const int low = whole ? hex_value(text[i + 2]) : -1;
    if (high < 0 || low < 0) {
      decoded += text[i];
      continue;
    }
    decoded += static_cast<char>(high << 4 | low);
    i += 2;
  }
  return decoded;
}

}  // namespace weft::url
