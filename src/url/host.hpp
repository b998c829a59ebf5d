// The host of a URL, read and written as WHATWG URL §3.5 has it.
#pragma once

#include <string>
#include <string_view>

namespace weft::url {

// Appends the host of an http(s) URL in its canonical form: a lower-case ASCII domain,
// a dotted IPv4 address, or an IPv6 address in brackets. False when `text` is no host;
// `out` is then unspecified.
// REQUIRES: `text` is valid UTF-8.
bool append_host(std::string& out, std::string_view text);

}  // namespace weft::url
