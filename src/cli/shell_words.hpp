// Words as a shell reads them: for commands that are there to be copied.
#pragma once

#include <string>
#include <string_view>

namespace weft {

// `word` itself where a POSIX shell takes it as it stands, otherwise in single quotes.
std::string shell_word(std::string_view word);

// The same, after "./" where a program would take the path for an option.
std::string shell_path(std::string_view path);

}  // namespace weft
