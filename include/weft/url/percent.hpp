// Percent-encoding, undone (RFC 3986 §2.1).
//
// Threads: may be called from any thread.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace weft {

// The octet that the "%XX" at `at` stands for; -1 where that is no "%XX".
int encoded_octet(std::string_view text, std::size_t at);

// Every valid %XX as its octet; a stray '%' stays.
std::string percent_decode(std::string_view text);

}  // namespace weft
