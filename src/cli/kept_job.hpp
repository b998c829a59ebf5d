// What a job remembers of its start, and a job opened again to go on.
//
// In job.db's meta: 'command', 'options', 'logins' (seeds with a user name and password, which
// its URLs do not carry), 'weft_version', 'judge_again' (empty: no).
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "cli/job_dir.hpp"
#include "cli/options.hpp"
#include "weft/store/job_db.hpp"

namespace weft {

// Commits what `options` and their seeds give a job to remember.
Result<void> remember_start(JobDb& db, const CrawlOptions& options);

// The same for what is given anew to a job. Its scope is judged again by the next run too,
// should this one be killed before that is done.
struct GivenAnew {
  SavedOptions options;  // all of them
  bool changes_scope = false;
};
Result<void> remember_change(JobDb& db, const GivenAnew& given);

struct KeptJob {
  JobDir dir;
  std::unique_ptr<JobDb> db;
  SavedOptions options;
  std::vector<Url> logins;
  bool must_judge_again = false;
};

// Locks and reads the job in a directory; nothing in it is changed. Refuses what is no job,
// one that is damaged, of another format, or being worked on, and says which.
Started<KeptJob> open_kept_job(const std::string& path);

}  // namespace weft
