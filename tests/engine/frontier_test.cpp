#include "weft/engine/frontier.hpp"

#include <doctest/doctest.h>

#include <atomic>
#include <map>
#include <set>
#include <thread>

#include "support/manual_clock.hpp"

using namespace weft;
using namespace std::chrono_literals;
using weft::test::ManualClock;

namespace {

Task page(const std::string& url, Priority priority = Priority::normal) {
  return {.url = Url::parse(url).value(), .priority = priority};
}

Settlement good() { return {.feedback = Feedback::good}; }

// A frontier without robots.txt, on a clock that stands still.
struct Bench {
  explicit Bench(FrontierConfig config = {}) : frontier(with(config), clock) {}

  static FrontierConfig with(FrontierConfig config) {
    config.robots_first = false;
    return config;
  }

  // The URL given to `worker` and settled at once; empty if none may be taken.
  std::string take_and_settle(int worker = 0) {
    Taken taken = frontier.take(worker);
    if (!taken.lease) return "";
    std::string url = taken.lease->task().url.href();
    std::move(*taken.lease).settle(good());
    return url;
  }

  ManualClock clock;
  Frontier frontier;
};

}  // namespace

TEST_CASE("an empty frontier is drained; a queued or leased task keeps it from being so") {
  Bench bench;
  CHECK(bench.frontier.take(0).drained);
  bench.frontier.push(page("http://a/"));
  Taken taken = bench.frontier.take(0);
  REQUIRE(taken.lease);
  CHECK_FALSE(bench.frontier.take(0).drained);
  std::move(*taken.lease).settle(good());
  CHECK(bench.frontier.take(0).drained);
}

TEST_CASE("a host never has more leases than slots") {
  Bench bench({.slots_per_host = 2, .adaptive = false});
  for (int i = 0; i < 5; ++i) bench.frontier.push(page("http://a/" + std::to_string(i)));
  Taken first = bench.frontier.take(0);
  Taken second = bench.frontier.take(0);
  REQUIRE(second.lease);
  CHECK_FALSE(bench.frontier.take(0).lease);
  std::move(*first.lease).settle(good());
  CHECK(bench.frontier.take(0).lease);
}

TEST_CASE("http and https, any port and a final dot are one host to politeness") {
  Bench bench({.slots_per_host = 1});
  bench.frontier.push(page("http://a.example/"));
  bench.frontier.push(page("https://a.example/"));
  bench.frontier.push(page("http://a.example:8080/"));
  bench.frontier.push(page("http://a.example./"));
  const Taken held = bench.frontier.take(0);
  REQUIRE(held.lease);
  CHECK_FALSE(bench.frontier.take(0).lease);
}

TEST_CASE("between two requests to one host lies the wait, and other hosts run free") {
  Bench bench({.wait = 200ms});
  for (int i = 0; i < 2; ++i) {
    bench.frontier.push(page("http://a/" + std::to_string(i)));
    bench.frontier.push(page("http://b/" + std::to_string(i)));
  }
  CHECK_FALSE(bench.take_and_settle().empty());
  CHECK_FALSE(bench.take_and_settle().empty());
  const Taken none = bench.frontier.take(0);
  CHECK_FALSE(none.lease);
  CHECK(none.wake == bench.clock.now() + 200ms);
  bench.clock.advance(199ms);
  CHECK(bench.take_and_settle().empty());
  bench.clock.advance(1ms);
  CHECK_FALSE(bench.take_and_settle().empty());
  CHECK_FALSE(bench.take_and_settle().empty());
}

TEST_CASE("the wait counts from when a request was sent, not from when it was decided on") {
  Bench bench({.wait = 200ms});
  bench.frontier.push(page("http://a/1"));
  bench.frontier.push(page("http://a/2"));
  Taken first = bench.frontier.take(0);
  bench.clock.advance(180ms);
  std::move(*first.lease).settle({.feedback = Feedback::good, .sent = 150ms});
  bench.clock.advance(169ms);
  CHECK(bench.take_and_settle().empty());
  bench.clock.advance(1ms);
  CHECK(bench.take_and_settle() == "http://a/2");
}

TEST_CASE("a request that was never sent does not count as one") {
  Bench bench({.wait = 1h});
  bench.frontier.push(page("http://a/1"));
  bench.frontier.push(page("http://a/2"));
  Taken taken = bench.frontier.take(0);
  std::move(*taken.lease).settle({});  // refused by robots.txt, say
  CHECK(bench.take_and_settle() == "http://a/2");
}

