// The URLs waiting to be fetched, and the politeness with which they are handed out.
//
//   push ──► held (origin's robots.txt not known) ──open──► queued ──take──► leased
//                                                             ▲                │
//                                          delayed ───due─────┤                │
//                                             ▲               └── put back ────┤
//                                             └──────── retry ─────────────────┴► settled
//
// Filled by the gate (push) and by retries; emptied by the workers (take).
//
// Hosts take turns. One whose turn has begun keeps it, and its connection, for a share of
// requests or time; others begin only where that leaves transfers without work, so as many
// hosts are active as keep all transfers busy, pauses included. A host begins with one
// connection and gets more where its queue is long and more make it faster. A host that has
// never answered gets a short first contact where others wait, and after that shares a part of
// the transfers with its like; one whose pages burn CPU shares a part of the workers.
//
// With a TaskStore memory is bounded: past `tasks_in_memory` only the head of a host's queue
// is held here. Of the others their numbers alone are kept (*spilled*, 4 bytes each), and they
// are asked back before the host runs dry.
//
// Threads:   every method may be called from any thread. Wakers are called with no lock
//            held.
// Ownership: a Lease refers to its Frontier, which must outlive it.
// Invariant: a host has at most its slots of leases, and none given before the host may
//            be asked; a lease that lives keeps the frontier from being drained.
// Cost:      push, take and settle are O(log hosts), of hosts that have work: one that has
//            drained costs some 500 bytes and nothing else.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "weft/base/clock.hpp"
#include "weft/base/mutex.hpp"
#include "weft/base/outcome.hpp"
#include "weft/base/ring.hpp"
#include "weft/engine/names.hpp"
#include "weft/engine/task.hpp"
#include "weft/engine/task_store.hpp"
#include "weft/url/identity.hpp"

namespace weft {

struct FrontierConfig {
  int workers = 1;
  int transfers = 64;         // of all workers together: what hosts share
  int slots_per_host = 4;     // transfers in flight to one host, at most
  int slots_per_address = 0;  // to the hosts of one address, where that is known; 0: no limit
  Clock::duration wait{};     // least time between two requests to one host
  bool adaptive = true;       // slow down for hosts in trouble, and begin with one connection
  bool robots_first = true;   // an origin's first task is its robots.txt
  bool by_depth = false;      // a host's deeper tasks wait for its nearer ones, so that a page is
                              // found by its shortest way
  Clock::duration set_aside_first = std::chrono::seconds(1);
  Clock::duration set_aside_max = std::chrono::minutes(5);
  int give_up_after = 6;    // times in a row a host is set aside: then it is down
  int turn_requests = 256;  // a host's share while others wait: so many requests,
  Clock::duration turn_time = std::chrono::seconds(30);  // or so long
  // What a host that has never answered may take for it, longer at each further try.
  Clock::duration first_answer = std::chrono::seconds(10);
  std::size_t tasks_in_memory = 200'000;  // some 400 bytes each; with a TaskStore alone
};

// What a request told about its host.
enum class Feedback : std::uint8_t {
  none,         // nothing was asked
  neutral,      // asked, but the end says nothing about the host: a cut body, a bad certificate
  good,         // it answered well
  answered,     // with an error: it is there, but nothing to speed up for
  late,         // no answer, or a slow one, while others waited: it is asked again later
  overloaded,   // 429, 503: slow down
  stalled,      // timeout: slow down, and set the host aside when it goes on
  unreachable,  // no connection: set the host aside
  gone,         // no such host: it is down
};

struct Settlement {
  Feedback feedback = Feedback::none;
  Clock::duration sent{};                        // after the lease: name, connection and TLS
  Clock::duration connecting{};                  // of that, what a new connection took
  Clock::duration latency{};                     // to the first byte, where feedback is good
  Clock::duration leave_alone{};                 // Retry-After: the host is not asked before
  std::optional<Clock::duration> retry_after{};  // the task goes back, due after so long
  Outcome outcome = Outcome::connect_error;      // what broke, where the host is in trouble
  std::string reason{};                          // the same for people
  Clock::duration cost{};  // CPU that its answer took here: decoding, reading, digests
};

// Why a host was given up.
struct HostDown {
  Outcome outcome = Outcome::connect_error;
  std::string reason;
};

// How long a host may take (Request, http.hpp).
struct Patience {
  Clock::duration answer_within{};  // for an answer that would be its first; 0: no such limit
  Clock::duration yield_after{};    // where others wait for the place
  const std::atomic<bool>* others_wait = nullptr;
  // Otherwise a request that yields was no attempt: its feedback is `late`, and it is made again
  // among those that share a part of the transfers.
  bool is_last = false;
};

class HostQueue;
class Frontier;

// The right to fetch one task: while it lives a slot of its host is taken. Destroyed
// unsettled (stop, exception), it puts its task back.
class Lease {
 public:
  Lease(Lease&& other) noexcept;
  Lease& operator=(Lease&&) = delete;
  ~Lease();

