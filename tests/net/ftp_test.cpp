// ftp servers that do not behave, and what of them is our business.
#include <doctest/doctest.h>

#include <algorithm>

#include "net/fetch.hpp"
#include "support/ftp_script.hpp"
#include "support/manual_clock.hpp"
#include "support/test_server.hpp"

namespace weft {

using namespace std::chrono_literals;
using namespace weft::test;

namespace {

bool was_sent(const FtpScript& server, std::string_view command) {
  return std::ranges::count(server.commands(), command) > 0;
}

}  // namespace

TEST_CASE("a file of an ftp server has its size and its time") {
  FtpScript server({.file = "hello"});
  Net net;
  Kept kept;
  const TransferResult result = fetch_into(net, kept, server.url("/pub/a%20b"));
  CAPTURE(result.message);
  CHECK(result.outcome == Outcome::ok);
  CHECK(kept.body == "hello");
  CHECK(kept.head.headers.get("Last-Modified") == "Fri, 02 Jan 2026 03:04:05 GMT");
  CHECK(was_sent(server, "RETR pub/a b"));
}

TEST_CASE("a connection to an ftp server serves one file after the other") {
  FtpScript server({.file = "hello"});
  Net net;
  for (int i = 0; i < 3; ++i) CHECK(net.fetch(server.url()).response.body == "hello");
  CHECK(server.connections() == 1);
  CHECK(std::ranges::count(server.commands(), "USER anonymous") == 1);
}

TEST_CASE("what an ftp server says no to may go better later, or not, by its reply") {
  struct Row {
    std::map<std::string, std::string> replies;
    bool retryable;
    std::string_view message;
  };
  const Row rows[] = {
      {{{"USER", "530 no"}}, false, "refuses the login (reply 530)"},
      {{{"PASS", "530 no"}}, false, "refuses the login (reply 530)"},
      {{{"USER", "421 too many"}}, true, "is not ready (reply 421)"},
      {{{"PASS", "430 not now"}}, true, "refuses the login (reply 430)"},
      {{{"RETR", "550 none"}}, false, "no such file, or it may not be read (reply 550)"},
      {{{"SIZE", "550 none"}}, false, "no such file, or it may not be read (reply 550)"},
      {{{"RETR", "450 busy"}}, true, "does not give the file (reply 450)"},
      {{{"RETR", "551 no"}}, false, "does not give the file (reply 551)"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.message);
    FtpScript server({.file = "hello", .replies = row.replies});
    Net net;
    Kept kept;
    const TransferResult result = fetch_into(net, kept, server.url());
    CAPTURE(result.message);
    CHECK(result.outcome == Outcome::http_error);
    CHECK(result.retryable == row.retryable);
    CHECK(contains(result.message, row.message));
    CHECK(contains(result.message, "127.0.0.1:"));
    CHECK(result.response.status == 0);
    CHECK(kept.heads == 0);
  }
  for (const char* greeting : {"421 come later", "420 come later"}) {
    FtpScript busy({.greeting = greeting});
    Net net;
    const TransferResult result = net.fetch(busy.url());
    CAPTURE(result.message);
    CHECK(result.outcome == Outcome::http_error);
    CHECK(result.retryable);
    CHECK(contains(result.message, "is not ready (reply 42"));
  }
}

TEST_CASE("what is not ftp is a protocol error") {
  FtpScript wrong({.greeting = "999 what"});
  Net net;
  const TransferResult result = net.fetch(wrong.url());
  CAPTURE(result.message);
  CHECK(result.outcome == Outcome::protocol_error);
  CHECK_FALSE(result.retryable);
}

TEST_CASE("a file that breaks off is truncated") {
  FtpScript server({.file = "0123456789", .cut = 4});
  Net net;
  Kept kept;
  const TransferResult result = fetch_into(net, kept, server.url());
  CAPTURE(result.message);
  CHECK(result.outcome == Outcome::truncated);
  CHECK(result.retryable);
  CHECK(kept.body == "0123");
  CHECK(kept.head.headers.get("Content-Length") == "10");
}

TEST_CASE("a server that cannot go on from the middle gives the whole") {
  const std::map<std::string, std::string> rows[] = {
      {{"REST", "502 what?"}},  // it does not know the word
      {{"SIZE", "502 what?"}},  // nobody can tell which part comes
  };
  for (const auto& replies : rows) {
    FtpScript server({.file = "0123456789", .replies = replies});
    Net net;
    Kept kept;
    const TransferResult result = fetch_into(net, kept, server.url(), {{"Range", "bytes=4-"}});
    CAPTURE(result.message);
    CHECK(result.outcome == Outcome::ok);
    CHECK(kept.head.status == 200);
    CHECK_FALSE(kept.head.headers.get("Content-Range"));
    CHECK(kept.body == "0123456789");
  }
}

TEST_CASE("a size that an ftp server does not tell is not known") {
  FtpScript server({.file = "hello", .replies = {{"SIZE", "500 what?"}, {"MDTM", "500 what?"}}});
  Net net;
  Kept kept;
  CHECK(fetch_into(net, kept, server.url()).outcome == Outcome::ok);
  CHECK_FALSE(kept.head.headers.get("Content-Length"));
  CHECK_FALSE(kept.head.headers.get("Last-Modified"));
  CHECK(kept.body == "hello");
}

TEST_CASE("an ftp server that falls silent is given up after the stall timeout") {
  const FtpManners rows[] = {
      {.file = "hello", .replies = {{"PASS", ""}}},
      {.file = "hello", .replies = {{"SIZE", ""}}},
      {.file = "hello", .replies = {{"RETR", ""}}},
      {.file = "hello", .silent_after = 3},
  };
  for (const FtpManners& manners : rows) {
    CAPTURE(manners.replies.empty() ? "" : manners.replies.begin()->first);
    FtpScript server(manners);
    ManualClock clock;
    Net net({.stall_timeout = 20s}, {}, &clock);
    net.start(request_for(server.url()));
    std::vector<Completion> ended;
    const std::string last = manners.replies.empty() ? "RETR file" : manners.replies.begin()->first;
    while (std::ranges::none_of(
        server.commands(), [&](const std::string& command) { return command.starts_with(last); })) {
      net.wait_now(ended);
    }
    while (ended.empty()) {
      clock.advance(20s);
      net.wait_now(ended);
    }
    CHECK(ended.front().result.outcome == Outcome::timeout);
    CHECK(ended.front().result.retryable);
    CHECK(contains(ended.front().result.message, "no bytes for 20s"));
  }
}

TEST_CASE("an ftp server that never greets is a timeout of connecting") {
  FtpScript server({.greeting = ""});
  Net net({.connect_timeout = 50ms});
  const TransferResult result = net.fetch(server.url());
  CAPTURE(result.message);
  CHECK(result.outcome == Outcome::timeout);
  CHECK(result.retryable);
}

TEST_CASE("one silent ftp server holds nobody else up, also not at the end") {
  FtpScript silent({.file = "hello", .replies = {{"QUIT", ""}}, .silent_after = 3});
  FtpScript rude({.file = "hello", .replies = {{"QUIT", ""}}});
  TestServer server({{"/", ok("fine")}});
  Net net;
  std::vector<Completion> ended;
  net.start(request_for(silent.url()), 1);
  while (!was_sent(silent, "RETR file")) net.wait_now(ended);
  for (int i = 0; i < 5; ++i) {
    net.start(request_for(server.url("/")), 2);
    net.start(request_for(rude.url()), 3);
    while (ended.size() < 2) net.wait(ended);
    for (const Completion& end : ended) CHECK(end.result.outcome == Outcome::ok);
    ended.clear();
  }
  // Destroying the Net waits for no answer to a farewell.
}

TEST_CASE("a passive reply leads nowhere but to the server itself") {
  TestServer elsewhere({{"/", ok("secret")}}, "127.0.0.2");
  FtpScript server(
      {.file = "hello",
       .replies = {{"EPSV", "500 what?"},
                   {"PASV", fmt::format("227 go to (127,0,0,2,{},{})", elsewhere.port() >> 8,
                                        elsewhere.port() & 0xff)}}});
  Net net({.stall_timeout = 20s});
  const TransferResult result = net.fetch(server.url());
  CAPTURE(result.message);
  CHECK(result.outcome != Outcome::ok);
  CHECK(elsewhere.connections() == 0);
}

TEST_CASE("the address policy holds for every protocol") {
  FtpScript server({.file = "hello"});
  Net net({}, {{"rebound.test", addresses_of({"127.0.0.1"})}});
  for (const std::string& url :
       {server.url(), std::string("sftp://127.0.0.1/a"), std::string("ftps://rebound.test/a")}) {
    CAPTURE(url);
    const TransferResult result = net.fetch({.url = url_of(url)});
    CHECK(result.outcome == Outcome::refused_address);
    CHECK_FALSE(result.retryable);
  }
  CHECK(server.connections() == 0);
}

TEST_CASE("a proxy for ftp hands the file on by HTTP") {
  TestServer proxy([](Connection& connection, const RequestHead& head) {
    ranged("0123456789")(connection, head);
  });
  Net net({.proxy = "http://127.0.0.1:" + std::to_string(proxy.port())});
  Kept kept;
  Request request{.url = url_of("ftp://far.test/file"), .headers = {{"Range", "bytes=4-"}}};
  request.receiver = &kept;
  const TransferResult result = net.fetch(std::move(request));
  CAPTURE(result.message);
  CHECK(result.outcome == Outcome::ok);
  CHECK(result.response.http_version == "1.1");
  CHECK(kept.head.status == 206);
  CHECK(kept.body == "456789");
  CHECK(proxy.requests().at(0).head.target == "ftp://far.test/file");
  CHECK(proxy.requests().at(0).head.get("range") == "bytes=4-");
}

TEST_CASE("a handle that has served one scheme serves the next") {
  FtpScript ftp({.file = "by ftp"});
  TestServer http({{"/", ok("by http")}});
  Net net;
  for (int i = 0; i < 3; ++i) {
    CHECK(net.fetch(ftp.url()).response.body == "by ftp");
    CHECK(net.fetch(http.url("/")).response.body == "by http");
  }
}

}  // namespace weft
