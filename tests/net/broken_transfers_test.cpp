// What may break in a transfer, and which outcome says so.
#include <doctest/doctest.h>

#include "net/fetch.hpp"
#include "support/test_server.hpp"

namespace weft {

using namespace weft::test;

namespace {

std::string bytes(std::string_view head, std::string_view body = {}) {
  return "HTTP/1.1 200 OK\r\n" + std::string(head) + "\r\n" + std::string(body);
}

}  // namespace

TEST_CASE("a response cut short is truncated and may be tried again") {
  struct Row {
    Behaviour behaviour;
    std::string_view message;
    std::string_view body;
  };
  const Row rows[] = {
      {drop(), "closed without an answer", ""},
      {drop_in_headers(), "closed within the headers", ""},
      {raw("HTTP/1.1 200 OK\r\n"), "closed within the headers", ""},
      {raw("HTTP/1.1 103 Early Hints\r\n\r\n"), "closed without an answer", ""},
      {cut_body("hello", 100), "closed after 5 of 100 bytes", "hello"},
      {cut_body("", 1), "closed after 0 of 1 bytes", ""},
      {chunked_cut("hello"), "closed within the body", "hello"},
      {raw(bytes("Transfer-Encoding: chunked\r\n", "9\r\nhello")), "closed within the body",
       "hello"},
      {raw(bytes("Transfer-Encoding: chunked\r\n", "5\r\nhello\r\n0\r\n")),
       "closed within the body", "hello"},
      {reset_at_once(), "broke before an answer", ""},
  };
  for (const Row& row : rows) {
    CAPTURE(row.message);
    on_fresh_and_kept(row.behaviour, [&](Net& net, const TestServer& server) {
      const TransferResult result = net.fetch(server.url("/"));
      CHECK(result.outcome == Outcome::truncated);
      CHECK(result.retryable);
      CAPTURE(result.message);
      CHECK(contains(result.message, row.message));
      CHECK(contains(result.message, "127.0.0.1:" + std::to_string(server.port())));
      CHECK(result.response.body == row.body);
    });
  }
}

TEST_CASE("a connection reset within the body is truncated") {
  on_fresh_and_kept(reset_in_body("hello", 100), [](Net& net, const TestServer& server) {
    CHECK(net.fetch(server.url("/")).outcome == Outcome::truncated);
  });
}

TEST_CASE("what is not HTTP is a protocol error and stays one") {
  const std::pair<std::string, Behaviour> rows[] = {
      {"rubbish", garbage()},
      {"HTTP/0.9", raw("hello, this is not a status line")},
      {"another protocol", raw("ICY 200 OK\r\n\r\n")},
      {"a status of five digits", raw("HTTP/1.1 99999 What\r\n\r\n")},
      {"a status of nought", raw("HTTP/1.1 000 What\r\n\r\n")},
      {"a header without colon", raw(bytes("no colon here\r\n"))},
      {"a first header line that goes on", raw(bytes(" folded: 1\r\n"))},
      {"a NUL in a header", raw(bytes({"X: a\0b\r\n", 8}))},
      {"lengths that differ", conflicting_lengths("hello")},
      {"lengths that differ in one line", raw(bytes("Content-Length: 5, 6\r\n", "hello"))},
      {"a length of letters", raw(bytes("Content-Length: abc\r\n", "hello"))},
      {"a length with letters after", raw(bytes("Content-Length: 5abc\r\n", "hello"))},
      {"a length with a sign", raw(bytes("Content-Length: +5\r\n", "hello"))},
      {"a negative length", raw(bytes("Content-Length: -5\r\n", "hello"))},
      {"an empty length", raw(bytes("Content-Length: \r\n", "hello"))},
      {"a chunk size that is none", raw(bytes("Transfer-Encoding: chunked\r\n", "zz\r\nhello"))},
      {"a chunk size beyond all",
       raw(bytes("Transfer-Encoding: chunked\r\n", "fffffffffffffffffffff\r\nhello"))},
      {"an unknown transfer coding", raw(bytes("Transfer-Encoding: foo\r\n", "hello"))},
      {"protocols switched unasked", raw("HTTP/1.1 101 Now\r\nUpgrade: x\r\n\r\nhello")},
      {"headers without end", endless_headers()},
  };
  for (const auto& row : rows) {
    const std::string& what = row.first;
    CAPTURE(what);
    on_fresh_and_kept(row.second, [](Net& net, const TestServer& server) {
      const TransferResult result = net.fetch(server.url("/"));
      CAPTURE(result.message);
      CHECK(result.outcome == Outcome::protocol_error);
      CHECK_FALSE(result.retryable);
      CHECK(contains(result.message, "127.0.0.1:" + std::to_string(server.port()) + ": "));
    });
  }
}

TEST_CASE("what is odd but clear is a response") {
  const std::pair<std::string, Behaviour> rows[] = {
      {"the same length twice", raw(bytes("Content-Length: 5\r\nContent-Length: 5\r\n", "hello"))},
      {"the same length twice in one line", raw(bytes("Content-Length: 5, 5\r\n", "hello"))},
      {"chunks overrule a length",
       raw_open(bytes("Content-Length: 99\r\nTransfer-Encoding: chunked\r\n",
                      "5\r\nhello\r\n0\r\n\r\n"))},
      {"lines ended by LF alone", raw("HTTP/1.1 200 OK\nContent-Length: 5\n\nhello")},
      {"no length at all", raw(bytes("", "hello"))},
      {"more bytes than promised", excess("hello and more", 5)},
      {"a second answer nobody asked for",
       raw_open(bytes("Content-Length: 5\r\n", "hello") + bytes("Content-Length: 4\r\n", "evil"))},
      {"a space before the colon", raw(bytes("Content-Length : 5\r\n", "hello"))},
      {"a lower-case protocol", raw("http/1.1 200 ok\r\nContent-Length: 5\r\n\r\nhello")},
  };
  for (const auto& row : rows) {
    const std::string& what = row.first;
    CAPTURE(what);
    on_fresh_and_kept(row.second, [](Net& net, const TestServer& server) {
      for (int i = 0; i < 2; ++i) {  // nothing is left over for the next request
        const TransferResult result = net.fetch(server.url("/"));
        CAPTURE(result.message);
        CHECK(result.outcome == Outcome::ok);
        CHECK(result.response.body == "hello");
      }
    });
  }
}

TEST_CASE("a header on several lines is one header, a trailer is none") {
  TestServer server({
      {"/folded", raw(bytes("X-Long: one\r\n  two\r\n\tthree\r\nContent-Length: 0\r\n"))},
      {"/trailer", raw_open(bytes("Transfer-Encoding: chunked\r\nTrailer: Location\r\n",
                                  "2\r\nok\r\n0\r\nLocation: /evil\r\n\r\n"))},
  });
  Net net;
  CHECK(net.fetch(server.url("/folded")).response.headers.get("x-long") == "one two three");
  const TransferResult trailer = net.fetch(server.url("/trailer"));
  CHECK(trailer.response.body == "ok");
  CHECK_FALSE(trailer.response.headers.get("Location"));
}

TEST_CASE("a body over the limit is stopped at once") {
  TestServer server({
      {"/endless", endless()},
      {"/told", cut_body("hello", 1'000'000)},
      {"/exact", ok("0123456789")},
      {"/chunked", chunked({"01234", "56789", "!"})},
  });
  Net net;
  const auto fetch = [&](const char* target, bool keep) {
    Request request = request_for(server.url(target));
    request.max_body = {10};
    request.keep_cut_body = keep;
    return net.fetch(std::move(request));
  };
  CHECK(fetch("/exact", false).outcome == Outcome::ok);

  for (const char* target : {"/endless", "/told", "/chunked"}) {
    CAPTURE(target);
    const TransferResult result = fetch(target, false);
    CHECK(result.outcome == Outcome::too_large);
    CHECK_FALSE(result.retryable);
    CHECK(result.response.body.empty());
    CHECK(result.response.status == 200);
    CHECK(contains(result.message, "10 B"));
  }
  CHECK(fetch("/endless", true).response.body == "xxxxxxxxxx");
  CHECK(fetch("/endless", true).outcome == Outcome::too_large);
  CHECK(fetch("/chunked", true).response.body == "0123456789");
}

TEST_CASE("no limit on a body is written as nought") {
  TestServer server({{"/", ok(std::string(100'000, 'b'))}});
  Net net;
  Request request = request_for(server.url("/"));
  request.max_body = {0};
  CHECK(net.fetch(std::move(request)).response.body.size() == 100'000);
}

TEST_CASE("a port where nobody listens is a connect error") {
  std::string url;
  {
    TestServer server({});
    url = server.url("/");
  }
  Net net;
  const TransferResult result = net.fetch(url);
  CHECK(result.outcome == Outcome::connect_error);
  CHECK(result.retryable);
  CHECK(result.response.status == 0);
  CHECK(contains(result.message, "127.0.0.1:"));
  CHECK(contains(result.message, "Connection refused"));
}

TEST_CASE("after any failure the next request goes well") {
  TestServer server({{"/bad", garbage()},
                     {"/cut", cut_body("x", 9)},
                     {"/big", endless()},
                     {"/good", ok("good")}});
  Net net;
  for (const char* target : {"/bad", "/cut", "/big", "/bad"}) {
    Request request = request_for(server.url(target));
    request.max_body = 1_MiB;
    CHECK(net.fetch(std::move(request)).outcome != Outcome::ok);
    CHECK(net.fetch(server.url("/good")).response.body == "good");
  }
}

}  // namespace weft
