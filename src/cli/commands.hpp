// The commands of the program. Each is given the words after its name.
#pragma once

#include <span>
#include <string>

#include "cli/exit_code.hpp"

namespace weft {

using Words = std::span<const std::string>;

// All of them, by the first word; --help and --version too.
ExitCode run_program(Words words);

ExitCode crawl_command(Words words);
ExitCode get_command(Words words);
ExitCode resume_command(Words words);
ExitCode robots_command(Words words);

}  // namespace weft
