// The thread that brings finished files to the disk, all that there are together, every ten
// seconds, and tells the job how far that goes: its records up to there are of files that a power
// cut leaves as they are. Those after are checked when the job is gone on with
// (take_back_lost()).
//
// No worker waits for it, nor it for them: what a worker finishes meanwhile is of the next group.
// Nor does the end of a batch: the last group is the system's to write, and a resume's to check.
//
// Threads: start() and close() from the owner's.
#pragma once

#include <cstdint>
#include <optional>

#include "get/periodic.hpp"
#include "get/shared.hpp"

namespace weft::get {

class GroupSyncs {
 public:
  // REQUIRES: files and a job are kept, as start() does.
  explicit GroupSyncs(GetShared& shared);

  void start() { thread_.start(); }
  // Joins, once a sync under way has ended. May be called again.
  void close() { thread_.close(); }

 private:
  void sync();
  std::optional<std::uint64_t> told() const;  // how far the records have got

  GetShared& shared_;
  std::uint64_t synced_ = 0;  // the thread's own
  Periodic thread_;
};

// The key of JobDb::meta() that says how far.
inline constexpr const char* kFilesSynced = "files_synced";

}  // namespace weft::get