TEST_CASE("a lease destroyed unsettled puts its task back") {
  Bench bench;
  bench.frontier.push(page("http://a/"));
  { const Taken dropped = bench.frontier.take(0); }
  CHECK(bench.frontier.state().queued == 1);
  CHECK(bench.take_and_settle() == "http://a/");
}

TEST_CASE("a task to be tried again is due after its backoff, and does not hold up others") {
  Bench bench;
  bench.frontier.push(page("http://a/1"));
  Taken taken = bench.frontier.take(0);
  std::move(*taken.lease).settle({.feedback = Feedback::good, .retry_after = 5s});
  bench.frontier.push(page("http://a/2"));
  CHECK(bench.take_and_settle() == "http://a/2");
  CHECK(bench.take_and_settle().empty());
  CHECK(bench.frontier.take(0).wake == bench.clock.now() + 5s);
  bench.clock.advance(5s);
  CHECK(bench.take_and_settle() == "http://a/1");
}

TEST_CASE("a host that says Retry-After is left alone for so long, other hosts are not") {
  Bench bench;
  for (const char* url : {"http://a/1", "http://a/2", "http://b/"}) bench.frontier.push(page(url));
  Taken taken = bench.frontier.take(0);
  std::move(*taken.lease)
      .settle({.feedback = Feedback::overloaded, .leave_alone = 2s, .retry_after = 2s});
  CHECK(bench.take_and_settle() == "http://b/");
  CHECK(bench.take_and_settle().empty());
  bench.clock.advance(2s);
  CHECK_FALSE(bench.take_and_settle().empty());
}

TEST_CASE("high, normal and low get 8, 4 and 1 shares, none starves, first goes before all") {
  Bench bench({.slots_per_host = 1000});
  for (int i = 0; i < 130; ++i) {
    bench.frontier.push(page("http://a/low" + std::to_string(i), Priority::low));
    bench.frontier.push(page("http://a/normal" + std::to_string(i), Priority::normal));
    bench.frontier.push(page("http://a/high" + std::to_string(i), Priority::high));
  }
  bench.frontier.push(page("http://a/first", Priority::first));
  CHECK(bench.take_and_settle() == "http://a/first");
  std::map<char, int> shares;
  for (int i = 0; i < 130; ++i) ++shares[bench.take_and_settle()[9]];
  CHECK(shares['h'] == 80);
  CHECK(shares['n'] == 40);
  CHECK(shares['l'] == 10);
}

TEST_CASE("a host is served again by the worker that served it last") {
  Bench bench({.workers = 2});
  for (int i = 1; i < 6; ++i) {
    bench.frontier.push(page("http://a/" + std::to_string(i)));
    bench.frontier.push(page("http://b/" + std::to_string(i)));
  }
  const std::string to_first = bench.take_and_settle(0);
  const std::string to_second = bench.take_and_settle(1);
  for (int i = 2; i < 6; ++i) {
    CHECK(bench.take_and_settle(1).substr(0, 9) == to_second.substr(0, 9));
    CHECK(bench.take_and_settle(0).substr(0, 9) == to_first.substr(0, 9));
  }
}

TEST_CASE("one busy host can use every worker") {
  Bench bench({.workers = 2, .slots_per_host = 4, .adaptive = false});
  for (int i = 0; i < 4; ++i) bench.frontier.push(page("http://a/" + std::to_string(i)));
  const Taken first = bench.frontier.take(0);
  const Taken second = bench.frontier.take(1);
  CHECK(first.lease.has_value());
  CHECK(second.lease.has_value());
}

TEST_CASE("robots.txt is an origin's first task, and nothing else is given out before it") {
  ManualClock clock;
  Frontier frontier({}, clock);
  frontier.push(page("http://a/1"));
  frontier.push(page("http://a/2"));
  frontier.push(page("http://a:8080/"));
  std::set<std::string> first;
  Taken one = frontier.take(0);
  Taken two = frontier.take(0);
  first.insert(one.lease->task().url.href());
  first.insert(two.lease->task().url.href());
  CHECK(first == std::set<std::string>{"http://a/robots.txt", "http://a:8080/robots.txt"});
  CHECK_FALSE(frontier.take(0).lease);
  CHECK(frontier.state().held == 3);

  std::move(*one.lease).settle(good());
  std::move(*two.lease).settle(good());
  frontier.open(Url::parse("http://a/").value(), 0s, clock.now() + 24h);
  CHECK(frontier.take(0).lease->task().url.href() == "http://a/1");
  CHECK(frontier.state().held == 1);
}

