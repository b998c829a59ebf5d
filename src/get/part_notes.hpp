// The thread that tells the job, every few seconds, which bytes of large files are there: on the
// disk for certain, so that neither a kill nor a power cut makes the note a lie.
//
// Threads: start() and close() from the owner's.
#pragma once

#include <thread>

#include "get/shared.hpp"
#include "weft/base/mutex.hpp"

namespace weft::get {

class PartNotes {
 public:
  explicit PartNotes(GetShared& shared) : shared_(shared) {}
  ~PartNotes() { close(); }

  void start();
  // Notes what is still open, and joins. May be called again.
  void close() EXCLUDES(mutex_);

 private:
  void run() EXCLUDES(mutex_);
  void note_all();

  GetShared& shared_;
  Mutex mutex_;
  Condition changed_;
  bool closing_ GUARDED_BY(mutex_) = false;
  std::thread thread_;
};

}  // namespace weft::get
