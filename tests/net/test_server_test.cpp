// The server that other tests lean on does what it is told to.
#include "support/test_server.hpp"

#include <doctest/doctest.h>

#include "net/fetch.hpp"

namespace weft::test {

using namespace std::chrono_literals;

TEST_CASE("a busy server refuses a number of times, then answers") {
  TestServer server({{"/", busy(2, "7", ok("at last"))}});
  Net net;
  for (int i = 0; i < 2; ++i) {
    const Response refused = net.fetch(server.url("/")).response;
    CHECK(refused.status == 429);
    CHECK(refused.headers.get("Retry-After") == "7");
  }
  CHECK(net.fetch(server.url("/")).response.body == "at last");
}

TEST_CASE("a slow answer comes after its delay") {
  TestServer server({{"/", slow(20ms, ok("late"))}});
  Net net;
  const auto start = std::chrono::steady_clock::now();
  CHECK(net.fetch(server.url("/")).response.body == "late");
  CHECK(std::chrono::steady_clock::now() - start >= 20ms);
}

TEST_CASE("what was asked is recorded, in order and with its time") {
  TestServer server({{"/a", ok("a")}});
  Net net;
  const auto start = std::chrono::steady_clock::now();
  net.fetch(server.url("/a"));
  net.fetch(server.url("/b?c"));
  const auto seen = server.requests();
  REQUIRE(seen.size() == 2);
  CHECK(seen[0].head.target == "/a");
  CHECK(seen[1].head.target == "/b?c");
  CHECK(seen[0].started >= start);
  CHECK(seen[1].started >= seen[0].started);
  CHECK(seen[0].connection == 1);
  CHECK(seen[1].connection == 1);
  CHECK(server.most_at_once() == 1);
}

TEST_CASE("requests answered at the same time are counted") {
  TestServer server({{"/", silent()}});
  Net net;
  for (int i = 0; i < 5; ++i) net.start(request_for(server.url("/")));
  std::vector<Completion> ended;
  while (server.requests().size() < 5) net.wait_now(ended);
  CHECK(server.most_at_once() == 5);
  CHECK(server.connections() == 5);
}

TEST_CASE("a server is destroyed in the middle of anything") {
  for (const Behaviour& behaviour :
       {silent(), endless(), endless_headers(), slow(1h, ok("never")), drip("never", 1h)}) {
    Net net;
    TestServer server(behaviour);
    net.start(request_for(server.url("/")));
    std::vector<Completion> ended;
    while (server.requests().empty()) net.wait_now(ended);
  }
}

}  // namespace weft::test
