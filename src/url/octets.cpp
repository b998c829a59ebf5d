#include "url/octets.hpp"

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

}  // namespace weft::url
