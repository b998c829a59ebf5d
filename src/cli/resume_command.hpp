// weft resume JOB, and weft crawl --update JOB: what is asked of a job that is there.
#pragma once

#include <optional>
#include <string>

#include "cli/commands.hpp"
#include "cli/option.hpp"
#include "cli/saved_options.hpp"

namespace weft {

struct ResumeRequest {
  std::string job;              // its directory
  bool update = false;          // visit its pages again
  bool judge_again = false;     // the scope has changed
  SavedOptions anew{};          // given to the job, which remembers them
  SavedOptions for_this_run{};  // --quiet and the like
};

// The words after "resume", of a job that has these options; nothing where help is asked for.
Result<std::optional<ResumeRequest>> read_resume(Words words, const OptionTable& table);

// The words after "crawl" where --update is among them; nothing where it is not, where help is
// asked for, and where they cannot be read at all.
Result<std::optional<ResumeRequest>> read_update(Words words);

std::string resume_help();

}  // namespace weft
