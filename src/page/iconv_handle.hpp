// An iconv conversion that closes itself.
//
// Threads: a handle belongs to one thread. Opening and closing load and unload libraries;
// glibc guards that, but with locks that ThreadSanitizer cannot see, so we do as well.
#pragma once

#include <iconv.h>

#include "weft/base/mutex.hpp"

namespace weft::page {

class IconvHandle {
 public:
  IconvHandle(const char* to, const char* from) {
    const Lock lock(opening());
    handle_ = ::iconv_open(to, from);
  }
  IconvHandle(const IconvHandle&) = delete;
  IconvHandle& operator=(const IconvHandle&) = delete;
  ~IconvHandle() {
    if (!is_open()) return;
    const Lock lock(opening());
    ::iconv_close(handle_);
  }

  // False where this machine's iconv does not know the encoding.
  bool is_open() const { return handle_ != reinterpret_cast<iconv_t>(-1); }
  iconv_t get() const { return handle_; }

 private:
  static Mutex& opening() {
    static Mutex mutex;
    return mutex;
  }

  iconv_t handle_;
};

}  // namespace weft::page
