// Digests of bodies, as records carry them.
//
// Threads: may be called from any thread.
#pragma once

#include <string>
#include <string_view>

namespace weft {

// "sha256:" and 64 lower case hexadecimal digits (FIPS 180-4).
std::string sha256_hex(std::string_view bytes);

}  // namespace weft
