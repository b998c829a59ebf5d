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
  // Hands what is buffered to the system; called when the queue runs empty.
  virtual Result<void> flush() { return {}; }
  // After the last record.
  virtual Result<void> close() { return flush(); }
};

// Filled by the workers; emptied by its own thread, which writes each record to every
// sink in order. Bounded: a slow disk makes push() wait, and so the workers.
//
// Threads:   push() may be called from any thread; the rest from the owner's.
// Errors:    after the first failure nothing more is written to any sink, `on_failure`
//            is called once on the sink thread, push() returns false, close() says why.
class SinkThread {
 public:
  SinkThread(std::vector<std::unique_ptr<Sink>> sinks, std::size_t capacity,
             std::function<void(const Error&)> on_failure);
  ~SinkThread();

  bool push(Record record) EXCLUDES(mutex_);
  Result<void> close();  // writes what is queued, closes the sinks, joins

 private:
  void run();

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
