// Options from a file (--config): the table that reads the command line reads this too.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "cli/command_line.hpp"
#include "cli/option.hpp"

namespace weft {

// All that was given, in the order in which it is applied: what the file of --config holds for
// `command` (keys above the first table, and those under [command]), then the command line,
// which wins: what it gives too is left out of the file's. The error names file and line.
Result<std::vector<Given>> with_config(const CommandLine& line, std::string_view command,
                                       const OptionTable& table);

// What the text of a file gives.
Result<std::vector<Given>> read_config_text(std::string_view text, std::string_view path,
                                            std::string_view command, const OptionTable& table);

}  // namespace weft
