// Hosts that hold up no others: slow names, full addresses, silent hosts, costly answers.
#include "engine/turns_bench.hpp"

namespace weft::test {
namespace {

using Bench = TurnsBench;

// --- names

TEST_CASE("a host waits for its name, holds no lease meanwhile, and others go on") {
  Bench bench;
  Names names(bench);
  bench.push("ab");
  CHECK(names.asked == Strings{"a", "b"});
  CHECK_FALSE(bench.take());
  CHECK(bench.frontier->state().leased == 0);
  names.answers[1]("192.0.2.1");
  CHECK(bench.woken[0] == 1);
  CHECK(bench.take_all() == "b");
  names.answers[0]("192.0.2.1");
  CHECK(bench.take_all() == "a");
}

TEST_CASE("tasks of a host without an address are given out all the same") {
  Bench bench({.slots_per_address = 1});
  Names names(bench);
  names.at_once = "";
  bench.push("ab");
  CHECK(bench.lease_all().size() == 2);
}

TEST_CASE("no more hosts are named ahead than may soon be needed") {
  Bench bench({.transfers = 2});
  Names names(bench);
  names.at_once = "192.0.2.1";
  for (int i = 0; i < 100; ++i) bench.frontier->push(page("http://h" + std::to_string(i) + "/"));
  CHECK(names.asked.size() == 68);
  CHECK(bench.take());
  CHECK(names.asked.size() == 69);
}

TEST_CASE("an answer that comes when the frontier is gone is harmless") {
  Bench bench;
  Names names(bench);
  bench.push("a");
  bench.frontier.reset();
  CHECK_NOTHROW(names.answers[0]("192.0.2.1"));
}

// --- addresses

TEST_CASE("a host waits while its address is full, and a worker is woken when it no longer is") {
  Bench bench({.slots_per_address = 1});
  Names names(bench);
  names.at_once = "192.0.2.1";
  bench.push("ab");
  std::optional<Lease> first = bench.take();
  CHECK_FALSE(bench.take());
  CHECK(bench.woken[0] == 0);
  settle(first);
  CHECK(bench.woken[0] == 1);
  CHECK(bench.take_all() == "b");
}

TEST_CASE("a host that was given up waits for no address") {
  Bench bench({.slots_per_host = 1, .slots_per_address = 1});
  Names names(bench);
  names.at_once = "192.0.2.1";
  bench.push("a", 2);
  bench.push("b");
  std::optional<Lease> first = bench.take();
  CHECK_FALSE(bench.take());  // b waits for the address
  settle(first, {.feedback = Feedback::gone});
  std::optional<Lease> b = bench.take();
  REQUIRE(b);
  CHECK(Bench::host_of(*b) == "b");
  std::optional<Lease> a = bench.take();
  REQUIRE(a);
  CHECK(a->host_down());
  settle(b);
  settle(a, {});
  CHECK(bench.frontier->take(0).drained);
}

TEST_CASE("a host that is given up while it waits for its address leaves it in order") {
  Bench bench({.slots_per_host = 2, .slots_per_address = 1, .adaptive = false});
  Names names(bench);
  names.at_once = "192.0.2.1";
  bench.push("a");
  std::optional<Lease> first = bench.take();
  bench.push("b");
  CHECK_FALSE(bench.take());
  bench.push("a");  // now both wait
  CHECK_FALSE(bench.take());
  settle(first, {.feedback = Feedback::gone});
  std::deque<Lease> leases = bench.lease_all();
  REQUIRE(leases.size() == 2);
  for (Lease& lease : leases) {
    std::move(lease).settle({.feedback = lease.host_down() ? Feedback::none : Feedback::good});
  }
  CHECK(bench.frontier->take(0).drained);
}

TEST_CASE("a host that is to be left alone leaves its address to another") {
  Bench bench({.slots_per_host = 2, .slots_per_address = 1, .adaptive = false});
  Names names(bench);
  names.at_once = "192.0.2.1";
  bench.push("a", 2);
  std::optional<Lease> first = bench.take();
  bench.push("b");
  CHECK_FALSE(bench.take());  // both wait
  settle(first, {.feedback = Feedback::overloaded, .leave_alone = 5min});
  CHECK(bench.take_all() == "b");
}

// --- hosts that have never answered

TEST_CASE("hosts that have never answered leave a quarter of the transfers to those that do") {
  Bench bench({.transfers = 8});
  bench.push("a", 2);
  CHECK(bench.take_and_settle() == "a");
  std::optional<Lease> answers = bench.take();
  bench.push("bcdefghi");
  std::deque<Lease> leases = bench.lease_all();
  CHECK(leases.size() == 6);
  CHECK(bench.woken[0] == 0);  // asking in vain is no reason to ask again
  settle(answers);
  CHECK(bench.woken[0] == 1);
  CHECK(bench.lease_all().size() == 2);  // nobody else needs a transfer
}

TEST_CASE("hosts that yielded share a quarter of the transfers while others have some") {
  Bench bench({.transfers = 8});
  bench.push("abcd");
  for (int i = 0; i < 4; ++i) CHECK_FALSE(bench.take_and_settle(late()).empty());
  bench.push("e");
  std::optional<Lease> other = bench.take();
  REQUIRE(other);
  CHECK(Bench::host_of(*other) == "e");  // before those that yielded
  std::deque<Lease> suspects = bench.lease_all();
  CHECK(suspects.size() == 2);
  CHECK(bench.woken[0] == 0);
  settle(other);
  CHECK(bench.woken[0] == 1);
  CHECK(bench.lease_all().size() == 2);
}

TEST_CASE("a first contact is short, the next is the last, and later ones have no such limit") {
  Bench bench({.first_answer = 10s});
  bench.push("a", 3);
  std::optional<Lease> first = bench.take();
  REQUIRE(first);
  CHECK(first->patience().answer_within == 10s);
  CHECK(first->patience().yield_after == 2s);
  CHECK_FALSE(first->patience().is_last);
  settle(first, late());

  std::optional<Lease> again = bench.take();
  REQUIRE(again);
  CHECK(again->patience().answer_within == 10s);
  CHECK(again->patience().yield_after == 10s);
  CHECK(again->patience().is_last);
  settle(again);

  const std::optional<Lease> answered = bench.take();
  REQUIRE(answered);
  CHECK(answered->patience().answer_within == 0s);
  CHECK(answered->patience().yield_after == 5s);
  CHECK_FALSE(answered->patience().is_last);
}

TEST_CASE("the first contact is the shorter the sooner other hosts answer theirs") {
  Bench bench;
  bench.push("abcdefgh");
  for (int i = 0; i < 7; ++i) bench.take_and_settle();
  const std::optional<Lease> last = bench.take();
  REQUIRE(last);
  CHECK(last->patience().yield_after < 1500ms);
  CHECK(last->patience().yield_after >= 500ms);
}

TEST_CASE("a request knows whether other hosts wait for its place") {
  Bench bench;
  bench.push("ab");
  const std::optional<Lease> first = bench.take();
  REQUIRE(first);
  CHECK(*first->patience().others_wait);
  const std::optional<Lease> second = bench.take();
  CHECK_FALSE(*first->patience().others_wait);
}

// --- hosts whose answers cost much

TEST_CASE("costly hosts share half of the CPU while others are served") {
  Bench bench({.workers = 4, .transfers = 8});
  bench.push("abc", 2);
  for (int i = 0; i < 3; ++i) bench.take_and_settle(costing(80ms));  // usually 10 ms, by now
  bench.push("d");
  std::optional<Lease> other = bench.take();
  REQUIRE(other);
  CHECK(Bench::host_of(*other) == "d");
  const std::deque<Lease> costly = bench.lease_all();
  CHECK(costly.size() == 1);
  CHECK(bench.frontier->take(0).wake == bench.clock.now() + 5ms);  // 10 ms of two CPUs
  bench.clock.advance(4ms);
  CHECK_FALSE(bench.take());
  bench.clock.advance(1ms);
  const std::optional<Lease> second = bench.take();
  CHECK(second);
  CHECK_FALSE(bench.take());
  settle(other);
  CHECK(bench.take());  // nobody is to be spared any more
}

TEST_CASE("what a costly answer costs beyond the usual is a pause for its like") {
  Bench bench({.transfers = 3});
  bench.push("a", 3);
  CHECK(bench.take_and_settle(costing(80ms)) == "a");
  bench.push("b");
  std::optional<Lease> other = bench.take();
  CHECK(bench.take_and_settle(costing(40ms)) == "a");
  const Taken none = bench.frontier->take(0);
  CHECK_FALSE(none.lease);
  CHECK(none.wake == bench.clock.now() + 80ms);
  bench.clock.advance(79ms);
  CHECK_FALSE(bench.take());
  bench.clock.advance(1ms);
  CHECK(bench.take_and_settle() == "a");
}

TEST_CASE("a costly host that is alone is not held back") {
  Bench bench;
  bench.push("a", 4);
  for (int i = 0; i < 4; ++i) CHECK(bench.take_and_settle(costing(30ms)) == "a");
}

TEST_CASE("of two costly hosts the one that has cost less goes first") {
  Bench bench({.transfers = 3});
  bench.push("ab", 2);
  CHECK(bench.take_and_settle(costing(60ms)) == "a");
  CHECK(bench.take_and_settle(costing(30ms)) == "b");
  CHECK(bench.take_all() == "ba");
}

TEST_CASE("a costly host is an ordinary one again after some cheap answers") {
  Bench bench({.transfers = 3});
  bench.push("a", 16);
  CHECK(bench.take_and_settle(costing(30ms)) == "a");
  bench.push("b");
  const std::optional<Lease> other = bench.take();
  CHECK(bench.take_and_settle() == "a");
  CHECK_FALSE(bench.take());
  for (int i = 0; i < 10; ++i) {
    bench.clock.advance(1s);
    CHECK(bench.take_and_settle() == "a");
  }
  CHECK(bench.take_and_settle() == "a");
  CHECK(bench.take_and_settle() == "a");
}

TEST_CASE("a costly host has several requests at once where there is room for all") {
  Bench bench({.slots_per_host = 2, .adaptive = false});
  bench.push("a", 4);
  CHECK(bench.take_and_settle(costing(30ms)) == "a");
  bench.push("b");
  CHECK(bench.lease_all().size() == 3);  // two of a, one of b
}

}  // namespace
}  // namespace weft::test