TEST_CASE("robots.txt older than its lifetime is fetched again before anything else") {
  ManualClock clock;
  Frontier frontier({}, clock);
  const Url origin = Url::parse("http://a/").value();
  frontier.push(page("http://a/1"));
  std::move(*frontier.take(0).lease).settle(good());
  frontier.open(origin, 0s, clock.now() + 24h);
  frontier.push(page("http://a/2"));
  std::move(*frontier.take(0).lease).settle(good());
  clock.advance(25h);
  Taken again = frontier.take(0);
  REQUIRE(again.lease);
  CHECK(again.lease->task().kind == TaskKind::robots);
  CHECK_FALSE(frontier.take(0).lease);
  std::move(*again.lease).settle(good());
  frontier.open(origin, 0s, clock.now() + 24h);
  CHECK(frontier.take(0).lease->task().url.href() == "http://a/2");
}

TEST_CASE("a Crawl-delay holds from the robots.txt request itself on") {
  ManualClock clock;
  Frontier frontier({}, clock);
  frontier.push(page("http://a/1"));
  Taken robots = frontier.take(0);
  frontier.open(Url::parse("http://a/").value(), 3s, clock.now() + 24h);
  std::move(*robots.lease).settle(good());
  CHECK_FALSE(frontier.take(0).lease);
  clock.advance(3s);
  CHECK(frontier.take(0).lease);
}

TEST_CASE("an unreachable host is set aside for longer and longer, then given up") {
  Bench bench({.slots_per_host = 1, .give_up_after = 3});
  for (int i = 0; i < 10; ++i) bench.frontier.push(page("http://dead/" + std::to_string(i)));
  std::vector<Clock::duration> pauses;
  while (true) {
    Taken taken = bench.frontier.take(0);
    if (!taken.lease) {
      pauses.push_back(taken.wake - bench.clock.now());
      bench.clock.advance(pauses.back());
      continue;
    }
    if (taken.lease->host_down()) break;
    std::move(*taken.lease).settle({.feedback = Feedback::unreachable, .reason = "refused"});
  }
  CHECK(pauses == std::vector<Clock::duration>{1s, 2s, 4s});
  const auto troubles = bench.frontier.troubles();
  REQUIRE(troubles.size() == 1);
  CHECK(troubles[0].down);
  CHECK(troubles[0].reason == "refused");

  int settled = 0;
  while (!bench.take_and_settle().empty()) ++settled;
  CHECK(settled == 6);  // four were asked
  CHECK(bench.frontier.take(0).drained);
}

TEST_CASE("a host set aside while others are well costs them nothing") {
  Bench bench;
  bench.frontier.push(page("http://dead/1"));
  std::move(*bench.frontier.take(0).lease)
      .settle({.feedback = Feedback::unreachable, .retry_after = 1s, .reason = "refused"});
  for (int i = 0; i < 3; ++i) bench.frontier.push(page("http://live/" + std::to_string(i)));
  for (int i = 0; i < 3; ++i) CHECK(bench.take_and_settle().starts_with("http://live/"));
}

TEST_CASE("one URL that times out does not set its host aside, three in a row do") {
  Bench bench({.slots_per_host = 1, .adaptive = false});
  for (int i = 0; i < 9; ++i) bench.frontier.push(page("http://a/" + std::to_string(i)));
  for (int i = 0; i < 3; ++i) {
    Taken taken = bench.frontier.take(0);
    REQUIRE(taken.lease);
    std::move(*taken.lease).settle({.feedback = Feedback::stalled, .reason = "timeout"});
  }
  CHECK_FALSE(bench.frontier.take(0).lease);
}

TEST_CASE("a worker that found nothing is woken when something may be taken") {
  Bench bench({.workers = 2});
  int woken[2] = {0, 0};
  for (int worker = 0; worker < 2; ++worker) {
    bench.frontier.set_waker(worker, [&woken, worker] { ++woken[worker]; });
  }
  bench.frontier.take(1);
  bench.frontier.push(page("http://a/1"));
  CHECK(woken[0] == 0);
  CHECK(woken[1] == 1);

  Taken taken = bench.frontier.take(1);
  bench.frontier.take(0);
  std::move(*taken.lease).settle(good());  // drained: everybody is told
  CHECK(woken[0] == 1);
}

