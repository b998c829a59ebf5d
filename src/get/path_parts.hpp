// Paths, part by part.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace weft::get {

// What '/' separates, without what is empty.
std::vector<std::string_view> parts_of(std::string_view path);

// Each part made safe (names.hpp), "." left out; at most kLongestPath bytes, for which
// directories are left out, the innermost first.
std::string safe_parts(std::string_view path);

}  // namespace weft::get