  Task& task() { return task_; }
  const Task& task() const { return task_; }

  // Set where the host has been given up: settle without asking.
  const std::optional<HostDown>& host_down() const { return host_down_; }

  const Patience& patience() const { return patience_; }

  void settle(Settlement settlement) &&;

 private:
  friend class Frontier;
  Lease(Frontier& frontier, HostQueue& host, Task task, Clock::time_point started, int worker);

  Frontier* frontier_;  // null once settled or moved from
  HostQueue* host_;
  Task task_;
  Clock::time_point started_;
  Clock::time_point allowed_before_;  // what the host's next_allowed was
  int worker_;
  Patience patience_{};
  bool took_kept_ = false;       // a connection that was kept
  bool at_address_ = false;      // it counts for its host's address
  bool was_unanswered_ = false;  // the host had never answered
  bool was_suspect_ = false;
  bool was_costly_ = false;
  std::optional<HostDown> host_down_;
};

// While one lives its frontier is not drained, though it may be empty: more is to come.
class Hold {
 public:
  explicit Hold(Frontier& frontier);
  Hold(Hold&& other) noexcept : frontier_(std::exchange(other.frontier_, nullptr)) {}
  Hold& operator=(Hold&&) = delete;
  ~Hold();

 private:
  Frontier* frontier_;
};

// Who fills a frontier as it is emptied.
struct Feed {
  std::size_t least = 0;         // more is wanted while fewer tasks wait,
  std::size_t most = 0;          // or fewer than these, and a worker found nothing to take,
  std::size_t hosts = 0;         // or fewer hosts have work, whatever waits
  std::function<void()> wake{};  // more is wanted now
};

// The answer to take(): a lease, or why there is none.
struct Taken {
  std::optional<Lease> lease{};
  Clock::time_point wake = Clock::time_point::max();  // when a host may next be asked
  bool drained = false;                               // nothing queued, nothing leased, no hold
  std::vector<HostKey> closed{};  // hosts whose kept connections at this worker are not needed
};

struct HostTrouble {
  std::string host;
  std::string reason;
  bool down = false;  // given up; otherwise set aside for now
};

struct FrontierState {
  std::size_t queued = 0;   // all waiting tasks, those below included
  std::size_t held = 0;     // waiting for robots.txt
  std::size_t spilled = 0;  // not in memory
  std::size_t leased = 0;
  std::size_t hosts = 0;                              // ever seen
  std::size_t active = 0;                             // that have work
  Clock::time_point next = Clock::time_point::max();  // when the next waiting host may be asked
  std::string next_host{};
  std::string next_reason{};  // empty: only the wait between requests
};

// A task that a former run left, known by number.
struct QueuedId {
  TaskId id = 0;
  Priority priority = Priority::normal;
  std::uint32_t depth = 0;
};

class Turns;
struct TurnPlace;
struct AddressUse;
struct NameLink;

class Frontier {
 public:
  // Without a store everything is held in memory and nothing outlives the run.
  Frontier(const FrontierConfig& config, const Clock& clock, TaskStore* store = nullptr);
  ~Frontier();
  Frontier(const Frontier&) = delete;
  Frontier& operator=(const Frontier&) = delete;

  // How to wake worker `worker` when there may be something to take, or the frontier is
  // drained. Before any take by it.
  void set_waker(int worker, std::function<void()> wake) EXCLUDES(mutex_);

  // The first of `count` sequences in a row: those of the tasks pushed next. The store must
  // know a task before it is pushed.
  std::uint64_t reserve(std::size_t count) EXCLUDES(mutex_);
  void push(Task task) EXCLUDES(mutex_);
  void push(std::vector<Task> tasks) EXCLUDES(mutex_);  // one critical section

