#include "cli/signals.hpp"

#include <doctest/doctest.h>
#include <unistd.h>

#include <thread>

namespace weft {
namespace {

using namespace std::chrono_literals;

TEST_CASE("a bell that rang before is heard") {
  Signals signals;
  signals.ring();
  CHECK(signals.wait(1h) == Signals::Event::bell);
}

TEST_CASE("a bell rung by another thread ends the wait") {
  Signals signals;
  std::jthread other([&signals] { signals.ring(); });
  CHECK(signals.wait(1h) == Signals::Event::bell);
}

TEST_CASE("signals are events") {
  Signals signals;
  ::kill(::getpid(), SIGINT);
  CHECK(signals.wait(1h) == Signals::Event::interrupt);
  ::kill(::getpid(), SIGTERM);
  CHECK(signals.wait(1h) == Signals::Event::terminate);
}

TEST_CASE("a terminal that gets another size ends the wait, so that it is drawn on anew") {
  Signals signals;
  ::kill(::getpid(), SIGWINCH);
  CHECK(signals.wait(1h) == Signals::Event::bell);
}

TEST_CASE("a wait ends when its time is over") {
  Signals signals;
  CHECK(signals.wait(0s) == Signals::Event::none);
}

TEST_CASE("a write to a pipe that nobody reads fails instead of killing") {
  Signals signals;
  int ends[2];
  REQUIRE(::pipe(ends) == 0);
  ::close(ends[0]);
  CHECK(::write(ends[1], "x", 1) == -1);
  ::close(ends[1]);
}

TEST_CASE("what was before is restored, and a bell left over rings no more") {
  sigset_t before;
  ::pthread_sigmask(SIG_BLOCK, nullptr, &before);
  {
    Signals signals;
    signals.ring();
  }
  sigset_t after;
  ::pthread_sigmask(SIG_BLOCK, nullptr, &after);
  CHECK(::sigismember(&after, SIGINT) == ::sigismember(&before, SIGINT));
  CHECK(::sigismember(&after, SIGUSR1) == ::sigismember(&before, SIGUSR1));
}

}  // namespace
}  // namespace weft
