// `weft get`: its options read, its help, and the run they ask for.
#pragma once

#include <optional>
#include <string>

#include "cli/commands.hpp"
#include "cli/options.hpp"

namespace weft {

std::string get_help();

// What the words ask for, what is wanted on the command line among it; nothing where they ask
// for help. Refuses what cannot be, such as -O with more than one URL.
Result<std::optional<GetOptions>> read_get_options(Words words);

}  // namespace weft
