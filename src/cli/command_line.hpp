// A command's words, taken apart: which options were given, in order, and what is left.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "cli/option.hpp"
#include "weft/base/result.hpp"

namespace weft {

struct Given {
  const Option* option = nullptr;  // in the table, which must outlive this
  std::string value;
  std::string place{};  // "weft.toml:3"; empty: the command line
};

struct CommandLine {
  std::vector<Given> given;       // in the order written
  std::vector<std::string> rest;  // words that are no options: URLs
  bool help = false;              // -h or --help
};

// --name VALUE, --name=VALUE, -x VALUE, -xVALUE, -qv, and -- before words that begin with a
// dash. Fails on an unknown option, with the one that was probably meant, and on a missing
// value.
Result<CommandLine> read_command_line(const OptionTable& table, std::span<const std::string> words);

// Sets what was given, in order. The error names the option and where it was written.
Result<void> apply(std::span<const Given> given);

}  // namespace weft
