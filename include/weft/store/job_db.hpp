// The job database (SQLite, WAL): every URL a job knows and what became of it. The truth of
// a job: what is committed here happened, whatever else was written.
//
//   url(id, url, kind, depth, via_id, state, outcome, rule, priority, attempts, ...)
//   fetch(url_id, status, ...)      one row a record, with the fields of pages.jsonl
//   meta(key, value)                format, options, number of the visit, output_end
//   output(path, end)               how far other outputs than pages.jsonl have got
//   input(...), download(...), part(...)   what weft get was asked for, how far it has got
//   host(...), robots(...)          what politeness knows
//
// A job may be visited more than once: at a later visit every page it knows is queued again,
// and its row of the visit before stays until it is settled anew.
//
// A job of weft get may hold several batches, one after the other: what the earlier ones settled
// stays, and is no part of the last.
//
// Users may read it with sqlite3 while the job runs; the schema is in the README and stable.
// Only its owner may: options and URLs may hold passwords.
//
// Threads:   one thread at a time: the sink thread while a job runs.
// Errors:    every method that touches the disk returns a Result whose Error names the file,
//            what failed and what to do. After a failed write the transaction is rolled back,
//            and every later write and commit answers the same Error: the job has lost
//            entries, and must be opened anew to go on from the last commit.
// Durable:   commit() survives kill -9 of the program. A power cut may take back the commits
//            of the last second or so, never part of one.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "weft/base/result.hpp"
#include "weft/store/job_reading.hpp"
#include "weft/store/journal.hpp"

namespace weft {

inline constexpr int kJobFormat = 3;

// Of meta(): not empty where judge_again() or begin_visit() is due, which empties it.
inline constexpr std::string_view kJudgeAgain = "judge_again";
inline constexpr std::string_view kBeginVisit = "begin_visit";

// A queued task read back.
struct StoredTask {
  AdmittedUrl url;
  std::string via_url{};  // of url.via; empty for seeds
  std::optional<LastVisit> last_visit{};
  std::optional<DownloadEntry> download{};
  std::optional<PartNote> part{};  // of its file
};

// A URL that was admitted, as a resumed job needs it to go on: its visited set, its queues.
struct KnownUrl {
  std::uint64_t id = 0;
  bool queued = false;  // else settled
  RecordKind kind = RecordKind::page;
  std::uint8_t priority = 0;
  bool requisite = false;
  std::uint32_t depth = 0;
  std::uint32_t host = 0;                      // index into host_names()
  std::optional<std::uint64_t> fingerprint{};  // nothing where its admission was not told
};

// A part that belongs to an entry of an earlier batch.
struct LeftPart {
  std::uint64_t fingerprint = 0;  // the entry's
  PartNote note{};
};

// Settled URLs of one host that are alike, and what their records said.
struct SettledCount {
  std::string host;
  RecordKind kind = RecordKind::page;
  Outcome outcome = Outcome::ok;
  bool requisite = false;
  std::uint64_t count = 0;
  std::uint64_t bytes = 0;
  std::uint64_t wire_bytes = 0;
};

// A file that a settled record tells of.
struct KeptFile {
  std::uint64_t id = 0;  // Record::sequence
  std::string path;      // Record::file
  std::uint64_t size = 0;
  std::string digest;
  std::optional<Clock::wall_time> modified{};  // Record::file_modified
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
  // whether or not the URL was told before; told later, its URL stays settled. What a record
  // of Outcome::not_modified leaves out (type, digest, title, links, ...) stays as the visit
  // before found it.
  Result<void> write(const JournalEntry& entry);

  // Ends the transaction; with it goes how far the outputs have got.
  Result<void> commit();

  // How far the next record has brought an output: all that is before `offset` must be with
  // the system when commit() is called. For DIR/pages.jsonl this is kept in the record's
  // fetch row too.
  void set_output_end(const std::string& path, std::uint64_t offset);

  // How far the records written so far have brought DIR/pages.jsonl, committed or not.
  std::uint64_t records_end() const;

