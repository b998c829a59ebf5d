#include "weft/base/cpu_alarm.hpp"

#include <unistd.h>

#include <algorithm>
#include <csignal>

// glibc has the field, but not always its documented name (timer_create(2)).
#ifndef sigev_notify_thread_id
#define sigev_notify_thread_id _sigev_un._tid
#endif

namespace weft {

namespace {

constexpr Clock::duration kAgain = std::chrono::milliseconds(10);

timespec spec_of(Clock::duration time) {
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(time);
  return {.tv_sec = seconds.count(), .tv_nsec = std::chrono::nanoseconds(time - seconds).count()};
}

// False where the program has a use of its own for the signal.
bool take_signal(CpuAlarm::Function function) {
#ifdef __SANITIZE_THREAD__
  // The thread sanitizer keeps signals for later, and calls the handler within its own code,
  // which must not be left by longjmp.
  static_cast<void>(function);
  return false;
#else
  struct sigaction before {};
  if (::sigaction(SIGRTMAX, nullptr, &before) != 0 || before.sa_handler != SIG_DFL) return false;
  struct sigaction action {};
  action.sa_handler = function;
  // Who leaves by longjmp does not come back to have the signal unblocked.
  action.sa_flags = SA_NODEFER | SA_RESTART;
  return ::sigaction(SIGRTMAX, &action, nullptr) == 0;
#endif
}

}  // namespace

CpuAlarm::CpuAlarm(Clock::duration after, Function function) noexcept {
  static const bool has_signal = take_signal(function);
  if (!has_signal) return;
  sigevent event{};
  event.sigev_notify = SIGEV_THREAD_ID;
  event.sigev_signo = SIGRTMAX;
  event.sigev_notify_thread_id = ::gettid();
  if (::timer_create(CLOCK_THREAD_CPUTIME_ID, &event, &timer_) != 0) return;
  const Clock::duration first = std::max<Clock::duration>(after, std::chrono::nanoseconds(1));
  const itimerspec spec{.it_interval = spec_of(kAgain), .it_value = spec_of(first)};
  is_set_ = ::timer_settime(timer_, 0, &spec, nullptr) == 0;
  if (!is_set_) ::timer_delete(timer_);
}

CpuAlarm::~CpuAlarm() {
  if (is_set_) ::timer_delete(timer_);
}

}  // namespace weft
