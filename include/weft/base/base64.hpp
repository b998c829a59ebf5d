// Base 64 (RFC 4648 §4).
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace weft {

// The bytes; nothing where `text` holds anything but the alphabet and the padding at its end.
// Padding may be missing, and bits past the last byte are not looked at (RFC 8941 §4.2.7).
std::optional<std::string> decode_base64(std::string_view text);

}  // namespace weft
