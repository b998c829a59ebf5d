// Requests that the end of a kept or shared connection leaves without an answer.
#include <doctest/doctest.h>

#include <mutex>
#include <set>

#include "net/fetch.hpp"
#include "support/http2_server.hpp"
#include "support/manual_clock.hpp"
#include "support/test_server.hpp"

namespace weft {

using namespace std::chrono_literals;
using namespace weft::test;

namespace {

constexpr int kKept = 12;  // libcurl alone gives up after six that have died

// Answers the first request of each connection and hangs up on the next one: it has closed the
// connection by the time that one comes.
class ClosingServer {
 public:
  TestServer& server() { return server_; }

  // So many connections are kept that this server will close.
  void keep_connections(Net& net) {
    for (int i = 0; i < kKept; ++i) net.start(request_for(server_.url("/first")));
    std::vector<Completion> ended;
    while (net.transfers().in_flight() > 0) net.wait(ended);
    REQUIRE(server_.connections() == kKept);
  }

 private:
  void answer(Connection& connection, const RequestHead& head) {
    const bool first = [&] {
      const std::scoped_lock lock(mutex_);
      return served_.insert(connection.number()).second;
    }();
    if (!first || head.target == "/never") return connection.close();
    if (head.target != "/first") return ok("answer")(connection, head);
    server_.wait_for_requests(kKept);  // so that each takes a connection of its own
    ok("first")(connection, head);
  }

  std::mutex mutex_;
  std::set<int> served_;  // connections
  TestServer server_{
      [this](Connection& connection, const RequestHead& head) { answer(connection, head); }};
};

// So many requests, some at once.
std::vector<Completion> fetch_many(Net& net, const std::string& url, int requests,
                                   std::size_t at_once) {
  std::vector<Completion> ended;
  for (int i = 0; i < requests; ++i) {
    while (net.transfers().in_flight() >= at_once) net.wait(ended);
    net.start(request_for(url));
  }
  while (net.transfers().in_flight() > 0) net.wait(ended);
  net.wait_now(ended);
  return ended;
}

}  // namespace

TEST_CASE("a request that finds all kept connections closed is answered on a fresh one") {
  ClosingServer closing;
  ManualClock clock;
  Net net({}, {}, &clock);
  closing.keep_connections(net);
  clock.advance(10s);

  Kept kept;
  const TransferResult result = fetch_into(net, kept, closing.server().url("/page"));
  CAPTURE(result.message);
  CHECK(result.outcome == Outcome::ok);
  CHECK(kept.body == "answer");
  CHECK(closing.server().connections() == kKept + 1);
}

TEST_CASE("what a fresh connection does not answer either is a failure, after few requests") {
  ClosingServer closing;
  Net net;
  closing.keep_connections(net);

  const TransferResult result = net.fetch(closing.server().url("/never"));
  CHECK(result.outcome == Outcome::truncated);
  CHECK(result.retryable);
  CHECK(contains(result.message, "closed without an answer"));
  CHECK(closing.server().connections() == kKept + 1);
  CHECK(closing.server().requests().size() == kKept + 6 + 1);
}

TEST_CASE("HTTP/2 streams that a server leaves unanswered on one connection are on the next") {
  struct Row {
    std::string how;
    std::size_t at_once;
  };
  // Before, some were lost: handed to a connection that was being closed, or closed with it.
  for (const Row& row : {Row{"goaway", 8}, Row{"goaway-late", 8}, Row{"close", 8}, Row{"reset", 8},
                         Row{"refuse", 4}}) {
    CAPTURE(row.how);
    const auto server = Http2Server::start(row.how, 5, "answer");
    if (server == nullptr) return;
    Net net({.http = HttpVersion::http2, .verify_tls = false});
    const std::vector<Completion> ended = fetch_many(net, server->url("/"), 200, row.at_once);
    CHECK(ended.size() == 200);
    for (const Completion& end : ended) {
      CAPTURE(end.result.message);
      CHECK(end.result.outcome == Outcome::ok);
      CHECK(end.result.response.body == "answer");
      CHECK(end.result.response.http_version == "2");
    }
    CHECK(server->connections() >= 200 / 5);
    CHECK(server->connections() < 200 / 2);
  }
}

TEST_CASE("an HTTP/2 server that answers one request a connection is asked for each on its own") {
  const auto server = Http2Server::start("goaway-late", 1, "answer");
  if (server == nullptr) return;
  Net net({.http = HttpVersion::http2, .verify_tls = false});
  for (const Completion& end : fetch_many(net, server->url("/"), 40, 40)) {
    CAPTURE(end.result.message);
    CHECK(end.result.outcome == Outcome::ok);
  }
  CHECK(server->connections() <= 40 + 6);
}

TEST_CASE("an HTTP/2 server that never answers is asked a bounded number of times") {
  for (const std::string how : {"goaway", "goaway-late", "close", "reset", "refuse", "cancel"}) {
    CAPTURE(how);
    const auto server = Http2Server::start(how, 0, "");
    if (server == nullptr) return;
    Net net({.http = HttpVersion::http2, .verify_tls = false});
    for (const Completion& end : fetch_many(net, server->url("/"), 10, 10)) {
      CHECK(end.result.outcome != Outcome::ok);
      CHECK(end.result.retryable);
    }
    CHECK(server->requests() <= 10 * 12);
  }
}

TEST_CASE("an HTTP/2 stream that the server itself ends is not asked for again") {
  for (const std::string how : {"cancel", "break-off"}) {
    CAPTURE(how);
    const auto server = Http2Server::start(how, 1, "answer");
    if (server == nullptr) return;
    Net net({.http = HttpVersion::http2, .verify_tls = false});
    CHECK(net.fetch(server->url("/")).outcome == Outcome::ok);
    CHECK(net.fetch(server->url("/")).outcome != Outcome::ok);
    CHECK(server->requests() == 2);
  }
}

}  // namespace weft
