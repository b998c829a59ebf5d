// Where the frontier keeps what it has no room for: tails of host queues, and what
// politeness has learnt, so that a later run can go on from there.
//
// Threads: called by any thread that calls the frontier, with none of its locks held.
#pragma once

#include <cstdint>
#include <vector>

#include "weft/store/journal.hpp"
#include "weft/url/identity.hpp"

namespace weft {

// Tasks are known by their sequence, in which a job has at most 2^32 - 1.
using TaskId = std::uint32_t;

// The next tasks of one host that the frontier wants back.
struct TailRequest {
  HostKey host;
  std::vector<TaskId> ids;
};

class TaskStore {
 public:
  virtual ~TaskStore() = default;

  // Answered once, later and from any thread, by Frontier::refill().
  virtual void load(TailRequest request) = 0;

  virtual void keep(HostNote note) = 0;
};

}  // namespace weft
