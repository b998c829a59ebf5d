#include "weft/net/resolver.hpp"

#include <doctest/doctest.h>

#include <condition_variable>
#include <future>
#include <map>
#include <mutex>

#include "support/manual_clock.hpp"

namespace weft {

using namespace std::chrono_literals;
using test::ManualClock;

namespace {

using Answer = std::shared_ptr<const Resolution>;

// A look-up that a test holds shut and counts.
class Names {
 public:
  Resolver::Lookup lookup() {
    return [this](const std::string& host) -> Resolution {
      std::unique_lock lock(mutex_);
      ++asked_[host];
      changed_.notify_all();
      changed_.wait(lock, [this] { return open_; });
      if (host.starts_with("no")) return {.error = "no such name"};
      return {.addresses = {*parse_ip("192.0.2.7")}};
    };
  }

  void hold() { set_open(false); }
  void release() { set_open(true); }
  int asked(const std::string& host) {
    const std::scoped_lock lock(mutex_);
    return asked_[host];
  }
  void wait_until_asked(const std::string& host) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return asked_[host] > 0; });
  }

 private:
  void set_open(bool open) {
    const std::scoped_lock lock(mutex_);
    open_ = open;
    changed_.notify_all();
  }

  std::mutex mutex_;
  std::condition_variable changed_;
  bool open_ = true;
  std::map<std::string, int> asked_;
};

Answer resolve(Resolver& resolver, std::string_view host) {
  std::promise<Answer> promise;
  resolver.resolve(host, [&](Answer answer) { promise.set_value(std::move(answer)); });
  return promise.get_future().get();
}

}  // namespace

TEST_CASE("an answer is kept for its time to live") {
  ManualClock clock;
  Names names;
  Resolver resolver({.ttl = 5min, .negative_ttl = 30s}, clock, names.lookup());
  CHECK(resolve(resolver, "a")->addresses.size() == 1);
  clock.advance(5min - 1ns);
  CHECK(resolve(resolver, "a")->addresses.size() == 1);
  CHECK(names.asked("a") == 1);
  clock.advance(1ns);
  resolve(resolver, "a");
  CHECK(names.asked("a") == 2);
}

TEST_CASE("a failure is kept too, for a shorter time") {
  ManualClock clock;
  Names names;
  Resolver resolver({.ttl = 5min, .negative_ttl = 30s}, clock, names.lookup());
  CHECK(resolve(resolver, "no.a")->addresses.empty());
  CHECK(resolve(resolver, "no.a")->error == "no such name");
  CHECK(names.asked("no.a") == 1);
  clock.advance(30s);
  resolve(resolver, "no.a");
  CHECK(names.asked("no.a") == 2);
}

TEST_CASE("one look-up answers all who ask meanwhile") {
  ManualClock clock;
  Names names;
  names.hold();
  Resolver resolver({}, clock, names.lookup());
  std::vector<std::promise<Answer>> promises(50);
  for (auto& promise : promises) {
    resolver.resolve("a", [&](Answer answer) { promise.set_value(std::move(answer)); });
  }
  names.wait_until_asked("a");
  names.release();
  for (auto& promise : promises) CHECK(promise.get_future().get()->addresses.size() == 1);
  CHECK(names.asked("a") == 1);
}

TEST_CASE("a slow name holds nobody else up") {
  ManualClock clock;
  Names slow;
  slow.hold();
  Names names;
  Resolver resolver({.threads = 2}, clock, [&](const std::string& host) {
    return host == "slow" ? slow.lookup()(host) : names.lookup()(host);
  });
  std::promise<Answer> promise;
  resolver.resolve("slow", [&](Answer answer) { promise.set_value(std::move(answer)); });
  slow.wait_until_asked("slow");
  for (int i = 0; i < 20; ++i) {
    CHECK(resolve(resolver, "h" + std::to_string(i))->addresses.size() == 1);
  }
  slow.release();
  promise.get_future().get();
}

TEST_CASE("an address answers itself at once, on the caller's thread") {
  ManualClock clock;
  Names names;
  Resolver resolver({}, clock, names.lookup());
  for (const char* host : {"192.0.2.1", "[2001:db8::1]"}) {
    Answer answer;
    resolver.resolve(host, [&](Answer given) { answer = std::move(given); });
    REQUIRE(answer);
    CHECK(answer->addresses == Addresses{*parse_ip(host)});
    CHECK(names.asked(host) == 0);
  }
}

TEST_CASE("the oldest answer makes room for a new one") {
  ManualClock clock;
  Names names;
  Resolver resolver({.max_entries = 3}, clock, names.lookup());
  for (const char* host : {"a", "b", "c", "d"}) resolve(resolver, host);
  resolve(resolver, "d");
  resolve(resolver, "b");
  CHECK(names.asked("d") == 1);
  CHECK(names.asked("b") == 1);
  resolve(resolver, "a");
  CHECK(names.asked("a") == 2);
}

TEST_CASE("destroying it answers those who still wait") {
  ManualClock clock;
  Names names;
  names.hold();
  std::promise<Answer> first;
  std::promise<Answer> second;
  std::thread releaser;
  {
    Resolver resolver({.threads = 1}, clock, names.lookup());
    resolver.resolve("a", [&](Answer answer) { first.set_value(std::move(answer)); });
    names.wait_until_asked("a");
    resolver.resolve("b", [&](Answer answer) { second.set_value(std::move(answer)); });
    releaser = std::thread([&] { names.release(); });
  }
  releaser.join();
  // Answered in time, or told that it is too late: answered either way.
  CHECK(first.get_future().get() != nullptr);
  CHECK(second.get_future().get() != nullptr);
}

TEST_CASE("the system knows its own name") {
  const Resolution resolution = Resolver::system_lookup("localhost");
  REQUIRE_FALSE(resolution.addresses.empty());
  for (const IpAddress& address : resolution.addresses) CHECK(is_special(address));
}

TEST_CASE("what cannot be a name has no address and never will") {
  const Resolution resolution = Resolver::system_lookup("two..dots");
  CHECK(resolution.addresses.empty());
  CHECK_FALSE(resolution.retryable);
  CHECK_FALSE(resolution.error.empty());
}

}  // namespace weft
