// A frontier that is asked whose turn it is, with all that such a test needs.
#pragma once

#include <doctest/doctest.h>

#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "support/manual_clock.hpp"
#include "weft/engine/frontier.hpp"

namespace weft::test {

using namespace std::chrono_literals;

using Strings = std::vector<std::string>;

inline Task page(const std::string& url) { return {.url = Url::parse(url).value()}; }

// A frontier without robots.txt, on a clock that stands still. Hosts have names of one letter.
struct TurnsBench {
  explicit TurnsBench(FrontierConfig config = {})
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

inline void settle(std::optional<Lease>& lease,
                   Settlement settlement = {.feedback = Feedback::good}) {
  REQUIRE(lease);
  std::move(*lease).settle(std::move(settlement));
  lease.reset();
}

// One answer, from which the host is known: how long it took, and its connection before that.
inline void answer_first(TurnsBench& bench, Clock::duration service, Clock::duration connecting) {
  std::optional<Lease> lease = bench.take();
  bench.clock.advance(connecting + service);
  settle(
      lease,
      {.feedback = Feedback::good, .sent = connecting, .connecting = connecting, .latency = 10ms});
}

// Looks names up when the test says so.
struct Names {
  explicit Names(TurnsBench& bench) {
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

inline Settlement late() { return {.feedback = Feedback::late, .retry_after = 0ms}; }
inline Settlement costing(Clock::duration cost) {
  return {.feedback = Feedback::good, .cost = cost};
}

}  // namespace weft::test
