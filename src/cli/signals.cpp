#include "cli/signals.hpp"

#include <ctime>

namespace weft {
namespace {

bool is_ignored(int signal) {
  struct sigaction action {};
  return ::sigaction(signal, nullptr, &action) == 0 && action.sa_handler == SIG_IGN;
}

timespec to_timespec(Clock::duration duration) {
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(duration);
  const auto rest = std::chrono::duration_cast<std::chrono::nanoseconds>(duration - seconds);
  return {static_cast<std::time_t>(seconds.count()), static_cast<long>(rest.count())};
}

}  // namespace

Signals::Signals() : main_(::pthread_self()), set_{}, before_{} {
  ::sigemptyset(&set_);
  for (const int signal : {SIGINT, SIGTERM, SIGUSR1, SIGWINCH}) ::sigaddset(&set_, signal);
  if (!is_ignored(SIGHUP)) ::sigaddset(&set_, SIGHUP);
  ::pthread_sigmask(SIG_BLOCK, &set_, &before_);
  pipe_before_ = std::signal(SIGPIPE, SIG_IGN);
  size_before_ = std::signal(SIGXFSZ, SIG_IGN);
}

Signals::~Signals() {
  // Unblocked, the bell would end the process; so would a signal that came too late to stop
  // what is done, and take its exit code with it.
  timespec now{};
  while (::sigtimedwait(&set_, nullptr, &now) > 0) {
  }
  ::pthread_sigmask(SIG_SETMASK, &before_, nullptr);
  std::signal(SIGPIPE, pipe_before_);
  std::signal(SIGXFSZ, size_before_);
}

void Signals::ring() const noexcept { ::pthread_kill(main_, SIGUSR1); }

Signals::Event Signals::wait(Clock::duration longest) {
  const timespec timeout = to_timespec(longest);
  switch (::sigtimedwait(&set_, nullptr, &timeout)) {
    case SIGINT:
      return Event::interrupt;
    case SIGTERM:
    case SIGHUP:
      return Event::terminate;
    case SIGUSR1:
    case SIGWINCH:
      return Event::bell;
    default:
      return Event::none;  // the time is over, or a debugger interfered
  }
}

void Signals::let_through() {
  sigset_t both;
  ::sigemptyset(&both);
  ::sigaddset(&both, SIGINT);
  ::sigaddset(&both, SIGTERM);
  ::pthread_sigmask(SIG_UNBLOCK, &both, nullptr);
}

}  // namespace weft
