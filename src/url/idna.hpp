// Domain names beyond ASCII.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace weft::url {

// WHATWG URL §3.3 "domain to ASCII", beStrict false: UTS 46 ToASCII, nontransitional,
// with the joiner and bidi checks, without limits on hyphens and lengths. A name that
// is ASCII already is only lowered, valid Punycode or not. Octets that are not UTF-8
// and what no domain may hold are for the caller to refuse in the result.
std::optional<std::string> domain_to_ascii(std::string_view domain);

}  // namespace weft::url
