// Bodies handed on as they come, and parts of them.
#include <doctest/doctest.h>

#include "net/fetch.hpp"
#include "support/test_server.hpp"
#include "weft/net/content_range.hpp"

namespace weft {

using namespace weft::test;

namespace {

// A 206 with these header lines.
std::string part(std::string_view head, std::string_view body = {}) {
  return "HTTP/1.1 206 Partial Content\r\n" + std::string(head) + "\r\n" + std::string(body);
}

}  // namespace

TEST_CASE("a receiver is given the head and then the body, and the response keeps none of it") {
  const std::string large(3'000'000, 'l');
  TestServer server({{"/large", ok(large, {"X-One: 1"})},
                     {"/chunked", chunked({"one", "two"})},
                     {"/until-the-end", raw("HTTP/1.1 200 OK\r\n\r\nuntil the end")},
                     {"/empty", ok("")},
                     {"/304", status(304)},
                     {"/404", status(404, "gone")},
                     {"/503", status(503, "busy")},
                     {"/301", redirect("/elsewhere", 301)},
                     {"/hints", raw_open("HTTP/1.1 103 Early\r\nLink: </x>\r\n\r\n"
                                         "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")}});
  struct Row {
    const char* target;
    int status;
    std::string_view body;
  };
  const Row rows[] = {
      {"/large", 200, large}, {"/chunked", 200, "onetwo"}, {"/until-the-end", 200, "until the end"},
      {"/empty", 200, ""},    {"/304", 304, ""},           {"/404", 404, "gone"},
      {"/503", 503, "busy"},  {"/301", 301, ""},           {"/hints", 200, "ok"}};
  Net net;
  for (const Row& row : rows) {
    CAPTURE(row.target);
    Kept kept;
    const TransferResult result = fetch_into(net, kept, server.url(row.target));
    CHECK(result.outcome == Outcome::ok);
    CHECK_FALSE(result.stopped);
    CHECK(result.response.status == row.status);
    CHECK(result.response.body.empty());
    CHECK(result.response.body_size == row.body.size());
    CHECK(kept.heads == 1);
    CHECK(kept.head.status == row.status);
    CHECK(kept.head.headers.list().size() == result.response.headers.list().size());
    CHECK((kept.body == row.body));  // not spelt out where it differs
  }
}

TEST_CASE("the size of a body is told also where it is held") {
  TestServer server({{"/", ok("hello")}});
  Net net;
  CHECK(net.fetch(server.url("/")).response.body_size == 5);
}

TEST_CASE("a body cut short is truncated, whoever takes it") {
  struct Row {
    Behaviour behaviour;
    std::string_view message;
    std::string_view body;
    int heads;
  };
  const Row rows[] = {
      {cut_body("hello", 100), "closed after 5 of 100 bytes", "hello", 1},
      {chunked_cut("hello"), "closed within the body", "hello", 1},
      {drop_in_headers(), "closed within the headers", "", 0},
      {drop(), "closed without an answer", "", 0},
  };
  for (const Row& row : rows) {
    CAPTURE(row.message);
    on_fresh_and_kept(row.behaviour, [&](Net& net, const TestServer& server) {
      Kept kept;
      const TransferResult result = fetch_into(net, kept, server.url("/"));
      CHECK(result.outcome == Outcome::truncated);
      CHECK(result.retryable);
      CHECK_FALSE(result.stopped);
      CHECK(contains(result.message, row.message));
      CHECK(result.response.body_size == row.body.size());
      CHECK(kept.heads == row.heads);
      CHECK(kept.body == row.body);
    });
  }
}

TEST_CASE("headers that are wrong never reach the receiver") {
  on_fresh_and_kept(conflicting_lengths("hello"), [](Net& net, const TestServer& server) {
    Kept kept;
    CHECK(fetch_into(net, kept, server.url("/")).outcome == Outcome::protocol_error);
    CHECK(kept.heads == 0);
  });
}

TEST_CASE("a receiver that wants no more ends the transfer, and not the host's other requests") {
  TestServer server({{"/large", ok(std::string(1'000'000, 'l'))},
                     {"/endless", endless()},
                     {"/short", ok("short")}});
  Net net;
  for (const char* target : {"/large", "/endless", "/short"}) {
    for (const int wanted : {1, 2, 3}) {  // the head alone; a piece; two
      CAPTURE(target);
      CAPTURE(wanted);
      Kept kept(wanted);
      const TransferResult result = fetch_into(net, kept, server.url(target));
      CHECK(result.outcome == Outcome::ok);
      CHECK(result.message == "");
      CHECK(result.stopped == (wanted < 3 || target != std::string_view("/short")));
      CHECK(result.response.status == 200);
      CHECK(result.response.body_size == kept.body.size());
      CHECK(kept.body.empty() == (wanted == 1));
      CHECK(net.fetch(server.url("/short")).response.body == "short");
    }
  }
}

TEST_CASE("a receiver that needs no body costs no connection where none comes") {
  TestServer server({{"/304", status(304)}, {"/empty", ok("")}});
  Net net;
  for (const char* target : {"/304", "/empty", "/304"}) {
    Kept kept(1);
    const TransferResult result = fetch_into(net, kept, server.url(target));
    CHECK(result.outcome == Outcome::ok);
    CHECK(result.stopped);
  }
  CHECK(server.connections() == 1);
}

TEST_CASE("a body over the limit is stopped, whoever takes it") {
  TestServer server({{"/endless", endless()}, {"/told", ok("0123456789!")}});
  Net net;
  const auto fetch = [&](const char* target, Kept& kept, bool keep_cut) {
    Request request = request_for(server.url(target));
    request.max_body = {10};
    request.keep_cut_body = keep_cut;
    request.receiver = &kept;
    return net.fetch(std::move(request));
  };
  Kept told;
  CHECK(fetch("/told", told, false).outcome == Outcome::too_large);
  CHECK(told.heads == 0);

  Kept cut;
  const TransferResult result = fetch("/endless", cut, true);
  CHECK(result.outcome == Outcome::too_large);
  CHECK(result.response.body_size == 10);
  CHECK(cut.body == "xxxxxxxxxx");
}

TEST_CASE("cancelling leaves a receiver alone from then on") {
  TestServer server({{"/", endless()}});
  Net net;
  {
    Kept kept;
    Request request = request_for(server.url("/"));
    request.max_body = {0};
    request.receiver = &kept;
    net.start(std::move(request));
    std::vector<Completion> ended;
    while (kept.body.empty()) net.wait_now(ended);
    net.transfers().cancel_all();
    net.wait(ended);
    REQUIRE(ended.size() == 1);
    CHECK(ended.front().result.outcome == Outcome::cancelled);
    CHECK_FALSE(ended.front().result.stopped);
  }
  CHECK(net.fetch(server.url("/missing")).outcome != Outcome::cancelled);
}

TEST_CASE("a part is had by asking for it, as long as the file is the same") {
  TestServer server({{"/", ranged("0123456789", "\"v1\"")}});
  struct Row {
    std::vector<Header> headers;
    int status;
    std::string_view body;
    std::string_view content_range;
  };
  const Row rows[] = {
      {{{"Range", "bytes=0-"}}, 206, "0123456789", "bytes 0-9/10"},
      {{{"Range", "bytes=3-5"}}, 206, "345", "bytes 3-5/10"},
      {{{"Range", "bytes=8-"}, {"If-Range", "\"v1\""}}, 206, "89", "bytes 8-9/10"},
      {{{"Range", "bytes=8-"}, {"If-Range", "\"v0\""}}, 200, "0123456789", ""},
      {{{"Range", "bytes=10-"}}, 416, "", "bytes */10"},
  };
  Net net;
  for (const Row& row : rows) {
    CAPTURE(row.headers.front().value);
    Kept kept;
    const TransferResult result = fetch_into(net, kept, server.url("/"), row.headers);
    CHECK(result.outcome == Outcome::ok);
    CHECK(kept.head.status == row.status);
    CHECK(kept.head.headers.get("Content-Range").value_or("") == row.content_range);
    CHECK(kept.body == row.body);
  }
  CHECK(server.connections() == 1);
}

TEST_CASE("sizes and parts lie beyond 4 GiB") {
  TestServer server(
      {{"/part", raw_open(part("Content-Range: bytes 5000000000-5000000004/5000000005\r\n"
                               "Content-Length: 5\r\n",
                               "hello"))},
       {"/cut", raw("HTTP/1.1 200 OK\r\nContent-Length: 5000000005\r\n\r\nhello")}});
  Net net;
  const auto fetch = [&](const char* target, Kept& kept) {
    Request request = request_for(server.url(target));
    request.max_body = {0};
    request.receiver = &kept;
    return net.fetch(std::move(request));
  };
  Kept last;
  CHECK(fetch("/part", last).outcome == Outcome::ok);
  CHECK(last.body == "hello");
  Kept cut;
  const TransferResult result = fetch("/cut", cut);
  CHECK(result.outcome == Outcome::truncated);
  CHECK(contains(result.message, "after 5 of 5000000005 bytes"));
}

TEST_CASE("a part that is not what it says it is breaks the transfer") {
  struct Row {
    std::string what;
    std::string answer;
    Outcome outcome;
    std::string_view message;
  };
  const Row rows[] = {
      {"does not say which", part("Content-Length: 5\r\n", "hello"), Outcome::protocol_error,
       "no Content-Range"},
      {"several parts",
       part("Content-Type: multipart/byteranges; boundary=x\r\nContent-Length: 5\r\n", "hello"),
       Outcome::protocol_error, "several parts"},
      {"no range", part("Content-Range: bytes 5/10\r\nContent-Length: 5\r\n", "hello"),
       Outcome::protocol_error, "Content-Range is 'bytes 5/10'"},
      {"beyond its total", part("Content-Range: bytes 0-4/4\r\nContent-Length: 5\r\n", "hello"),
       Outcome::protocol_error, "Content-Range is 'bytes 0-4/4'"},
      {"two ranges",
       part("Content-Range: bytes 0-4/9\r\nContent-Range: bytes 1-5/9\r\nContent-Length: 5\r\n",
            "hello"),
       Outcome::protocol_error, "and more"},
      {"another length", part("Content-Range: bytes 0-5/10\r\nContent-Length: 5\r\n", "hello"),
       Outcome::protocol_error, "Content-Length is 5, but Content-Range is 'bytes 0-5/10'"},
      {"chunks that are too short",
       part("Content-Range: bytes 0-5/10\r\nTransfer-Encoding: chunked\r\n",
            "5\r\nhello\r\n0\r\n\r\n"),
       Outcome::truncated, "after 5 of the 6 bytes that Content-Range says"},
      {"chunks that are too long",
       part("Content-Range: bytes 0-3/10\r\nTransfer-Encoding: chunked\r\n",
            "5\r\nhello\r\n0\r\n\r\n"),
       Outcome::protocol_error, "longer than the 4 bytes"},
      {"the end of the connection too early", part("Content-Range: bytes 0-5/10\r\n", "hello"),
       Outcome::truncated, "after 5 of the 6 bytes"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.what);
    on_fresh_and_kept(raw(row.answer), [&](Net& net, const TestServer& server) {
      Kept kept;
      const TransferResult result =
          fetch_into(net, kept, server.url("/"), {{"Range", "bytes=0-4"}});
      CAPTURE(result.message);
      CHECK(result.outcome == row.outcome);
      CHECK(contains(result.message, row.message));
      CHECK(contains(result.message, "127.0.0.1:" + std::to_string(server.port())));
      CHECK((kept.heads == 0 || kept.body == "hello" || kept.body.empty()));
    });
  }
}

}  // namespace weft
