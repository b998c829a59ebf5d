// What a JobDb keeps in memory: the connection, its statements, the hosts by number, and
// who waits in their queues.
//
// Threads: as JobDb.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "store/job_schema.hpp"
#include "store/queued_ids.hpp"
#include "store/sqlite.hpp"
#include "weft/store/job_db.hpp"

namespace weft {

struct JobDb::State {
  explicit State(std::unique_ptr<Database> opened);

  // Within the transaction under way.
  Result<void> begin();
  Result<void> write(const JournalEntry& entry);
  Result<void> admit(const AdmittedUrl& url);
  Result<void> refuse(const RefusedUrl& url);
  Result<void> settle(const Record& record);
  Result<void> put_fetch(const Record& record);
  Result<void> put(const RobotsNote& note);
  Result<void> put(const HostNote& note);
  Result<void> end_last_record();  // writes where it ends in the output
  Result<void> put_meta(std::string_view key, std::string_view value);
  Result<void> commit();

  // Rolls back and remembers: a job that has lost an entry must not go on as if it had not.
  tl::unexpected<Error> give_up(Error error);

  // A change of its own, whole or not at all, committed when it is done.
  template <class Change>
  Result<void> whole(Change&& change) {
    if (failure) return tl::unexpected(*failure);
    Result<void> done = commit();
    if (done) done = begin();
    if (done) done = change();
    if (done) done = commit();
    if (!done && !failure) return give_up(std::move(done).error());
    return done;
  }

  Result<void> load_hosts();
  Result<HostId> host_id(std::string_view name);
  // Builds `queued` from the database, where that has not been done.
  Result<void> load_queued();
  Result<std::uint64_t> next_refused_id();
  StoredTask read_task(const Statement& row) const;  // its host is left to the caller

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
  Result<std::vector<Candidate>> judge_refused(const Judge& judge, std::uint64_t before);
  Result<void> mark_known(std::vector<Candidate>& candidates);
  Result<std::uint64_t> admit_refused(std::vector<Candidate> candidates, std::uint64_t next_id);

  std::unique_ptr<Database> database;
  std::optional<Error> failure{};

  std::unordered_map<std::string, HostId> host_ids{};
  bool hosts_loaded = false;
  QueuedIds queued{};
  bool queued_loaded = false;

  std::uint64_t refused_id = 0;  // the next one; 0: to be asked for
  struct Written {               // the last record
    std::uint64_t id = 0;
    std::uint64_t end = 0;
  };
  std::optional<Written> last_record{};
  std::uint64_t output_end = 0;
  bool output_moved = false;  // since the last commit

  Statement insert_url;
  Statement insert_refused;
  Statement settle_url;
  Statement insert_settled;
  Statement insert_fetch;
  Statement end_fetch;
  Statement insert_host;
  Statement update_host;
  Statement insert_robots;
  Statement insert_meta;
  Statement select_meta;
  Statement select_task;
};

// The columns that read_task() reads, of url_admitted as `u` and the page it was found on as
// `v`.
inline constexpr const char* kTaskColumns =
    "u.id, u.url, u.kind, u.depth, u.via_id, u.priority, u.hops, u.requisite, u.fingerprint, "
    "u.host_id, u.attempts, v.url";

}  // namespace weft
