// Counts what records say, for the status line while a run lasts and the summary after it.
//
// Filled by the sink thread; read by the main thread.
//
// A resumed job's tally begins with what it settled before: outcomes, hosts and sizes are the
// whole job's.
//
// Threads:   add() before the rest; write() by the sink thread; totals() and snapshot() from any
// thread. Invariant: remembers at most `most_hosts` hosts. Past that the lesser half is summed into
//            `others`; a host that comes back then counts from zero, so what is listed is
//            exact while there are few hosts and a lower bound when there are many.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "weft/base/mutex.hpp"
#include "weft/base/units.hpp"
#include "weft/store/job_db.hpp"
#include "weft/store/sink.hpp"

namespace weft {

// What a visit to known pages has found, since the visit before.
struct Changes {
  std::uint64_t fresh = 0;  // "new"
  std::uint64_t changed = 0;
  std::uint64_t unchanged = 0;
  std::uint64_t gone = 0;

  void add(std::string_view change, std::uint64_t count);  // as Record::change has it
  std::uint64_t sum() const { return fresh + changed + unchanged + gone; }
};

struct Totals {
  std::array<std::uint64_t, kOutcomes> outcomes{};  // of pages: robots.txt is not one
  std::uint64_t robots = 0;                         // robots.txt and sitemaps settled
  std::uint64_t sitemaps = 0;
  Bytes bytes;  // of everything, decoded and as received
  Bytes wire_bytes;
  Changes changes;  // of pages

  std::uint64_t of(Outcome outcome) const { return outcomes[static_cast<std::size_t>(outcome)]; }
  std::uint64_t pages() const { return of(Outcome::ok) + of(Outcome::not_modified); }
  std::uint64_t failures() const;  // pages whose outcome is_failure()
};

struct HostTally {
  std::uint64_t pages = 0;   // outcome ok or not_modified
  std::uint64_t errors = 0;  // outcome is_failure()
  Bytes bytes;               // decoded, robots.txt and sitemaps included
};

struct NamedHostTally {
  std::string host;
  HostTally tally;
};

struct TallySnapshot {
  Totals totals;
  std::vector<NamedHostTally> by_pages;   // the most first, hosts without pages left out
  std::vector<NamedHostTally> by_errors;  // the most first, hosts without errors left out
  std::size_t hosts = 0;                  // remembered
  HostTally others;                       // all hosts no longer remembered
};

class Tally final : public Sink {
 public:
  static constexpr std::size_t kMostHosts = 10'000;
  explicit Tally(std::size_t most_hosts = kMostHosts) : most_hosts_(most_hosts) {}

  Result<void> write(const Record& record) override EXCLUDES(mutex_);

  // What was settled before this run, and what had changed.
  void add(const SettledCount& settled) EXCLUDES(mutex_);
  void add_change(std::string_view change, std::uint64_t count) EXCLUDES(mutex_);

  Totals totals() const EXCLUDES(mutex_);                          // cheap: for every draw
  TallySnapshot snapshot(std::size_t top) const EXCLUDES(mutex_);  // with the `top` hosts

 private:
  void count(const SettledCount& settled) REQUIRES(mutex_);
  void forget_lesser_hosts() REQUIRES(mutex_);

  const std::size_t most_hosts_;

  // State below is guarded by mutex_.
  mutable Mutex mutex_;
  Totals totals_ GUARDED_BY(mutex_);
  std::unordered_map<std::string, HostTally> hosts_ GUARDED_BY(mutex_);
  HostTally others_ GUARDED_BY(mutex_);
};

}  // namespace weft
