// What answers about names hold of their frontier, which they may outlive.
//
// Threads: every method may be called from any thread. The one place where two of our mutexes
//          are held: the link's, then the frontier's.
#pragma once

#include <string>

#include "weft/base/mutex.hpp"
#include "weft/engine/names.hpp"
#include "weft/url/identity.hpp"

namespace weft {

class Frontier;

struct NameLink {
  explicit NameLink(Frontier& to) : frontier(&to) {}

  NameLookUp look_up;  // constant once hosts are pushed

  Mutex mutex;
  Frontier* frontier GUARDED_BY(mutex);  // null: it is gone
};

}  // namespace weft
