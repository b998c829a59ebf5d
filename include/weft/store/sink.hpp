// Where finished records go, and the one thread that takes them there.
#pragma once

#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <thread>
#include <vector>

#include "weft/base/mutex.hpp"
#include "weft/base/result.hpp"
#include "weft/store/record.hpp"

namespace weft {

// Threads: called by the sink thread alone.
class Sink {
 public:
  virtual ~Sink() = default;
  virtual Result<void> write(const Record& record) = 0;
  // Hands what is buffered to the system; called when the queue has run empty.
  virtual Result<void> flush() { return {}; }
  // After the last record, also where that was one that failed.
  virtual Result<void> close() { return flush(); }
};

// Filled by the workers; emptied by its own thread, which writes each record to every
// sink in order. Bounded: a slow disk makes push() wait, and so the workers.
//
// Threads:   push() may be called from any thread; the rest from the owner's.
// Errors:    after the first failure no more records are written to any sink and all are
//            closed, so that each keeps what it has taken; `on_failure` is called once on
//            the sink thread, push() returns false, close() says why.
// Invariant: at most `capacity` records wait in the queue, and as many are being written.
class SinkThread {
 public:
  SinkThread(std::vector<std::unique_ptr<Sink>> sinks, std::size_t capacity,
             std::function<void(const Error&)> on_failure);
  ~SinkThread();

  // Waits for room. False: the record was not taken, after a failure or close().
  bool push(Record record) EXCLUDES(mutex_);
  // Writes what is queued, closes the sinks, joins. May be called again: the same answer.
  Result<void> close() EXCLUDES(mutex_);

 private:
  void run() EXCLUDES(mutex_);
  std::deque<Record> next_batch() EXCLUDES(mutex_);  // empty: closing, and nothing is left
  bool is_idle() EXCLUDES(mutex_);
  void close_sinks() EXCLUDES(mutex_);
  bool note(const Result<void>& result) EXCLUDES(mutex_);  // is it well?

  const std::size_t capacity_;
  const std::function<void(const Error&)> on_failure_;
  std::vector<std::unique_ptr<Sink>> sinks_;  // the sink thread's own

  Mutex mutex_;
  Condition not_empty_;
  Condition not_full_;
  std::deque<Record> queue_ GUARDED_BY(mutex_);
  bool closing_ GUARDED_BY(mutex_) = false;
  std::optional<Error> failure_ GUARDED_BY(mutex_);

  std::thread thread_;  // last: starts when the rest exists
};

}  // namespace weft
