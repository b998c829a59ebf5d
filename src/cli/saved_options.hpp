// What a job remembers of what was asked for, so that `weft resume JOB` needs nothing else:
// options as they were given, by long name and in order, to be given again.
//
// In job.db they stand as meta 'options': [["scope","host"],["exclude","\\.pdf$"]].
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "cli/command_line.hpp"
#include "cli/option.hpp"

namespace weft {

struct SavedOption {
  std::string name;
  std::string value;  // empty: it takes none

  friend bool operator==(const SavedOption&, const SavedOption&) = default;
};
using SavedOptions = std::vector<SavedOption>;

// Those of `given` that a job remembers. Files get absolute paths: a job may be gone on with
// from any directory.
SavedOptions saved(std::span<const Given> given);

// A list of texts, or of pairs of them, as JSON and back. to_json fails on text that is not
// UTF-8, which JSON cannot carry.
Result<std::string> to_json(const SavedOptions& options);
Result<SavedOptions> parse_saved_options(std::string_view json);
std::string to_json(std::span<const std::string> texts);
Result<std::vector<std::string>> parse_texts(std::string_view json);

// --- given anew to a job that is there

// Fails on the first that cannot be given to it, and says why.
Result<void> check_may_change(std::span<const Given> anew);

// Does one of them change what belongs to the crawl?
bool changes_scope(std::span<const Given> anew);

// An option given anew takes the place of all that was saved of it; --include and --exclude
// are one list and are replaced together.
SavedOptions replaced(SavedOptions saved, const SavedOptions& anew);

// The saved options as given to `table`. Fails on one that it does not hold.
Result<std::vector<Given>> given_again(const SavedOptions& saved, const OptionTable& table);

// The part of `table` that may be given to a job that is there, for help.
OptionTable changeable(const OptionTable& table);

// "--jobs 8 --exclude 'a b'": for the log.
std::string to_text(const SavedOptions& options);

}  // namespace weft
