// Whose turn it is: which host a worker is given next, and over how many connections.
#include <doctest/doctest.h>

#include <deque>
#include <memory>
#include <optional>

#include "support/manual_clock.hpp"
#include "weft/engine/frontier.hpp"

using namespace weft;
using namespace std::chrono_literals;
using weft::test::ManualClock;

namespace {

using Strings = std::vector<std::string>;

Task page(const std::string& url) { return {.url = Url::parse(url).value()}; }

// A frontier without robots.txt, on a clock that stands still. Hosts have names of one letter.
struct Bench {
  explicit Bench(FrontierConfig config = {})
      : frontier(std::make_unique<Frontier>(with(config), clock)) {
    for (int worker = 0; worker < config.workers; ++worker) {
      woken.push_back(0);
      frontier->set_waker(worker, [this, worker] { ++woken[static_cast<std::size_t>(worker)]; });
    }
  }

  static FrontierConfig with(FrontierConfig config) {
    config.robots_first = false;
    return config;
  }

  // So many pages of each host, one host after the other.
  void push(const std::string& hosts, int count = 1) {
    for (const char host : hosts) {
      for (int i = 0; i < count; ++i) {
        frontier->push(page("http://" + std::string(1, host) + "/" + std::to_string(i)));
      }
    }
  }

  std::optional<Lease> take(int worker = 0) { return std::move(frontier->take(worker).lease); }
  std::string take_and_settle(Settlement settlement = {.feedback = Feedback::good}) {
    std::optional<Lease> lease = take();
    if (!lease) return "";
    std::string host = host_of(*lease);
    std::move(*lease).settle(std::move(settlement));
    return host;
  }
  // The hosts of all that can be had one after the other, each answer good.
  std::string take_all() {
    std::string hosts;
    while (true) {
      const std::string host = take_and_settle();
      if (host.empty()) return hosts;
      hosts += host;
    }
  }
  // All that can be had at once.
  std::deque<Lease> lease_all(int worker = 0) {
    std::deque<Lease> leases;
    while (std::optional<Lease> lease = take(worker)) leases.push_back(std::move(*lease));
    return leases;
  }

  // Until then these have nothing to do.
  void find_nothing(std::initializer_list<int> workers) {
    Clock::time_point wake{};
    for (const int worker : workers) {
      const Taken none = frontier->take(worker);
      CHECK_FALSE(none.lease);
      wake = none.wake;
    }
    clock.advance(wake - clock.now());
  }

  static std::string host_of(const Lease& lease) { return host_key(lease.task().url).name; }

  ManualClock clock;
  std::vector<int> woken;
  std::unique_ptr<Frontier> frontier;
};

void settle(std::optional<Lease>& lease, Settlement settlement = {.feedback = Feedback::good}) {
  REQUIRE(lease);
  std::move(*lease).settle(std::move(settlement));
  lease.reset();
}

// One answer, from which the host is known: how long it took, and its connection before that.
void answer_first(Bench& bench, Clock::duration service, Clock::duration connecting) {
  std::optional<Lease> lease = bench.take();
  bench.clock.advance(connecting + service);
  settle(
      lease,
      {.feedback = Feedback::good, .sent = connecting, .connecting = connecting, .latency = 10ms});
}

// Looks names up when the test says so.
struct Names {
  explicit Names(Bench& bench) {
    bench.frontier->set_names([this](const HostKey& host, auto done) {
      asked.push_back(host.name);
      answers.push_back(std::move(done));
      if (at_once) answers.back()(*at_once);
    });
  }

  Strings asked;
  std::vector<std::function<void(const std::string&)>> answers;
  std::optional<std::string> at_once;
};

Settlement late() { return {.feedback = Feedback::late, .retry_after = 0ms}; }
Settlement costing(Clock::duration cost) { return {.feedback = Feedback::good, .cost = cost}; }

}  // namespace

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
  Bench bench({.workers = 4});
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
  Bench bench;
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
  Bench bench;
  bench.push("ab", 2);
  CHECK(bench.take_and_settle(costing(60ms)) == "a");
  CHECK(bench.take_and_settle(costing(30ms)) == "b");
  CHECK(bench.take_all() == "ba");
}

TEST_CASE("a costly host is an ordinary one again after some cheap answers") {
  Bench bench;
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
