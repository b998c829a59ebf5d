// Signals as events that the main thread waits for: there is no signal handler.
//
// Threads: construct it on the main thread before others start, which inherit its mask;
//          ring() may be called from any thread, the rest from the main thread alone.
#pragma once

#include <pthread.h>

#include <csignal>
#include <cstdint>

#include "weft/base/clock.hpp"

namespace weft {

class Signals {
 public:
  enum class Event : std::uint8_t {
    none,       // the time is over
    bell,       // ring() was called, or the terminal has another size
    interrupt,  // SIGINT
    terminate,  // SIGTERM, or SIGHUP unless it is ignored (nohup)
  };

  Signals();   // blocks them; SIGPIPE and SIGXFSZ are ignored, writes fail instead
  ~Signals();  // restores what was
  Signals(const Signals&) = delete;
  Signals& operator=(const Signals&) = delete;

  // Makes a wait() under way, or the next one, return.
  void ring() const noexcept;

  Event wait(Clock::duration longest);

  // From now on SIGINT and SIGTERM end the process at once, as if this did not exist.
  void let_through();

 private:
  pthread_t main_;
  sigset_t set_;
  sigset_t before_;
  void (*pipe_before_)(int);
  void (*size_before_)(int);
};

}  // namespace weft
