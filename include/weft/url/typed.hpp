// URLs as people write them: on a command line, in a list.
#pragma once

#include <cstdint>
#include <string_view>

#include "weft/base/result.hpp"
#include "weft/url/url.hpp"

namespace weft {

enum class UrlUse : std::uint8_t {
  page,      // to be read: http and https
  download,  // to be kept: ftp, ftps and sftp too
};

// The error names the text, what it was for, why it cannot be that ("'mailto:a' is no URL to
// start from: neither http nor https"), and the URL that was probably meant where only the
// scheme is missing.
Result<Url> parse_typed_url(std::string_view text, UrlUse use);

}  // namespace weft
