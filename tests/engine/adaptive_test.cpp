#include "weft/engine/adaptive.hpp"

#include <doctest/doctest.h>

using namespace weft;
using namespace std::chrono_literals;

namespace {

struct Host {
  AdaptiveLimit limit;
  Clock::time_point now = Clock::time_point(1h);

  void answers(int times, Clock::duration latency) {
    for (int i = 0; i < times; ++i) {
      const Clock::time_point started = now;
      now += latency;
      limit.good(started, latency, now);
    }
  }
  void overloads() {
    const Clock::time_point started = now;
    now += 10ms;
    limit.overloaded(started, now);
  }
};

}  // namespace

TEST_CASE("a host that answers well gets all its slots") {
  Host host{AdaptiveLimit(8)};
  host.answers(1000, 20ms);
  CHECK(host.limit.slots() == 8);
  CHECK(host.limit.delay() == 0ms);
}

TEST_CASE("an overloaded host gets half its slots, and recovers one at a time") {
  Host host{AdaptiveLimit(8)};
  host.overloads();
  CHECK(host.limit.slots() == 4);
  host.answers(15, 20ms);
  CHECK(host.limit.slots() == 4);
  host.answers(1, 20ms);
  CHECK(host.limit.slots() == 5);
  host.answers(1000, 20ms);
  CHECK(host.limit.slots() == 8);
}

TEST_CASE("requests that were sent before the last decrease do not decrease again") {
  AdaptiveLimit limit(8);
  const Clock::time_point sent(1h);
  limit.overloaded(sent, sent + 10ms);
  limit.overloaded(sent, sent + 11ms);
  limit.overloaded(sent + 5ms, sent + 12ms);
  CHECK(limit.slots() == 4);
}

TEST_CASE("a host overloaded by one request at a time is asked less often, then more again") {
  Host host{AdaptiveLimit(2)};
  host.overloads();
  CHECK(host.limit.slots() == 1);
  CHECK(host.limit.delay() == 0ms);
  host.overloads();
  const Clock::duration first = host.limit.delay();
  CHECK(first > 0ms);
  host.overloads();
  CHECK(host.limit.delay() == 2 * first);
  host.answers(200, 20ms);
  CHECK(host.limit.delay() == 0ms);
}

TEST_CASE("rising latency lowers the slots, noise does not") {
  Host host{AdaptiveLimit(8)};
  host.answers(100, 50ms);
  for (int i = 0; i < 50; ++i) {
    host.answers(1, 300ms);
    host.answers(3, 50ms);
  }
  CHECK(host.limit.slots() == 8);
  host.answers(20, 3s);
  CHECK(host.limit.slots() < 8);
}
