// One option of a command: how it is written, what help says of it, and what it sets.
// The same table reads the command line and configuration files and prints help, so the
// three cannot disagree.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "weft/base/result.hpp"

namespace weft {

// What becomes of an option in a job that may be gone on with (weft resume).
enum class InJob : std::uint8_t {
  kept,        // the job remembers it, and it holds to the job's end
  may_change,  // the job remembers it, until another value is given
  judges,      // as may_change; then what is queued and what was refused is judged again
  each_run,    // of one run alone, and may be given to each
  first_run,   // where a job starts and lies: neither remembered nor given again
};

struct Option {
  std::string name;         // "per-host": --per-host, and the key in configuration files
  char letter = 0;          // 'x' for -x; 0: none
  std::string value{};      // what help calls its value: "N"; empty: it takes none
  std::string help{};       // one line or a few, without the default
  std::string otherwise{};  // the default, for help; empty: not worth a word
  InJob in_job = InJob::kept;
  bool is_file = false;  // its value names a file, or '-'

  // Called once for each time it is given, in the order given: the last one wins, or all
  // count where the option can be repeated. Options without a value get "". An error is a
  // sentence without the option's name.
  std::function<Result<void>(std::string_view value)> set{};
};

struct OptionGroup {
  std::string title;
  std::vector<Option> options;
};
using OptionTable = std::vector<OptionGroup>;

// The option of this long name, or null.
const Option* find_option(const OptionTable& table, std::string_view name);

// --config and what else only the command line can hold.
inline constexpr std::string_view kConfigOption = "config";

}  // namespace weft
