// The one test of sitemaps and robots.txt for "is this an absolute URL we could fetch?".
#pragma once

#include <string_view>

#include "weft/base/text.hpp"

namespace weft::page {

constexpr bool is_http_url(std::string_view text) {
  return starts_with_ignoring_case(text, "http://") || starts_with_ignoring_case(text, "https://");
}

}  // namespace weft::page
