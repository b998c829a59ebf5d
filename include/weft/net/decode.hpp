// Content codings undone, bounded: a decompression bomb costs what the limits say.
//
// The ratio is that of the bytes decoded so far to those taken so far, not to all that came: a
// bomb (1,000:1 and more) is dropped after its first MiB, in 1 ms or 2, however large it is
// itself. Real pages do not reach it: tables a program wrote come to 50:1.
#pragma once

#include <string>
#include <string_view>

#include "weft/base/outcome.hpp"
#include "weft/base/units.hpp"

namespace weft {

struct DecodeLimits {
  Bytes max_size{64u << 20};      // of the decoded body
  std::uint64_t max_ratio = 200;  // decoded over encoded, at any point past the first MiB
};

struct Decoded {
  Outcome outcome = Outcome::ok;  // ok, decode_error (damaged, unknown coding) or too_large
  std::string body;               // what could be decoded, also when it ended badly
  std::string message{};
};

// What requests ask for.
inline constexpr std::string_view kAcceptEncoding = "gzip, br, zstd";

// `coding` is the Content-Encoding value: a list, undone last to first (RFC 9110
// §8.4); empty or identity moves `body` through. A truncated stream is decode_error.
Decoded decode(std::string_view coding, std::string body, const DecodeLimits& limits);

// Undoes gzip if the bytes begin as gzip does, whatever anyone said (sitemaps).
Decoded gunzip_if_gzip(std::string body, const DecodeLimits& limits);

}  // namespace weft
