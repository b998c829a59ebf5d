// Wakes a thread that waits on descriptors, at the price of a system call only while it sleeps.
//
// Threads: fd() from any thread; the rest under its owner's mutex.
#pragma once

#include <sys/eventfd.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <system_error>
#include <utility>

#include "weft/base/fd.hpp"

namespace weft {

class Bell {
 public:
  Bell() : fd_(eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)) {
    if (fd_.get() < 0) throw std::system_error(errno, std::generic_category(), "eventfd");
  }

  int fd() const { return fd_.get(); }  // readable once it was rung while the thread slept

  void ring() noexcept {
    if (!sleeping_ || rung_) return;
    rung_ = true;
    const std::uint64_t one = 1;
    // Fails only where the counter is full, and then it is readable already.
    [[maybe_unused]] const auto written = ::write(fd_.get(), &one, sizeof one);
  }

  // By the thread that waits: before and after.
  void begin_sleep() noexcept { sleeping_ = true; }
  void end_sleep() noexcept {
    sleeping_ = false;
    if (!std::exchange(rung_, false)) return;
    std::uint64_t count = 0;
    [[maybe_unused]] const auto got = ::read(fd_.get(), &count, sizeof count);
  }

 private:
  const Fd fd_;
  bool sleeping_ = false;
  bool rung_ = false;
};

}  // namespace weft
