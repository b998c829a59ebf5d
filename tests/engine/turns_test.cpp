// Whose turn it is: which host a worker is given next, and over how many connections.
#include "engine/turns_bench.hpp"

namespace weft::test {
namespace {

using Bench = TurnsBench;

// --- turns

TEST_CASE("a host keeps its turn until it has no more") {
  Bench bench;
  bench.push("ab", 3);
  CHECK(bench.take_all() == "aaabbb");
}

TEST_CASE("a turn ends after its share of requests where others wait") {
  Bench bench({.turn_requests = 2});
  bench.push("ab", 3);
  CHECK(bench.take_all() == "aabbab");
}

TEST_CASE("a turn ends after its time where others wait") {
  Bench bench({.turn_time = 30s});
  bench.push("ab", 3);
  std::optional<Lease> lease = bench.take();
  bench.clock.advance(30s);
  settle(lease);
  CHECK(bench.take_all() == "bbbaa");
}

TEST_CASE("a turn that is over goes on at once where nobody waits, and ends when somebody does") {
  Bench bench({.turn_requests = 1});
  bench.push("a", 4);
  for (int i = 0; i < 2; ++i) CHECK(bench.take_and_settle() == "a");
  bench.push("b", 1);
  CHECK(bench.take_all() == "aba");
}

TEST_CASE("a host that a worker leaves standing for 20 ms is taken by another") {
  Bench bench({.workers = 2});
  bench.push("a", 2);
  CHECK(bench.take_and_settle() == "a");
  const Taken none = bench.frontier->take(1);
  CHECK_FALSE(none.lease);
  CHECK(none.wake == bench.clock.now() + 20ms);
  bench.clock.advance(20ms);
  CHECK(bench.take(1));
}

// --- connections

TEST_CASE("a drained host's kept connection is closed by the worker that has it, once") {
  Bench bench({.workers = 2});
  bench.push("a", 2);
  CHECK(bench.take_and_settle() == "a");
  Taken last = bench.frontier->take(0);
  CHECK(last.closed.empty());
  settle(last.lease);
  CHECK(bench.frontier->take(1).closed.empty());
  CHECK(bench.frontier->take(0).closed == std::vector<HostKey>{{"a"}});
  CHECK(bench.frontier->take(0).closed.empty());
}

TEST_CASE("a host begins with one connection and gets another once that pays") {
  Bench bench;
  bench.push("a", 10);
  answer_first(bench, 10ms, 50ms);
  const std::optional<Lease> kept = bench.take();
  const Taken none = bench.frontier->take(0);  // eight wait: 16 × 50 ms / 8
  CHECK_FALSE(none.lease);
  CHECK(none.wake == bench.clock.now() + 100ms);
  bench.clock.advance(99ms);
  CHECK_FALSE(bench.take());
  bench.clock.advance(1ms);
  CHECK(bench.take());
}

TEST_CASE("a host whose answers are slow to come gets connections at once, up to its slots") {
  Bench bench({.slots_per_host = 3});
  bench.push("a", 10);
  answer_first(bench, 10s, 50ms);
  CHECK(bench.lease_all().size() == 3);
}

TEST_CASE("a host whose latency has risen gets no other connection") {
  Bench bench;
  bench.push("a", 10);
  answer_first(bench, 10s, 50ms);
  CHECK(bench.take_and_settle({.feedback = Feedback::good, .latency = 1s}) == "a");
  CHECK(bench.lease_all().size() == 1);
}

TEST_CASE("where hosts are crowded each answer earns one connection, and none comes before it") {
  Bench bench({.transfers = 4, .slots_per_host = 4});
  bench.push("ab", 10);
  std::deque<Lease> leases = bench.lease_all();
  CHECK(leases.size() == 2);
  bench.clock.advance(1h);
  CHECK_FALSE(bench.take());
  std::move(leases.front()).settle({.feedback = Feedback::good});
  CHECK(bench.lease_all().size() == 2);  // the kept one, and another
}

TEST_CASE("a task for which another connection pays gets it at once") {
  Bench bench;
  bench.push("a", 1);
  const std::optional<Lease> first = bench.take();
  bench.push("a", 1);
  CHECK_FALSE(bench.take());
  Task parallel = page("http://a/large");
  parallel.parallel = true;
  bench.frontier->push(std::move(parallel));
  CHECK(bench.take());
}

TEST_CASE("a host that is not to be spared has all its slots at once") {
  Bench bench({.slots_per_host = 3, .adaptive = false});
  bench.push("a", 10);
  CHECK(bench.lease_all().size() == 3);
}

TEST_CASE("workers with nothing to do share a host's connections") {
  Bench bench({.workers = 2, .slots_per_host = 4});
  bench.push("a", 10);
  std::deque<Lease> leases;
  for (int i = 0; i < 2; ++i) {
    leases.push_back(std::move(*bench.take(0)));
    bench.find_nothing({0, 1});
  }
  bench.woken = {0, 0};
  CHECK_FALSE(bench.take(0));
  CHECK(bench.woken == std::vector<int>{0, 1});
  CHECK(bench.take(1));
}

TEST_CASE("a worker has more than its share of a host's connections where others are busy") {
  Bench bench({.workers = 2, .slots_per_host = 4, .adaptive = false});
  bench.push("a", 10);
  CHECK(bench.lease_all(0).size() == 4);
}

TEST_CASE("workers that have their share go on where one that has not is busy") {
  Bench bench({.workers = 3, .slots_per_host = 3});
  bench.push("a", 10);
  std::deque<Lease> leases;
  for (const int worker : {0, 1}) {
    leases.push_back(std::move(*bench.take(worker)));
    bench.find_nothing({0, 1});
  }
  CHECK(bench.take(0));
}

}  // namespace
}  // namespace weft::test
