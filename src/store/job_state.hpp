// What a JobDb keeps in memory: the connection, its statements, the hosts by number.
//
// Threads: as JobDb.
#pragma once

#include <chrono>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "store/job_downloads.hpp"
#include "store/job_schema.hpp"
#include "store/sqlite.hpp"
#include "weft/store/job_db.hpp"

namespace weft {

using HostId = std::uint32_t;

// Ids are dense, so a job this large would have filled memory long before.
inline constexpr std::uint64_t kMostId = std::numeric_limits<std::uint32_t>::max();

struct JobDb::State {
  State(std::unique_ptr<Database> opened, const std::string& directory);

  // Within the transaction under way.
  Result<void> begin();
  Result<void> write(const JournalEntry& entry);
  Result<void> admit(const AdmittedUrl& url);
  Result<void> refuse(const RefusedUrl& url);
  Result<void> settle(const Record& record);
  Result<void> put_fetch(const Record& record);
  Result<void> put(const RobotsNote& note);
  Result<void> put(const HostNote& note);
  Result<void> put_meta(std::string_view key, std::string_view value);
  Result<void> commit();

  // Rolls back and remembers: a job that has lost an entry must not go on as if it had not.
  tl::unexpected<Error> give_up(Error error);

  // A change of its own, whole or not at all, committed when it is done.
  template <class Change>
  Result<void> whole(Change&& change) {
    if (failure) return tl::unexpected(*failure);
    settled_counts.reset();
    Result<void> done = commit();
    if (done) done = begin();
    if (done) done = change();
    if (done) done = commit();
    if (!done && !failure) return give_up(std::move(done).error());
    return done;
  }

  Result<void> load_hosts();
  Result<HostId> host_id(std::string_view name);
  Result<std::uint64_t> next_refused_id();
  Result<std::uint64_t> first_of_batch();  // the least id that is of the last batch
  Result<std::uint64_t> number_in_meta(std::string_view key, std::uint64_t otherwise);
  Result<void> forget_troubles();
  Result<void> put_not_done();
  void begin_step(JobReading::Step step, std::uint64_t total) const {
    if (reading != nullptr) reading->begin(step, total);
  }
  void reach(std::uint64_t read) const {
    if (reading != nullptr) reading->reach(read);
  }
  StoredTask read_task(const Statement& row) const;

  // The steps of judge_again().
  struct Candidate {  // a refused URL that the scope admits now
    std::uint64_t fingerprint = 0;
    std::uint64_t refused_id = 0;
    bool known = false;  // as an admitted one, or twice

    friend bool operator<(const Candidate& a, const Candidate& b) {
      return std::pair(a.fingerprint, a.refused_id) < std::pair(b.fingerprint, b.refused_id);
    }
  };
  Result<std::uint64_t> judge_queued(const Judge& judge);
  Result<std::vector<Candidate>> judge_refused(const Judge& judge, std::uint64_t next_id,
                                               std::uint64_t before);
  Result<void> mark_known(std::vector<Candidate>& candidates);
  Result<std::uint64_t> admit_refused(std::vector<Candidate> candidates, std::uint64_t next_id);

  std::unique_ptr<Database> database;
  JobDownloads downloads;
  std::optional<Error> failure{};
  JobReading* reading = nullptr;
  std::optional<std::vector<SettledCount>> settled_counts{};  // until something is written

  std::unordered_map<std::string, HostId> host_ids{};
  std::vector<const std::string*> host_names{};  // by id
  bool hosts_loaded = false;

  std::uint64_t refused_id = 0;  // the next one; 0: to be asked for

  struct Output {
    std::string path;
    bool is_pages = false;  // DIR/pages.jsonl
    std::uint64_t end = 0;
    bool has_moved = false;  // since the last commit
  };
  const std::string pages_path;  // in its normal form
  std::vector<Output> outputs{};
  std::optional<std::uint64_t> pages_end{};  // of the next record

  std::chrono::steady_clock::time_point synced_at{};  // the last transaction that waited
  bool syncs = false;                                 // the one under way does

  Statement insert_url;
  Statement insert_refused;
  Statement settle_url;
  Statement insert_settled;
  Statement insert_fetch;
  Statement renew_fetch;
  Statement insert_host;
  Statement update_host;
  Statement insert_robots;
  Statement insert_output;
  Statement insert_meta;
  Statement select_meta;
  Statement select_task;
};

// The columns that read_task() reads, of url_admitted as `u` and the page it was found on as
// `v`; the task's host is left empty where host_id is null.
inline constexpr const char* kTaskColumns =
    "u.id, u.url, u.kind, u.depth, u.via_id, u.priority, u.hops, u.requisite, u.fingerprint, "
    "u.host_id, v.url";
inline constexpr int kTaskColumnCount = 11;

// As url_admitted.outcome has it: 0 is for none, so that the ordinary ones take no room.
inline int outcome_number(Outcome outcome) { return static_cast<int>(outcome) + 1; }
inline Outcome outcome_of(std::uint64_t number) { return static_cast<Outcome>(number - 1); }

}  // namespace weft
