// The thread that brings finished files to the disk, all that there are together, about once a
// second, and tells the job how far that goes: its records up to there are of files that a power
// cut leaves as they are. Those after are checked when the job is gone on with
// (take_back_lost()).
//
// No worker waits for it, nor it for them: what a worker finishes meanwhile is of the next group.
//
// Threads: start() and close() from the owner's.
#pragma once

#include <optional>
#include <thread>

#include "get/shared.hpp"
#include "weft/base/mutex.hpp"

namespace weft::get {

class GroupSyncs {
 public:
  // REQUIRES: files and a job are kept, as start() does.
  explicit GroupSyncs(GetShared& shared) : shared_(shared) {}
  ~GroupSyncs() { close(); }

  void start();
  // Syncs what there is, and joins. May be called again. REQUIRES: the sinks still take what
  // they are given.
  void close() EXCLUDES(mutex_);

 private:
  void run() EXCLUDES(mutex_);
  void sync();
  std::optional<std::uint64_t> told() const;  // how far the records have got

  GetShared& shared_;
  std::uint64_t synced_ = 0;  // the thread's own, and after it the owner's
  Mutex mutex_;
  Condition changed_;
  bool closing_ GUARDED_BY(mutex_) = false;
  std::thread thread_;
};

// The key of JobDb::meta() that says how far.
inline constexpr const char* kFilesSynced = "files_synced";

}  // namespace weft::get
