// What a job remembers of its start, and a job opened again to go on.
//
// In job.db's meta: 'command', 'options', 'weft_version', 'finished' (empty: no), and once it is
// finished 'end' (ended_job.hpp); of crawls 'logins' (seeds with a user name and password, which
// its URLs do not carry), 'judge_again' and 'begin_visit' (what a run that was stopped has still
// to do; empty: nothing); of batches of downloads 'inputs' (its lists, by absolute paths).
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

// The same for what is given anew to a job. What takes long is done by the next run, should this
// one be stopped before it has.
struct GivenAnew {
  SavedOptions options;  // all of them
  bool changes_scope = false;
  bool begins_visit = false;
};
Result<void> remember_change(JobDb& db, const GivenAnew& given);

struct KeptJob {
  JobDir dir;
  std::unique_ptr<JobDb> db;
  SavedOptions options;
  std::vector<Url> logins;
  bool must_judge_again = false;
  bool must_begin_visit = false;
};

// Locks and reads the job of `command` in a directory; nothing in it is changed. Refuses what is
// no job, one that is damaged, of another format or command, or being worked on, and says which.
Started<KeptJob> open_kept_job(const std::string& path, std::string_view command = kCrawlJob);

// A text the job remembers, or empty.
Result<std::string> recall(JobDb& db, std::string_view key);

}  // namespace weft