  // Before any take. Nobody feeds a frontier that was not told who.
  void set_feed(Feed feed) EXCLUDES(mutex_);
  // Is more wanted? If not, Feed::wake is called once when it is.
  bool wants_more() EXCLUDES(mutex_);

  // Before any push: how to look up a host's address before its turn. It is called with no lock
  // held; an answer may come when the frontier is gone. A host without an address has its turn
  // all the same: its tasks find out why.
  void set_names(NameLookUp look_up) EXCLUDES(mutex_);
  // Answers that come from now on are ignored. No waker is called by one after this returns.
  void end_names() EXCLUDES(mutex_);

  // The host of `url` has begun a good answer, long before its end: a large file.
  void answered(const Url& url) EXCLUDES(mutex_);

  // A task whose host may be asked now, hosts last served by `worker` preferred. Without
  // one, `worker` is woken when that changes, and asks again itself at `wake`.
  Taken take(int worker) EXCLUDES(mutex_);

  // robots.txt of `origin` is settled: what was held for it may be taken, with at least
  // `delay` between requests to the host. After `expires` it is fetched again first.
  void open(const Url& origin, Clock::duration delay, Clock::time_point expires) EXCLUDES(mutex_);

  // Wakes every worker: something outside changed (a budget, a stop).
  void wake_all() EXCLUDES(mutex_);

  // The store's answer: those of `request` that are still queued.
  void refill(const TailRequest& request, std::vector<Task> tasks) EXCLUDES(mutex_);

  // What a former run left, before any push: from which sequence to go on, what is queued
  // (in pieces, by number), and how its hosts want to be treated.
  void restore_sequence(std::uint64_t next) EXCLUDES(mutex_);
  void restore(const HostKey& host, std::span<const QueuedId> queued) EXCLUDES(mutex_);
  void restore(const HostNote& note) EXCLUDES(mutex_);

  FrontierState state() const EXCLUDES(mutex_);
  std::vector<HostTrouble> troubles() const EXCLUDES(mutex_);

 private:
  friend class Lease;
  friend class Hold;

  void add(Task task, Clock::time_point now) REQUIRES(mutex_);
  HostQueue& host_of(HostKey key) REQUIRES(mutex_);
  bool hold_if_closed(HostQueue& host, Task& task, Clock::time_point now) REQUIRES(mutex_);
  Lease begin_lease(HostQueue& host, Task task, int worker, Clock::time_point now) REQUIRES(mutex_);
  void end_lease(Lease& lease, Settlement settlement) EXCLUDES(mutex_);
  void put_back(Lease& lease) noexcept EXCLUDES(mutex_);
  void set_patience(Lease& lease) const REQUIRES(mutex_);
  void count_end(const Lease& lease) REQUIRES(mutex_);
  void end_unused(const Lease& lease) REQUIRES(mutex_);
  void learn(const Lease& lease, const Settlement& settlement, int most_credit,
             Clock::time_point now) REQUIRES(mutex_);
  void add_hold() EXCLUDES(mutex_);
  void drop_hold() EXCLUDES(mutex_);
  bool is_drained() const REQUIRES(mutex_) { return queued_ == 0 && leased_ == 0 && holds_ == 0; }
  bool is_more_wanted() const REQUIRES(mutex_);
  void call_feed() REQUIRES(mutex_);

  // Whose turn it is (frontier_turns.cpp).
  void place(HostQueue& host, Clock::time_point now) REQUIRES(mutex_);
  TurnPlace ready_place(HostQueue& host, Clock::time_point now) REQUIRES(mutex_);
  void begin_turn(HostQueue& host, Clock::time_point now) REQUIRES(mutex_);
  void end_turn(HostQueue& host) REQUIRES(mutex_);
  bool is_address_full(const HostQueue& host) const REQUIRES(mutex_);
  void leave_address(HostQueue& host) REQUIRES(mutex_);
  void free_address(HostQueue& host, Clock::time_point now) REQUIRES(mutex_);
  void let_go(HostQueue& host) REQUIRES(mutex_);
  void bring_near(Clock::time_point now) REQUIRES(mutex_);
  void promote_due(Clock::time_point now) REQUIRES(mutex_);
  // Returns the hosts whose names are to be asked for next.
  std::vector<HostKey> named(const HostKey& host, const std::string& address) EXCLUDES(mutex_);
  static void look_up(const std::shared_ptr<NameLink>& link, const std::vector<HostKey>& hosts);
  HostQueue* next_host(int worker, Clock::time_point now) REQUIRES(mutex_);
  bool may_contact_fresh() const REQUIRES(mutex_);
  bool may_contact_suspects() const REQUIRES(mutex_);
  bool may_ask_costly(Clock::time_point now) const REQUIRES(mutex_);
  void charge(Clock::duration cost, Clock::time_point now) REQUIRES(mutex_);
  bool is_crowded() const REQUIRES(mutex_);
  bool may_add(const HostQueue& host, int worker) const REQUIRES(mutex_);