  Result<void> put_meta(std::string_view key, std::string_view value);
  Result<std::optional<std::string>> meta(std::string_view key);

  // Those of these tasks that are still queued, in the order given.
  Result<std::vector<StoredTask>> tasks(std::span<const std::uint32_t> ids);

  // --- when it is resumed

  // Tells `reading` what is done from now on, and lets it be stopped; null: no longer.
  void watch(JobReading* reading);
  bool is_stopped() const;  // by whoever watches

  Result<std::uint64_t> next_id();
  // The pages of depth 0 found on no other, those that a rule refuses among them.
  Result<std::vector<std::string>> seeds();
  // Every URL admitted or settled (by the last batch), in order of id, in one pass.
  Result<void> for_each_url(const std::function<void(const KnownUrl&)>& visit);
  Result<void> for_each_refused(const std::function<void(std::uint64_t)>& visit);  // fingerprints
  Result<std::vector<std::string>> host_names();
  // By host, kind, outcome and requisite, of the last batch. Bodies not sent again (not_modified)
  // count no bytes.
  Result<std::vector<SettledCount>> settled();
  // URL and target of the pages of depth 0 that redirected, now or at the visit before.
  Result<std::vector<std::pair<std::string, std::string>>> seed_redirects();
  Result<std::vector<RobotsNote>> robots();
  Result<std::vector<HostNote>> hosts();
  Result<std::vector<std::pair<std::string, std::uint64_t>>> refused_by_rule();
  Result<std::vector<InputPosition>> inputs();
  // Where bodies are, or will be: of settled records (Record::file) and of parts. Of the last
  // batch.
  Result<void> for_each_file(const std::function<void(std::string_view path)>& visit);

  // Output found shorter than what was committed (a power cut): the records that stood past
  // `size` are taken back and their URLs queued again. Returns how many.
  Result<std::uint64_t> take_back_past(std::uint64_t size);
  // Files that the last batch had (Outcome::ok), and whose records stand past `end` in pages.jsonl.
  Result<std::vector<KeptFile>> files_past(std::uint64_t end);
  // These settled URLs are queued again; their lines in the outputs stay.
  Result<void> take_back(std::span<const std::uint64_t> ids);
  // Bytes of pages.jsonl that committed records fill.
  Result<std::uint64_t> output_end();
  // The same of another output, by the path it was opened with; nothing where none was told.
  Result<std::optional<std::uint64_t>> output_end_of(const std::string& path);

  // A changed scope: judges every queued page and every URL refused by a rule of the scope.
  // `judge` gives the rule that refuses it, or nothing. Newly refused ones become refused,
  // newly admitted ones queued, with ids from next_id() on.
  struct Judged {
    std::uint64_t refused = 0;
    std::uint64_t admitted = 0;
  };
  using Judge = std::function<std::optional<std::string>(const StoredTask&)>;
  Result<Judged> judge_again(const Judge& judge);

  // --- when another batch follows

  Result<std::uint64_t> batch();  // the number of the last, from 1 on
  // Notes that all of it is settled; what follows it is another one. It is done no more once
  // anything is queued again.
  Result<void> put_done();
  Result<bool> is_done();
  // Begins the next one, committed: how far lists and outputs other than pages.jsonl have got is
  // forgotten, and how often hosts were set aside. REQUIRES: is_done().
  Result<void> begin_batch();
  // What earlier batches left of files that failed.
  Result<std::vector<LeftPart>> left_parts();

  // --- when it is visited again

  Result<std::uint64_t> visit();  // from 1 on
  // Begins the next visit: every settled page and sitemap is queued again, but those that the
  // scope refused; what robots.txt files said and how often hosts were set aside is forgotten;
  // pages.jsonl begins afresh (at 0). Returns how many are queued again.
  Result<std::uint64_t> begin_visit();
  // Pages settled at this visit, by Record::change; empty at the first.
  Result<std::vector<std::pair<std::string, std::uint64_t>>> changes();

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
