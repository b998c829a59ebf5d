// A batch read back from its job, so that it goes on where the last run stopped.
//
// Threads: the thread that owns the job; nothing else uses the parts yet.
#pragma once

#include "get/feeder.hpp"
#include "get/given_names.hpp"
#include "get/tar_shards.hpp"
#include "weft/engine/budget.hpp"
#include "weft/get/get.hpp"

namespace weft::get {

struct BatchMemory {
  Frontier& frontier;
  Feeder& feeder;
  NameClaims* claims;  // null where no file is kept, or in shards
  GivenNames* given;   // as claims
  TarKeys* keys;       // null but where they are kept so
  TarShards* shards;   // as keys
  Budget& budget;
};

Result<GetResumed> restore_batch(JobDb& job, const BatchMemory& into);

}  // namespace weft::get