  // What passes between memory and the store (frontier_store.cpp).
  bool spill(HostQueue& host, const Task& task) REQUIRES(mutex_);
  void load_more(HostQueue& host) REQUIRES(mutex_);
  std::size_t share() const REQUIRES(mutex_);
  void note_mood(HostQueue& host, Clock::time_point now) REQUIRES(mutex_);

  // Collects whom to wake and what to ask for; unlock_and_wake() does so once the lock is gone.
  using Wakers = std::vector<const std::function<void()>*>;
  void call(std::size_t worker) REQUIRES(mutex_);
  void call_hungry() REQUIRES(mutex_);
  void call_for_ready() REQUIRES(mutex_);
  void call_by(Clock::time_point at) REQUIRES(mutex_);
  void unlock_and_wake(Lock& lock) REQUIRES(mutex_);
  std::vector<HostKey> unlock_and_call(Lock& lock) REQUIRES(mutex_);

  // Constant after construction.
  const FrontierConfig config_;
  const Clock& clock_;
  TaskStore* const store_;

  mutable Mutex mutex_;
  std::unordered_map<HostKey, std::unique_ptr<HostQueue>> hosts_ GUARDED_BY(mutex_);
  std::unordered_map<std::string, std::unique_ptr<AddressUse>> addresses_ GUARDED_BY(mutex_);
  std::unique_ptr<Turns> turns_ GUARDED_BY(mutex_);
  std::size_t active_ GUARDED_BY(mutex_) = 0;  // hosts that have work
  std::size_t queued_ GUARDED_BY(mutex_) = 0;
  std::size_t spilled_ GUARDED_BY(mutex_) = 0;  // of those queued: not in memory
  std::size_t held_ GUARDED_BY(mutex_) = 0;
  std::size_t leased_ GUARDED_BY(mutex_) = 0;
  std::size_t unanswered_ GUARDED_BY(mutex_) = 0;       // of those leased: hosts never answered,
  std::size_t leased_suspects_ GUARDED_BY(mutex_) = 0;  // though they were asked before;
  std::size_t leased_costly_ GUARDED_BY(mutex_) = 0;    // costly hosts
  std::size_t holds_ GUARDED_BY(mutex_) = 0;
  std::uint64_t sequence_ GUARDED_BY(mutex_) = 0;
  Clock::duration first_latency_ GUARDED_BY(mutex_);  // usual, of first contacts
  Clock::time_point costly_next_ GUARDED_BY(mutex_);  // not before, while others have work

  Feed feed_ GUARDED_BY(mutex_);
  bool feed_waits_ GUARDED_BY(mutex_) = false;
  bool came_up_empty_ GUARDED_BY(mutex_) = false;  // a worker, since more was last wanted

  const std::shared_ptr<NameLink> name_link_;
  std::size_t names_asked_ GUARDED_BY(mutex_) = 0;  // and not answered

  std::vector<std::function<void()>> wakers_ GUARDED_BY(mutex_);
  std::vector<char> hungry_ GUARDED_BY(mutex_);  // per worker: found nothing, wants a call,
  std::vector<Clock::time_point> wake_at_ GUARDED_BY(mutex_);    // or looks again by itself
  int asker_ GUARDED_BY(mutex_) = -1;                            // worker that has just looked
  std::vector<std::vector<HostKey>> closed_ GUARDED_BY(mutex_);  // per worker
  Wakers calls_ GUARDED_BY(mutex_);  // to be made when the lock is released
  std::vector<TailRequest> loads_ GUARDED_BY(mutex_);
  std::size_t loading_ GUARDED_BY(mutex_) = 0;  // requests that the store has not answered
  std::vector<HostNote> notes_ GUARDED_BY(mutex_);
  std::vector<HostKey> names_ GUARDED_BY(mutex_);

  std::atomic<bool> others_wait_{false};  // hosts that may be asked, for a transfer to end
};

}  // namespace weft
