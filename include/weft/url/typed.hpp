// URLs as people write them: on a command line, in a list.
#pragma once

#include <string_view>

#include "weft/base/result.hpp"
#include "weft/url/url.hpp"

namespace weft {

// The error names the text, what it was for ("'mailto:a' is no URL PURPOSE: neither http nor
// https"), and the URL that was probably meant where only the scheme is missing.
Result<Url> parse_typed_url(std::string_view text, std::string_view purpose);

}  // namespace weft
