// What other threads hand to the thread that owns a Transfers: answers of the resolver
// and wake-ups.
//
// Threads: post() and wake() from any thread; take() and the descriptor by the owner.
//          A writer pays for a system call only while the owner sleeps.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "net/bell.hpp"
#include "weft/base/mutex.hpp"
#include "weft/net/resolver.hpp"

namespace weft {

struct Letter {
  std::uint64_t transfer = 0;
  std::shared_ptr<const Resolution> resolution;
};

class Mailbox {
 public:
  void post(Letter letter) EXCLUDES(mutex_);
  void wake() noexcept EXCLUDES(mutex_);

  // Moves the letters into `letters` (emptied first); true if woken since the last take.
  bool take(std::vector<Letter>& letters) EXCLUDES(mutex_);

  // Between these two a post or wake makes fd() readable. Returns false, and no sleep is
  // announced, where something is waiting already.
  bool announce_sleep() EXCLUDES(mutex_);
  void end_sleep() EXCLUDES(mutex_);

  int fd() const { return fd_; }

 private:
  Mutex mutex_;
  Bell bell_ GUARDED_BY(mutex_);
  bool woken_ GUARDED_BY(mutex_) = false;
  std::vector<Letter> letters_ GUARDED_BY(mutex_);

  const int fd_ = bell_.fd();
};

}  // namespace weft
