#include "url/idna.hpp"

#include <idn2.h>

#include <algorithm>
#include <memory>

#include "weft/base/text.hpp"

namespace weft::url {

std::optional<std::string> domain_to_ascii(std::string_view domain) {
  if (std::all_of(domain.begin(), domain.end(),
                  [](char c) { return static_cast<unsigned char>(c) < 0x80; })) {
    return to_lower(domain);
  }
  if (domain.find('\0') != std::string_view::npos) return std::nullopt;
  char* ascii = nullptr;
  if (idn2_to_ascii_8z(std::string(domain).c_str(), &ascii, IDN2_NONTRANSITIONAL) != IDN2_OK)
    return std::nullopt;
  std::string r = ascii;
  idn2_free(ascii);
  return r;
}

}  // namespace weft::url
