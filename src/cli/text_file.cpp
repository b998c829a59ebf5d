#include "cli/text_file.hpp"

#include <sys/stat.h>

#include <cerrno>
#include <fstream>
#include <iostream>
#include <iterator>
#include <system_error>

namespace weft {

Result<void> open_text_file(const std::string& path, std::ifstream& file) {
  struct stat status {};
  if (::stat(path.c_str(), &status) == 0 && S_ISDIR(status.st_mode)) {
    return fail("it is a directory");  // which opens, and then reads as empty
  }
  file.open(path, std::ios::binary);
  if (!file) return fail("{}", std::generic_category().message(errno));
  return {};
}

Result<std::string> read_text_file(const std::string& path) {
  std::ifstream file;
  if (path != "-") {
    if (auto opened = open_text_file(path, file); !opened) return tl::unexpected(opened.error());
  }
  std::istream& in = path == "-" ? std::cin : file;
  std::string text(std::istreambuf_iterator<char>(in), {});
  if (in.bad()) return fail("it cannot be read to its end");
  return text;
}

}  // namespace weft
