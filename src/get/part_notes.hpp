// The thread that tells the job, each second, which bytes of large files are there: on the
// disk for certain, so that neither a kill nor a power cut makes the note a lie.
//
// Threads: start() and close() from the owner's.
#pragma once

#include "get/periodic.hpp"
#include "get/shared.hpp"

namespace weft::get {

class PartNotes {
 public:
  explicit PartNotes(GetShared& shared);
  ~PartNotes() { close(); }

  void start() { thread_.start(); }
  // Notes what is still open, and joins. May be called again.
  void close();

 private:
  void note_all();

  GetShared& shared_;
  Periodic thread_;
};

}  // namespace weft::get
