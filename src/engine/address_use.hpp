// One address, and the hosts that are there: how many requests are under way to it.
//
// Threads: the frontier's mutex guards it.
#pragma once

#include <string>

#include "engine/host_queue.hpp"
#include "weft/base/ring.hpp"

namespace weft {

struct AddressUse {
  std::string key;
  int hosts = 0;               // that refer to it
  int leases = 0;              // of theirs
  Ring<HostQueue*> waiting{};  // for one of those to end; each has work
};

}  // namespace weft
