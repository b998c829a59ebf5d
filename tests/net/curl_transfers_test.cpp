// The plain life of a transfer. What may break is in broken_transfers_test.cpp, who may
// be reached in reach_test.cpp, what times out in waiting_test.cpp.
#include "weft/net/curl_transfers.hpp"

#include <doctest/doctest.h>

#include <algorithm>

#include <thread>

#include "net/fetch.hpp"
#include "support/test_server.hpp"
#include "weft/net/decode.hpp"

namespace weft {

using namespace std::chrono_literals;
using namespace weft::test;

TEST_CASE("a response comes back as it was sent") {
  TestServer server({{"/a?b=c", ok("hello", {"X-One: 1", "x-two:  2 ", "X-One: 3"})}});
  Net net;
  const TransferResult result = net.fetch(server.url("/a?b=c"));
  CHECK(result.outcome == Outcome::ok);
  CHECK(result.message == "");
  const Response& response = result.response;
  CHECK(response.status == 200);
  CHECK(response.body == "hello");
  CHECK(response.ip == "127.0.0.1");
  CHECK(response.http_version == "1.1");

  std::vector<std::string> lines;
  for (const Header& header : response.headers.list()) {
    lines.push_back(header.name + "=" + header.value);
  }
  CHECK(lines == std::vector<std::string>{"Content-Type=text/html", "X-One=1", "x-two=2", "X-One=3",
                                          "Content-Length=5"});
  CHECK(response.headers.get_all("x-one").size() == 2);
}

TEST_CASE("any complete response is ok, whatever its status") {
  TestServer server({
      {"/404", status(404, "gone")},
      {"/500", status(500)},
      {"/304", status(304)},
      {"/204", status(204)},
      {"/301", redirect("/elsewhere", 301)},
      {"/chunked", chunked({"one", "two"})},
      {"/http10", raw("HTTP/1.0 200 OK\r\n\r\nuntil the end")},
      {"/bare", raw("HTTP/1.1 200\r\nContent-Length: 2\r\n\r\nok")},
      {"/hints", raw_open("HTTP/1.1 103 Early\r\nLink: </x>\r\n\r\n"
                          "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")},
  });
  Net net;
  const auto expect = [&](const char* target, int status_code, std::string_view body) {
    CAPTURE(target);
    TransferResult result = net.fetch(server.url(target));
    CHECK(result.outcome == Outcome::ok);
    CHECK(result.response.status == status_code);
    CHECK(result.response.body == body);
    return result;
  };
  expect("/404", 404, "gone");
  expect("/500", 500, "");
  expect("/304", 304, "");
  expect("/204", 204, "");
  expect("/301", 301, "");
  expect("/chunked", 200, "onetwo");
  CHECK(expect("/http10", 200, "until the end").response.http_version == "1.0");
  expect("/bare", 200, "ok");
  CHECK_FALSE(expect("/hints", 200, "ok").response.headers.get("Link"));
  for (const SeenRequest& seen : server.requests()) CHECK(seen.head.target != "/elsewhere");
}

TEST_CASE("a request carries what it was given") {
  TestServer server(
      [](Connection& connection, const RequestHead& head) { ok("")(connection, head); });
  Net net({.user_agent = "agent/2", .headers = {{"X-All", "common"}, {"X-Both", "common"}}});
  Request request = request_for(server.url("/p%20q?r"));
  request.headers = {{"x-both", "own"}, {"X-Empty", ""}};
  net.fetch(std::move(request));
  net.fetch(server.url("/plain"));

  const auto seen = server.requests();
  REQUIRE(seen.size() == 2);
  const RequestHead& first = seen[0].head;
  CHECK(first.method == "GET");
  CHECK(first.target == "/p%20q?r");
  CHECK(first.get("host") == "127.0.0.1:" + std::to_string(server.port()));
  CHECK(first.get("user-agent") == "agent/2");
  CHECK(first.get("accept-encoding") == std::string(kAcceptEncoding));
  CHECK(first.get("x-all") == "common");
  CHECK(first.get("x-both") == "own");
  CHECK(first.get("x-empty") == "");
  CHECK(std::ranges::count(first.headers, "x-both",
                           [](const auto& header) { return header.first; }) == 1);

  const RequestHead& second = seen[1].head;
  CHECK(second.get("x-both") == "common");
  CHECK_FALSE(second.get("x-empty"));
  CHECK_FALSE(second.get("authorization"));
  CHECK_FALSE(second.get("cookie"));
}

TEST_CASE("a path is asked for as the URL has it") {
  TestServer server(
      [](Connection& connection, const RequestHead& head) { ok("")(connection, head); });
  Net net;
  const std::string target = "/a%2e%2e/b//c/;p=1/%7Ex'()*!?q=%00&[]|%E4";
  const Url url = url_of(server.url(target));
  CHECK(net.fetch(url.href()).outcome == Outcome::ok);
  CHECK(server.requests().at(0).head.target == url.target());
}

TEST_CASE("a header of two lines is never sent") {
  TestServer server({});
  Net net;
  Request request = request_for(server.url("/"));
  request.headers = {{"X-A", "1\r\nX-Smuggled: 2"}};
  const TransferResult result = net.fetch(std::move(request));
  CHECK(result.outcome == Outcome::protocol_error);
  CHECK_FALSE(result.retryable);
  CHECK(server.requests().empty());
}

TEST_CASE("a body stays encoded as it was received") {
  TestServer server({{"/", ok("\x1f\x8b not really", {"Content-Encoding: gzip"})}});
  Net net;
  CHECK(net.fetch(server.url("/")).response.body == "\x1f\x8b not really");
}

TEST_CASE("a connection is kept for the next request to the host") {
  TestServer server({{"/", ok("x")}});
  Net net;
  const Timings first = net.fetch(server.url("/")).response.timings;
  const Timings second = net.fetch(server.url("/")).response.timings;
  net.fetch(server.url("/missing"));
  CHECK(server.connections() == 1);

  CHECK(first.connect > 0s);
  CHECK(first.first_byte >= first.connect);
  CHECK(first.total >= first.first_byte);
  CHECK(first.tls == 0s);
  CHECK(second.connect == 0s);
  CHECK(second.first_byte > 0s);
}

TEST_CASE("a kept connection that the server has closed is no failure") {
  TestServer server([](Connection& connection, const RequestHead& head) {
    ok("x")(connection, head);
    connection.close();
  });
  Net net;
  for (int i = 0; i < 5; ++i) CHECK(net.fetch(server.url("/")).outcome == Outcome::ok);
  CHECK(server.requests().size() == 5);
}

TEST_CASE("many transfers are in flight at once and each ends under its token") {
  TestServer server([](Connection& connection, const RequestHead& head) {
    ok("body of " + head.target)(connection, head);
  });
  Net net;
  for (std::uint64_t token = 0; token < 200; ++token) {
    net.start(request_for(server.url("/" + std::to_string(token))), token);
  }
  CHECK(net.transfers().in_flight() == 200);
  const auto ended = net.finish();
  CHECK(ended.size() == 200);
  for (const Completion& end : ended) {
    CHECK(end.result.response.body == "body of /" + std::to_string(end.token));
  }
  CHECK(net.transfers().in_flight() == 0);
}

TEST_CASE("wake ends a wait, also one that has not begun") {
  Net net;
  std::vector<Completion> ended;
  net.transfers().wake();
  net.wait(ended);
  CHECK(ended.empty());

  std::thread waker([&] { net.transfers().wake(); });
  net.wait(ended);
  waker.join();
  CHECK(ended.empty());
}

TEST_CASE("a wait ends when its time has come") {
  Net net;
  std::vector<Completion> ended;
  const auto until = std::chrono::steady_clock::now() + 5ms;
  net.transfers().wait(until, ended);
  CHECK(std::chrono::steady_clock::now() >= until);
  CHECK(ended.empty());
}

TEST_CASE("cancelling ends everything in flight at once") {
  TestServer server({{"/", silent()}});
  Net net({}, {{"named.test", addresses_of({"127.0.0.1"})}});
  for (std::uint64_t token = 0; token < 10; ++token) {
    net.start(request_for(server.url("/")), token);
  }
  std::vector<Completion> ended;
  net.wait_now(ended);
  net.start(request_for("http://named.test/"), 10);  // still being resolved
  net.transfers().cancel_all();
  CHECK(net.transfers().in_flight() == 0);
  net.wait(ended);
  CHECK(ended.size() == 11);
  for (const Completion& end : ended) CHECK(end.result.outcome == Outcome::cancelled);

  CHECK(net.fetch(server.url("/missing")).response.status == 404);
}

TEST_CASE("destroying a Transfers drops what is in flight") {
  TestServer server({{"/", silent()}});
  {
    Net net;
    net.start(request_for(server.url("/")));
    std::vector<Completion> ended;
    net.wait_now(ended);
  }
  // Destroyed before its name was resolved: the answer has nowhere to go.
  Net net({}, {{"named.test", addresses_of({"127.0.0.1"})}});
  net.start(request_for("http://named.test/"));
}

TEST_CASE("responses of several connections may arrive in pieces of one byte") {
  TestServer server({{"/", drip(std::string(50, 'd'), 0ns)}});
  Net net;
  for (int i = 0; i < 8; ++i) net.start(request_for(server.url("/")));
  for (const Completion& end : net.finish()) {
    CHECK(end.result.response.body == std::string(50, 'd'));
  }
}

}  // namespace weft
