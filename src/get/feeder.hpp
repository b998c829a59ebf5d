// The thread that reads the lists and fills the frontier from them as it is emptied, so that
// fetching begins with the first line and a list of any length stands in bounded memory.
//
// An entry is with the journal, with how far its list has been read, before anybody can fetch
// it.
//
// Threads: wake() and the counters of GetShared from any thread; the rest from the owner's.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <optional>
#include <string_view>
#include <thread>
#include <vector>

#include "get/listed.hpp"
#include "get/shared.hpp"
#include "weft/base/mutex.hpp"
#include "weft/engine/visited_set.hpp"

namespace weft::get {

struct FeedInput {
  InputPosition position;  // where it goes on
  std::unique_ptr<InputReader> reader;
};

class Feeder {
 public:
  using Complain = std::function<void(std::string_view text)>;

  Feeder(GetShared& shared, Complain complain) : shared_(shared), complain_(std::move(complain)) {}
  ~Feeder() { join(); }

  // An entry that a former run has read.
  void restore(Fingerprint identity) { seen_.insert(identity); }

  // `wanted` first, then the inputs, one after the other.
  void start(std::vector<Wanted> wanted, std::vector<FeedInput> inputs);
  void wake() EXCLUDES(mutex_);
  void stop() EXCLUDES(mutex_);  // reads no further
  void join();

  bool ended() const { return ended_; }  // there is no more to read
  std::optional<Error> input_error() const EXCLUDES(mutex_);

 private:
  struct Batch {
    std::vector<Task> tasks{};
    std::vector<DownloadEntry> entries{};
    std::vector<Record> duplicates{};
    std::vector<std::string> bad_lines{};
  };

  void run(std::vector<Wanted> wanted, std::vector<FeedInput> inputs);
  bool read(FeedInput& input);
  bool wait_until_wanted() EXCLUDES(mutex_);  // false: stopped
  void add(Wanted wanted, const FeedInput* input, Batch& batch);
  void bad_line(std::string_view list, const BadLine& bad, Batch& batch);
  void deliver(Batch& batch, const std::optional<InputPosition>& position);

  GetShared& shared_;
  const Complain complain_;
  VisitedSet seen_;  // by URL and destination
  std::atomic<bool> ended_{false};

  mutable Mutex mutex_;
  Condition changed_;
  bool woken_ GUARDED_BY(mutex_) = false;
  bool stopped_ GUARDED_BY(mutex_) = false;
  InputReader* reading_ GUARDED_BY(mutex_) = nullptr;
  std::optional<Error> input_error_ GUARDED_BY(mutex_);
  std::thread thread_;
};

// The task of an entry, and back from the job.
Task task_of(Listed listed);
Result<Task> task_of_stored(StoredTask stored);

}  // namespace weft::get
