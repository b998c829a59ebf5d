#include "cli/tell.hpp"

#include <fmt/core.h>

#include <cstdio>

namespace weft {

void tell(std::string_view message) {
  const std::string line = fmt::format("weft: {}\n", message);
  std::fwrite(line.data(), 1, line.size(), stderr);  // unbuffered, and nowhere to report failure
}

}  // namespace weft