TEST_CASE("threads that push, take and settle at once lose no task and double none") {
  SystemClock clock;
  constexpr int kThreads = 4;
  constexpr int kTasks = 4000;
  Frontier frontier({.workers = kThreads, .slots_per_host = 2, .robots_first = false}, clock);
  std::vector<std::atomic<int>> settled(kThreads * kTasks);
  std::atomic<int> pushers{kThreads};
  std::vector<std::thread> threads;
  for (int t = 0; t < kThreads; ++t) {
    threads.emplace_back([&, t] {
      for (int i = 0; i < kTasks; ++i) {
        const int n = t * kTasks + i;
        frontier.push(page("http://h" + std::to_string(n % 50) + "/" + std::to_string(n)));
        Taken taken = frontier.take(t);
        if (!taken.lease) continue;
        ++settled[std::stoul(std::string(taken.lease->task().url.path().substr(1)))];
        std::move(*taken.lease).settle(good());
      }
      --pushers;
      while (true) {
        Taken taken = frontier.take(t);
        if (!taken.lease) {
          if (taken.drained && pushers == 0) return;
          std::this_thread::yield();
          continue;
        }
        ++settled[std::stoul(std::string(taken.lease->task().url.path().substr(1)))];
        std::move(*taken.lease).settle(good());
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  int wrong = 0;
  for (const auto& times : settled) wrong += times == 1 ? 0 : 1;
  CHECK(wrong == 0);
}

TEST_CASE("by depth the nearest level comes first, in whatever order its levels were found") {
  Bench bench({.by_depth = true});
  bench.frontier.push(page("http://a/0"));
  Taken seed = bench.frontier.take(0);
  const std::uint32_t depths[] = {3, 2, 3};
  for (const std::uint32_t depth : depths) {
    Task task = page("http://a/at" + std::to_string(depth));
    task.depth = depth;
    bench.frontier.push(std::move(task));
  }
  std::move(*seed.lease).settle(good());
  Taken nearer = bench.frontier.take(0);
  REQUIRE(nearer.lease);
  CHECK(nearer.lease->task().depth == 2);
  CHECK_FALSE(bench.frontier.take(0).lease);
  std::move(*nearer.lease).settle(good());
  CHECK(bench.take_and_settle() == "http://a/at3");
  CHECK(bench.take_and_settle() == "http://a/at3");
  CHECK(bench.frontier.take(0).drained);
}

TEST_CASE("the state names the host that may be asked next, also once one was put off") {
  Bench bench({.wait = 1s});
  for (const char* url : {"http://a/1", "http://a/2", "http://b/1", "http://b/2", "http://c/1"}) {
    bench.frontier.push(page(url));
  }
  Taken a = bench.frontier.take(0);
  bench.clock.advance(100ms);
  CHECK(bench.take_and_settle() == "http://b/1");
  CHECK(bench.take_and_settle() == "http://c/1");
  CHECK(bench.frontier.state().next_host == "a");
  std::move(*a.lease).settle({.feedback = Feedback::overloaded, .leave_alone = 5s});
  CHECK(bench.frontier.state().next_host == "b");
}

TEST_CASE("a host overloaded by one request at a time is given a pause at once") {
  Bench bench({.slots_per_host = 1});
  for (int i = 0; i < 2; ++i) bench.frontier.push(page("http://a/" + std::to_string(i)));
  std::move(*bench.frontier.take(0).lease).settle({.feedback = Feedback::overloaded});
  CHECK(bench.take_and_settle().empty());
  bench.clock.advance(1s);
  CHECK_FALSE(bench.take_and_settle().empty());
}

TEST_CASE("an answer that is an error shows that a host is there") {
  Bench bench({.slots_per_host = 1, .give_up_after = 2});
  for (int i = 0; i < 9; ++i) {
    bench.frontier.push(page("http://a/" + std::to_string(i)));
    Taken taken = bench.frontier.take(0);
    REQUIRE_FALSE(taken.lease->host_down());
    const Feedback feedback = i % 2 == 1 ? Feedback::answered : Feedback::unreachable;
    std::move(*taken.lease).settle({.feedback = feedback});
    bench.clock.advance(1h);
  }
}
