#include "cli/stopping.hpp"

#include <doctest/doctest.h>

#include "support/manual_clock.hpp"

namespace weft {
namespace {

using namespace std::chrono_literals;
using Event = Signals::Event;

TEST_CASE("the first signal lets what is in flight finish, the second drops it") {
  const test::ManualClock clock;
  Stopping stopping(clock);
  CHECK_FALSE(stopping.signal());
  CHECK(stopping.signalled(Event::terminate) == StopHow::finish_transfers);
  CHECK(stopping.signalled(Event::interrupt) == StopHow::drop_transfers);
  CHECK(stopping.signalled(Event::interrupt) == StopHow::drop_transfers);
  CHECK(stopping.signal() == Event::terminate);  // the first is the one the shell is told
}

TEST_CASE("ten seconds after the first signal the time is over, once") {
  test::ManualClock clock;
  Stopping stopping(clock);
  clock.advance(1h);
  CHECK_FALSE(stopping.grace_is_over());  // nothing was asked for
  stopping.signalled(Event::interrupt);
  clock.advance(9999ms);
  CHECK_FALSE(stopping.grace_is_over());
  clock.advance(1ms);
  CHECK(stopping.grace_is_over());
  CHECK_FALSE(stopping.grace_is_over());
}

TEST_CASE("after the second signal there is no time to be over") {
  test::ManualClock clock;
  Stopping stopping(clock);
  stopping.signalled(Event::interrupt);
  stopping.signalled(Event::interrupt);
  clock.advance(1h);
  CHECK_FALSE(stopping.grace_is_over());
}

TEST_CASE("nobody waits past the end of the ten seconds") {
  test::ManualClock clock;
  Stopping stopping(clock);
  CHECK(stopping.wait_at_most(1h) == 1h);
  stopping.signalled(Event::interrupt);
  CHECK(stopping.wait_at_most(1h) == 10s);
  CHECK(stopping.wait_at_most(200ms) == 200ms);
  clock.advance(9900ms);
  CHECK(stopping.wait_at_most(200ms) == 100ms);
  clock.advance(1s);
  CHECK(stopping.wait_at_most(200ms) == 0ms);
  CHECK(stopping.grace_is_over());
  CHECK(stopping.wait_at_most(200ms) == 200ms);
}

}  // namespace
}  // namespace weft
