// Options from a file (--config): the table that reads the command line reads this too.
#pragma once

#include <string>
#include <string_view>

#include "cli/command_line.hpp"
#include "cli/option.hpp"

namespace weft {

// Sets what the file at `path` holds for `command`: keys above the first table, and those
// under [command]. What `line` gives too is left alone; apply `line` after this, so that the
// command line wins. The error names file and line.
Result<void> apply_config(const std::string& path, std::string_view command,
                          const OptionTable& table, const CommandLine& line);

// The same for the text of a file.
Result<void> apply_config_text(std::string_view text, std::string_view path,
                               std::string_view command, const OptionTable& table,
                               const CommandLine& line);

}  // namespace weft
