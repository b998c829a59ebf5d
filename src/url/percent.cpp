#include "weft/url/percent.hpp"

#include "weft/base/text.hpp"

namespace weft {

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

}  // namespace weft
