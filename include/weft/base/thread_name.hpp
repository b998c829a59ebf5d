// What threads are called, for `top -H`, `ps -T` and debuggers.
//
// Threads: names the one that calls.
#pragma once

#include <pthread.h>

#include <string>

namespace weft {

// Of a longer name the first 15 bytes count: the system has no room for more.
inline void name_thread(std::string name) {
  constexpr std::size_t kMost = 15;
  if (name.size() > kMost) name.resize(kMost);
  ::pthread_setname_np(::pthread_self(), name.c_str());
}

}  // namespace weft
