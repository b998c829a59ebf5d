// Text files that a user names.
//
// Errors say why, without the name: "No such file or directory".
#pragma once

#include <iosfwd>
#include <string>

#include "weft/base/result.hpp"

namespace weft {

Result<void> open_text_file(const std::string& path, std::ifstream& file);

// The whole of it; "-" is standard input.
Result<std::string> read_text_file(const std::string& path);

}  // namespace weft
