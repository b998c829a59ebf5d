// Where finished records go, and the one thread that takes them there.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <variant>
#include <vector>

#include "weft/base/mutex.hpp"
#include "weft/base/result.hpp"
#include "weft/store/job_db.hpp"
#include "weft/store/journal.hpp"
#include "weft/store/record.hpp"

namespace weft {

// Threads: called by the sink thread alone.
class Sink {
 public:
  virtual ~Sink() = default;
  virtual Result<void> write(const Record& record) = 0;
  // Lines of a list that nothing could be made of: for the sink that lists failures.
  virtual Result<void> write_bad_line(std::string_view) { return {}; }
  // Hands what is buffered to the system; called when the queue has run empty.
  virtual Result<void> flush() { return {}; }
  // After the last record, also where that was one that failed.
  virtual Result<void> close() { return flush(); }
  // Where what was written so far will end once it is flushed, in an ordinary file that a
  // resumed job can cut there; nothing for pipes, terminals, tallies and what holds records
  // back.
  virtual std::optional<OutputEnd> end() const { return std::nullopt; }
};

// What may share a commit.
struct Gather {
  std::chrono::steady_clock::duration longest = std::chrono::milliseconds(2);
  std::size_t enough = 64;  // so many entries are not made to wait for more
};

// Filled by the workers; emptied by its own thread, which writes each record to every
// sink in order, and each entry to the job where one is kept. Bounded: a slow disk makes
// push() wait, and so the workers.
//
// With a job, what comes within Gather::longest shares a commit. Sinks are flushed before it:
// what a job has committed stands in every output, which may hold more than that, never less.
//
// Threads:   push() and ask() may be called from any thread; the rest from the owner's.
// Ownership: the job is the thread's own, and gone when close() returns.
// Errors:    after the first failure no more is written to any sink or to the job, all sinks
//            are closed, so that each keeps what it has taken, and the job stays as its last
//            commit left it; `on_failure` is called once on the sink thread, push() returns
//            false, close() says why.
// Invariant: at most `capacity` entries wait in the queue, and as many are being written.
class SinkThread {
 public:
  // Asked of the job in the midst of writing: it may read anything, and must not commit. A
  // failed answer is a failure of the sink thread.
  using Question = std::function<Result<void>(JobDb&)>;

  // Without a job nothing is gathered, and entries without a record are dropped.
  SinkThread(std::vector<std::unique_ptr<Sink>> sinks, std::unique_ptr<JobDb> job,
             std::size_t capacity, std::function<void(const Error&)> on_failure,
             const Gather& gather = {});
  ~SinkThread();

  // Waits for room. False: the entry was not taken, after a failure or close().
  bool push(JournalEntry entry) EXCLUDES(mutex_);
  // Has the sink thread call `question` once all that was pushed before is written (not yet
  // committed, perhaps). Waits neither for room nor for the answer, and lets nothing gather.
  // Dropped, never called, after a failure or close(), and where no job is kept.
  void ask(Question question) EXCLUDES(mutex_);
  // Has it call `then` when what was pushed before is committed, be that now. Waits for nothing,
  // and hastens nothing. Dropped as a question is.
  void after_commit(std::function<void()> then) EXCLUDES(mutex_);
  // Waits until what was pushed before is committed, letting nothing more gather. Not from the
  // sink thread.
  Result<void> commit() EXCLUDES(mutex_);
  // Fetches whose records were pushed and are not committed yet: what a kill would take back.
  // Zero without a job.
  std::size_t uncommitted() const { return uncommitted_.load(); }
  // Writes and answers what is queued, commits, closes the sinks and the job, joins. May be
  // called again: the same answer.
  Result<void> close() EXCLUDES(mutex_);

 private:
  enum class Urgency : std::uint8_t { none, at_once };
  struct Notice {
    std::function<void()> then;
  };
  using Item = std::variant<JournalEntry, Question, Notice>;

  void run() EXCLUDES(mutex_);
  void run_until_closed() EXCLUDES(mutex_);
  void put(Item item, Urgency urgency) EXCLUDES(mutex_);
  std::deque<Item> next_batch() EXCLUDES(mutex_);  // empty: closing, and nothing is left
  bool is_idle() EXCLUDES(mutex_);
  Result<void> write(const JournalEntry& entry);
  Result<void> write_to_sinks(const JournalEntry& entry);
  Result<void> write_batch(const std::deque<Item>& batch);
  Result<void> flush();                                    // and commit
  bool note(const Result<void>& result) EXCLUDES(mutex_);  // is it well?

  const std::size_t capacity_;
  const Gather gather_;
  const bool keeps_job_;
  const std::function<void(const Error&)> on_failure_;
  std::vector<std::unique_ptr<Sink>> sinks_;  // the sink thread's own, as is the job
  std::unique_ptr<JobDb> job_;
  bool more_follows_ = false;  // the last entry was not the whole of what it tells
  std::size_t written_ = 0;    // fetches since the last commit
  std::vector<std::function<void()>> after_commit_;

  std::atomic<std::size_t> uncommitted_{0};

  Mutex mutex_;
  Condition not_empty_;
  Condition not_full_;
  std::deque<Item> queue_ GUARDED_BY(mutex_);
  std::size_t entries_ GUARDED_BY(mutex_) = 0;  // in the queue; the rest are questions, notices
  bool is_urgent_ GUARDED_BY(mutex_) = false;   // somebody waits for what is in it
  bool closing_ GUARDED_BY(mutex_) = false;
  std::optional<Error> failure_ GUARDED_BY(mutex_);

  std::thread thread_;  // last: starts when the rest exists
};

}  // namespace weft
