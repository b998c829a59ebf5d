// The one spelling in which robots.txt patterns and URLs are compared (RFC 9309 §2.2.2).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace weft::page {

enum class RobotsText : std::uint8_t {
  pattern,           // a raw '*', and a raw '$' at the end, keep their meaning
  target,            // path and query of a URL: every octet is literal
  query_as_written,  // a target whose query keeps %2F, %3A, %3F and %40 apart from / : ? @
};

// Unreserved octets plain, all others percent-encoded in upper case, except that reserved
// octets stay as they were written: /a%2Fb is not /a/b. A literal '*' or '$' is always
// encoded, so that it cannot be mistaken for a wildcard. Past the first '?' the delimiters
// / : ? @ delimit nothing and are the same plain or encoded, as in the figure of §2.2.2.
std::string normal_robots_path(std::string_view text, RobotsText kind);

// Would normal_robots_path(target) be `target` itself? True for most URLs, which then need
// no copy.
bool is_normal_robots_target(std::string_view target);

}  // namespace weft::page
