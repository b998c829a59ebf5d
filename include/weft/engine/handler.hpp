// What a job is about: a handler says what to request for a task and what to do with the
// response. `crawl`, `get` and `check` are handlers over the one engine.
//
// Threads: each worker has a handler of its own; what handlers share is theirs to guard.
#pragma once

#include <variant>

#include "weft/engine/frontier.hpp"
#include "weft/net/http.hpp"

namespace weft {

class Handler {
 public:
  virtual ~Handler() = default;

  // May another task be started? While not, the worker takes nothing until
  // Frontier::wake_all().
  virtual bool has_room() = 0;

  // When has_room() must be asked again though nothing has happened.
  virtual Clock::time_point deadline() const { return Clock::time_point::max(); }

  // The request for a task, or its settlement where nothing is to be asked.
  virtual std::variant<Request, Settlement> prepare(const Lease& lease) = 0;

  // What to do now that the transfer has ended. Links are admitted and the record is
  // with the sinks when it returns; the lease is settled after.
  virtual Settlement finish(Task& task, TransferResult result) = 0;
};

}  // namespace weft
