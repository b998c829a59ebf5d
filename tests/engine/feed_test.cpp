// A frontier that is filled as it is emptied.
#include <doctest/doctest.h>

#include <atomic>
#include <memory>
#include <optional>
#include <thread>

#include "support/manual_clock.hpp"
#include "weft/engine/frontier.hpp"

using namespace weft;
using weft::test::ManualClock;

namespace {

Task page(const std::string& url) { return {.url = Url::parse(url).value()}; }

struct Fed {
  Fed() : frontier({.slots_per_host = 1, .robots_first = false}, clock) {
    frontier.set_feed({.least = 2, .most = 4, .wake = [this] { ++calls; }});
  }

  void push(const std::string& host, int count) {
    for (int i = 0; i < count; ++i) frontier.push(page("http://" + host + "/" + std::to_string(i)));
  }

  ManualClock clock;
  Frontier frontier;
  int calls = 0;
};

}  // namespace

TEST_CASE("a frontier that is held is not drained until the hold is gone") {
  ManualClock clock;
  Frontier frontier({.robots_first = false}, clock);
  bool woken = false;
  frontier.set_waker(0, [&] { woken = true; });
  std::optional<Hold> hold(frontier);
  {
    const Hold moved(std::move(*hold));
    hold.reset();
    CHECK_FALSE(frontier.take(0).drained);
    CHECK_FALSE(woken);
  }
  CHECK(woken);
  CHECK(frontier.take(0).drained);
}

TEST_CASE("a feed is called once when fewer tasks wait than it is to keep there") {
  Fed fed;
  CHECK(fed.frontier.wants_more());
  fed.push("a", 1);
  fed.push("b", 2);
  CHECK_FALSE(fed.frontier.wants_more());
  const Taken first = fed.frontier.take(0);
  CHECK(fed.calls == 0);
  const Taken second = fed.frontier.take(0);
  CHECK(fed.calls == 1);
  CHECK(fed.frontier.wants_more());
}

TEST_CASE("a feed is called where what waits is of hosts that are busy") {
  Fed fed;
  fed.push("a", 4);
  const Taken one = fed.frontier.take(0);
  CHECK_FALSE(fed.frontier.wants_more());  // three wait, and nobody has asked in vain
  CHECK_FALSE(fed.frontier.take(0).lease);
  CHECK(fed.calls == 1);
  CHECK(fed.frontier.wants_more());
  fed.push("a", 1);
  CHECK_FALSE(fed.frontier.take(0).lease);
  CHECK_FALSE(fed.frontier.wants_more());  // as many wait as it may hold
  CHECK(fed.calls == 1);
}

TEST_CASE("a feed is called where fewer hosts have work than it is to keep there") {
  Fed fed;
  fed.frontier.set_feed({.hosts = 2, .wake = [&fed] { ++fed.calls; }});
  fed.push("a", 9);
  CHECK(fed.frontier.wants_more());  // whatever waits
  fed.push("b", 1);
  CHECK_FALSE(fed.frontier.wants_more());
  const Taken a = fed.frontier.take(0);
  Taken b = fed.frontier.take(0);
  CHECK(fed.calls == 0);
  std::move(*b.lease).settle({.feedback = Feedback::good});
  CHECK(fed.calls == 1);
  CHECK(fed.frontier.wants_more());
}

TEST_CASE("a feed goes on as long as all that waits is of hosts that are left alone") {
  Fed fed;
  fed.push("a", 2);
  Taken first = fed.frontier.take(0);
  std::move(*first.lease)
      .settle({.feedback = Feedback::overloaded,
               .leave_alone = std::chrono::hours(1),
               .retry_after = std::chrono::hours(1)});
  CHECK_FALSE(fed.frontier.take(0).lease);
  CHECK(fed.frontier.wants_more());
  fed.push("a", 1);
  CHECK(fed.frontier.wants_more());  // another host may come next
  fed.push("b", 1);
  CHECK_FALSE(fed.frontier.wants_more());
  CHECK(fed.frontier.take(0).lease);
}

TEST_CASE("who waits to be drained is woken by the end of the feed, whatever its thread") {
  ManualClock clock;
  Frontier frontier({.robots_first = false}, clock);
  std::atomic<int> wakes = 0;
  frontier.set_waker(0, [&] { ++wakes; });
  auto hold = std::make_unique<Hold>(frontier);
  CHECK_FALSE(frontier.take(0).drained);
  std::thread([&] {
    frontier.push(page("http://a/"));
    hold.reset();
  }).join();
  CHECK(wakes == 1);
  CHECK(frontier.take(0).lease);
}
