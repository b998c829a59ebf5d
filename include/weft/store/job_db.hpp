// The job database (SQLite, WAL): every URL a job knows and what became of it. The truth of
// a job: what is committed here happened, whatever else was written.
//
//   url(id, url, kind, depth, via_id, state, outcome, rule, priority, attempts, ...)
//   fetch(url_id, status, ...)      one row a record, with the fields of pages.jsonl
//   meta(key, value)                format, options, output offsets
//   host(...), robots(...)          what politeness knows
//
// Users may read it with sqlite3 while the job runs; the schema is in the README and stable.
//
// Threads:   one thread at a time: the sink thread while a job runs.
// Errors:    every method that touches the disk returns a Result whose Error names the file,
//            what failed and what to do. After a failed write the transaction is rolled back,
//            and every later write and commit answers the same Error: the job has lost
//            entries, and must be opened anew to go on from the last commit.
// Durable:   commit() survives kill -9 of the program. A power cut may take back the last
//            commits, never part of one.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "weft/base/result.hpp"
#include "weft/store/journal.hpp"

namespace weft {

inline constexpr int kJobFormat = 1;

// A queued task read back.
struct StoredTask {
  AdmittedUrl url;
  std::string via_url;  // of url.via; empty for seeds
  std::uint16_t attempts = 0;
};

// The queued tasks of one host that the frontier does not hold.
struct StoredTail {
  std::string host;
  std::uint64_t first_id = 0;
  std::uint64_t count = 0;
};

class JobDb {
 public:
  // Creates DIR/job.db in an existing directory; fails if there is one.
  static Result<std::unique_ptr<JobDb>> create(const std::string& directory);

  // Opens an existing job. The Error of a missing, damaged or newer-format database says
  // which it is and what to do; nothing is changed.
  static Result<std::unique_ptr<JobDb>> open(const std::string& directory);
  ~JobDb();

  // --- while the job runs

  // Adds to the transaction under way (begun when there is none). A record settles its URL,
  // whether or not the URL was told before; told later, its URL stays settled.
  Result<void> write(const JournalEntry& entry);

  // Ends the transaction; with it goes how far the output file has got (output_end: bytes of
  // pages.jsonl handed to the system, in which each record written so far stands).
  Result<void> commit();

  // Where the record just written ends in pages.jsonl; kept in its fetch row.
  void set_output_end(std::uint64_t offset);

  Result<void> put_meta(std::string_view key, std::string_view value);
  Result<std::optional<std::string>> meta(std::string_view key);

  // The next queued tasks of a host from id `from` on, in order of id.
  Result<std::vector<StoredTask>> tail(const std::string& host, std::uint64_t from,
                                       std::size_t limit);

  // --- when it is resumed

  Result<std::uint64_t> next_id();
  // Every fingerprint admitted (queued, settled) of a kind, in any order: for pages, what the
  // visited set held.
  Result<void> for_each_admitted(const std::function<void(std::uint64_t)>& visit,
                                 RecordKind kind = RecordKind::page);
  Result<void> for_each_refused(const std::function<void(std::uint64_t)>& visit);
  Result<std::vector<StoredTail>> tails();
  Result<std::vector<RobotsNote>> robots();
  Result<std::vector<HostNote>> hosts();
  Result<std::vector<std::pair<std::string, std::uint64_t>>> refused_by_rule();

  // Output found shorter than what was committed (a power cut): the records that stood past
  // `size` are taken back and their URLs queued again. Returns how many.
  Result<std::uint64_t> take_back_past(std::uint64_t size);
  // Bytes of pages.jsonl that committed records fill.
  Result<std::uint64_t> output_end();

  // A changed scope: judges every queued page and every URL refused by a rule of the scope.
  // `judge` gives the rule that refuses it, or nothing. Newly refused ones become refused,
  // newly admitted ones queued, with ids from next_id() on.
  struct Judged {
    std::uint64_t refused = 0;
    std::uint64_t admitted = 0;
  };
  using Judge = std::function<std::optional<std::string>(const StoredTask&)>;
  Result<Judged> judge_again(const Judge& judge);

 private:
  struct State;
  explicit JobDb(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

// Holds a job's directory while it lives: one run at a time.
//
// Errors: says which process holds it.
class JobLock {
 public:
  static Result<JobLock> take(const std::string& directory);
  JobLock(JobLock&& other) noexcept;
  JobLock& operator=(JobLock&&) = delete;
  ~JobLock();

 private:
  JobLock(int fd, std::string path) : fd_(fd), path_(std::move(path)) {}

  int fd_;
  std::string path_;  // empty: not ours to remove
};

}  // namespace weft
