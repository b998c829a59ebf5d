// The shards of a batch: 000000.tar, 000001.tar, ... in the directory of downloads, filled one
// after the other by a thread of their own with what the downloads have whole and verified, each
// file beside its record.
//
//   Staged ──add()──► queue ──► NNNNNN.tar.part ──► its record, to the sinks ──► NNNNNN.tar
//
// A sample is in the shard before its record is pushed, and the entry that has the record says
// how far the shard has got. So the shard has all that the job holds as done, in the job's order,
// perhaps more; and a later run cuts that off. A shard gets its name when the job holds all of it
// as done: one that has its name is never touched again. Which shard is under way stands in the
// job before there is a file.
//
// A shard is no larger than it may be, unless it has but one sample, which is larger.
//
// Threads: add() from any thread, open() and reopen() too; the rest from the owner's.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "get/tar_file.hpp"
#include "get/tar_staged.hpp"
#include "weft/base/mutex.hpp"
#include "weft/base/units.hpp"
#include "weft/engine/at_stake.hpp"

namespace weft::get {

struct ShardSeams {
  const Folder& folder;
  StagingRoom& room;
  SinkThread& sinks;
  AtStake& at_stake;
  bool keeps_job = false;
  std::function<void(std::string message)> fail_run;  // nothing can be written any more
};

class TarShards {
 public:
  // `most`: bytes of a shard; zero: no limit.
  TarShards(Bytes most, ShardSeams seams);
  ~TarShards() { close(WhatIsUnderWay::stays); }

  // For a new batch: goes on with the numbers after those of the shards that are there, and
  // removes what an older one has left staged.
  void begin();

  // The shard under way as the job knows it. On the thread that owns the job.
  // Errors: it is not as the job has left it.
  Result<void> resume(JobDb& job);

  // Outlets for a file called `member`.
  std::unique_ptr<Outlet> open(const std::string& member);
  std::unique_ptr<Outlet> reopen(const std::string& member, std::uint64_t least);

  // A file, whole and verified, of which `record` tells.
  void add(StagedBody body, Record record) EXCLUDES(mutex_);

  // Puts what was added into shards, and joins. May be called again.
  enum class WhatIsUnderWay : std::uint8_t { stays, gets_its_name };
  void close(WhatIsUnderWay shard) EXCLUDES(mutex_);

 private:
  struct Sample {
    StagedBody body;
    Record record;
  };

  void run() EXCLUDES(mutex_);
  std::deque<Sample> next() EXCLUDES(mutex_);  // empty: closing
  OutletResult<void> put(Sample& sample);
  OutletResult<void> begin_shard();
  OutletResult<void> end_shard();
  OutletResult<void> note(std::uint64_t number);
  bool is_full_for(std::uint64_t growth) const;
  bool is_free(std::uint64_t number) const;
  std::uint64_t first_number() const;

  const std::uint64_t most_;
  const ShardSeams seams_;

  // Of the thread, and of the owner where it does not run.
  std::uint64_t number_ = 0;  // of the shard under way, or of the next
  bool is_noted_ = false;     // the job knows so
  std::optional<TarFile> file_;
  bool has_failed_ = false;

  Mutex mutex_;
  Condition not_empty_;
  std::deque<Sample> queue_ GUARDED_BY(mutex_);
  bool closing_ GUARDED_BY(mutex_) = false;
  std::thread thread_;  // last: starts when the rest exists
};

}  // namespace weft::get
