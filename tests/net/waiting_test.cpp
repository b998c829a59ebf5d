// What takes too long, and what is made to wait.
#include <doctest/doctest.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <thread>

#include "net/fetch.hpp"
#include "support/manual_clock.hpp"
#include "support/test_server.hpp"
#include "weft/base/fd.hpp"

namespace weft {

using namespace std::chrono_literals;
using namespace weft::test;

namespace {

// Connections are made by the system, and nobody ever reads from them.
class QuietPort {
 public:
  QuietPort() : fd_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    name_.sin_family = AF_INET;
    name_.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof name_;
    auto* const name = reinterpret_cast<sockaddr*>(&name_);
    REQUIRE(bind(fd_.get(), name, size) == 0);
    REQUIRE(listen(fd_.get(), 8) == 0);
    REQUIRE(getsockname(fd_.get(), name, &size) == 0);
  }
  int number() const { return ntohs(name_.sin_port); }

 private:
  sockaddr_in name_{};
  const Fd fd_;
};

}  // namespace

TEST_CASE("a server that says nothing for the stall timeout is given up") {
  const std::pair<std::string, Behaviour> rows[] = {
      {"at all", silent()},
      {"within its headers", silent_after("HTTP/1.1 200 OK\r\nContent-")},
      {"within its body", silent_after("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf")},
  };
  for (const auto& row : rows) {
    const std::string& where = row.first;
    CAPTURE(where);
    ManualClock clock;
    const auto test = [&clock](Net& net, const TestServer& server) {
      std::vector<Completion> ended;
      const std::size_t before = server.requests().size();
      net.start(request_for(server.url("/")));
      while (server.requests().size() == before) net.wait_now(ended);

      clock.advance(499ms);
      net.wait_now(ended);
      CHECK(ended.empty());
      // Half an answer may come meanwhile, and then the time begins again.
      while (ended.empty()) {
        clock.advance(500ms);
        net.wait_now(ended);
      }
      const TransferResult& result = ended.front().result;
      CHECK(result.outcome == Outcome::timeout);
      CHECK(result.retryable);
      CHECK(contains(result.message, "no bytes for 500ms"));
      CHECK(contains(result.message, "127.0.0.1"));
      CHECK(net.transfers().in_flight() == 0);
    };
    on_fresh_and_kept(row.second, test, {.stall_timeout = 500ms}, &clock);
  }
}

TEST_CASE("a byte now and then is progress") {
  TestServer server({{"/", drip("drop by drop", 1ms)}});
  Net net({.stall_timeout = 10s});
  const TransferResult result = net.fetch(server.url("/"));
  CHECK(result.outcome == Outcome::ok);
  CHECK(result.response.body == "drop by drop");
}

TEST_CASE("only the silent one of many is given up") {
  TestServer server({{"/silent", silent()}, {"/ok", ok("fine")}});
  ManualClock clock;
  Net net({.stall_timeout = 10s}, {}, &clock);
  std::vector<Completion> ended;
  net.start(request_for(server.url("/silent")), 1);
  while (server.requests().empty()) net.wait_now(ended);
  for (int i = 0; i < 20; ++i) {
    clock.advance(300ms);
    net.start(request_for(server.url("/ok")), 2);
    while (ended.empty()) net.wait(ended);
    CHECK(ended.front().token == 2);
    CHECK(ended.front().result.outcome == Outcome::ok);
    ended.clear();
  }
  CHECK(net.transfers().in_flight() == 1);
  clock.advance(4s);
  net.wait(ended);
  REQUIRE(ended.size() == 1);
  CHECK(ended.front().result.outcome == Outcome::timeout);
}

TEST_CASE("a stall timeout of nought never strikes") {
  TestServer server({{"/", silent()}});
  ManualClock clock;
  Net net({.stall_timeout = 0s}, {}, &clock);
  std::vector<Completion> ended;
  net.start(request_for(server.url("/")));
  while (server.requests().empty()) net.wait_now(ended);
  clock.advance(1000h);
  net.wait_now(ended);
  CHECK(ended.empty());
}

TEST_CASE("a transfer ends where the name servers do not answer for the resolver's timeout") {
  ManualClock clock;
  std::mutex mutex;
  std::condition_variable changed;
  bool asked = false;
  bool release = false;
  Resolver resolver({.timeout = 2s}, clock, [&](const std::string&) -> Resolution {
    std::unique_lock lock(mutex);
    asked = true;
    changed.notify_all();
    changed.wait(lock, [&] { return release; });
    return {.error = "too late"};
  });
  RateLimit limit({0}, clock);
  net_global_init();
  const auto transfers = make_curl_transfers({.proxy = "none"}, resolver, limit, clock);
  transfers->start(request_for("http://slow.test/"), 7);
  std::vector<Completion> ended;
  {
    std::unique_lock lock(mutex);
    changed.wait(lock, [&] { return asked; });
  }
  transfers->wait(Clock::time_point::min(), ended);
  CHECK(ended.empty());
  // The resolver looks at the clock when it is asked, perhaps before the question counts as sent.
  for (int i = 0; ended.empty(); ++i) {
    clock.advance(2s);
    resolver.resolve("nudge" + std::to_string(i), [](const auto&) {});
    transfers->wait(Clock::time_point::min(), ended);
    std::this_thread::yield();
  }
  REQUIRE(ended.size() == 1);
  CHECK(ended.front().token == 7);
  CHECK(ended.front().result.outcome == Outcome::dns_error);
  CHECK(ended.front().result.retryable);
  CHECK(contains(ended.front().result.message, "slow.test"));
  {
    const std::scoped_lock lock(mutex);
    release = true;
  }
  changed.notify_all();
}

TEST_CASE("a server that never answers the TLS handshake is a timeout of connecting") {
  const QuietPort port;
  Net net({.connect_timeout = 20ms});
  const TransferResult result =
      net.fetch("https://127.0.0.1:" + std::to_string(port.number()) + "/");
  CAPTURE(result.message);
  CHECK(result.outcome == Outcome::timeout);
  CHECK(result.retryable);
}

TEST_CASE("the rate limit holds transfers back, and their waiting is no stall") {
  const std::size_t size = 8000;  // within the window of a connection
  std::atomic<int> sent = 0;
  TestServer server(
      [&, body = ok(std::string(size, 'r'))](Connection& connection, const RequestHead& head) {
        body(connection, head);
        ++sent;
      });
  ManualClock clock;
  // A piece of 1 KiB is paid for in 10.24 s, longer than the stall timeout.
  Net net({.stall_timeout = 10s}, {}, &clock, {100});
  const Clock::time_point start = clock.now();
  std::vector<Completion> ended;
  net.start(request_for(server.url("/")));
  net.start(request_for(server.url("/")));
  // From here on everything is in the sockets' buffers: only the clock holds it back.
  while (sent < 2) net.wait_now(ended);
  while (net.transfers().in_flight() > 0) {
    clock.advance(1s);
    net.wait_now(ended);
  }
  net.wait_now(ended);
  REQUIRE(ended.size() == 2);
  for (const Completion& end : ended) {
    CHECK(end.result.outcome == Outcome::ok);
    CHECK(end.result.response.body.size() == size);
  }
  // Sixteen thousand bytes at 100 B/s; the last piece need not be waited for.
  CHECK(clock.now() - start >= 145s);
  CHECK(clock.now() - start <= 165s);
}

}  // namespace weft
