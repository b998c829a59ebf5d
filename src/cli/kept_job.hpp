// What a job remembers of its start, and a job opened again to go on.
//
// In job.db's meta: 'command', 'options', 'weft_version'; of crawls 'logins' (seeds with a user
// name and password, which its URLs do not carry), 'judge_again' (empty: no); of batches of
// downloads 'inputs' (its lists, by absolute paths), 'finished' (empty: no).
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "cli/job_dir.hpp"
#include "cli/options.hpp"
#include "weft/store/job_db.hpp"

namespace weft {

inline constexpr std::string_view kCrawlJob = "crawl";
inline constexpr std::string_view kGetJob = "get";

// Commits what a job of `command` is to remember: its options, and texts of its own by key.
struct JobStart {
  std::string_view command;
  const SavedOptions& options;
  std::vector<std::pair<std::string_view, std::string>> texts{};
};
Started<void> remember_start(JobDb& db, const JobStart& start);

// That of a crawl: the logins of its seeds besides.
Started<void> remember_crawl(JobDb& db, const CrawlOptions& options);

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

// Locks and reads the job of `command` in a directory; nothing in it is changed. Refuses what is
// no job, one that is damaged, of another format or command, or being worked on, and says which.
Started<KeptJob> open_kept_job(const std::string& path, std::string_view command = kCrawlJob);

// A text the job remembers, or empty.
Result<std::string> recall(JobDb& db, std::string_view key);

}  // namespace weft
