// One batch after another in the same directory: what is kept, what is asked for again and how.
#include <doctest/doctest.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <filesystem>

#include "e2e/weft_run.hpp"
#include "support/test_server.hpp"

namespace weft::test {
namespace {

bool says(const Ended& ended, const std::string& text) {
  return ended.err.find(text) != std::string::npos;
}

std::string answer(const std::string& status, const std::string& headers, std::string_view body) {
  return "HTTP/1.1 " + status + "\r\n" + headers +
         "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + std::string(body);
}

// A file that is told by its ETag alone, and changes with it.
Behaviour versioned(const std::string& version, const std::string& body) {
  return [=](Connection& to, const RequestHead& head) {
    const std::string etag = "ETag: \"" + version + "\"\r\n";
    if (head.get("if-none-match") == "\"" + version + "\"") {
      to.send("HTTP/1.1 304 Not Modified\r\n" + etag + "\r\n");
    } else {
      to.send(answer("200 OK", etag, body));
    }
  };
}

TEST_CASE("a batch that was done is followed by the next, and its records stay") {
  TestServer server({{"/a", ok("a")}, {"/b", status(404)}});
  const Workplace here;
  CHECK(here.run({"get", "-o", "out", server.url("/b")}).exit_code == 1);
  const Ended next = here.run({"get", "-o", "out", server.url("/a")});
  CHECK_MESSAGE(next.exit_code == 0, next.err);  // what failed before is no part of it
  const Records records = here.records("out/.weft");
  CHECK(records.outcome_of(server.url("/b")) == "http_error");
  CHECK(records.outcome_of(server.url("/a")) == "ok");
  CHECK(here.read("out/.weft/failed.1.txt").find(server.url("/b")) != std::string::npos);
  CHECK(here.read("out/.weft/failed.txt").empty());
  const Ended resumed = here.run({"resume", "out"});
  CHECK_MESSAGE(resumed.exit_code == 0, resumed.err);
  CHECK(says(resumed, "nothing is left to do for 'out': 1 URL settled\n"));
}

TEST_CASE("a batch that is not done is to be gone on with first") {
  TestServer server({{"/a", ok("a")}, {"/b", status(404)}});
  const Workplace here;
  here.write("list", server.url("/b") + "\n" + server.url("/a") + "\n");
  CHECK(here.run({"get", "-j", "1", "--fail-fast", "-i", "list", "-o", "out"}).exit_code == 1);
  const Ended refused = here.run({"get", "-o", "out", server.url("/a")});
  CHECK(refused.exit_code == 2);
  CHECK(says(refused, "Go on with it by 'weft resume out'"));
  CHECK(here.run({"resume", "out"}).exit_code == 1);  // the one that failed is not asked again
  CHECK(here.read("out/a") == "a");
  CHECK(here.run({"get", "-o", "out", "--on-exist", "overwrite", server.url("/a")}).exit_code == 0);
}

TEST_CASE("a start that cannot be leaves a job that is done as it was") {
  TestServer server({{"/a", ok("a")}, {"/b", status(404)}});
  const Workplace here;
  CHECK(here.run({"get", "-o", "out", server.url("/b")}).exit_code == 1);
  CHECK(here.run({"get", "-o", "out", "-i", "missing"}).exit_code == 2);
  CHECK(here.read("out/.weft/failed.txt").find(server.url("/b")) != std::string::npos);
  CHECK(here.run({"get", "-o", "out", server.url("/a")}).exit_code == 0);
}

TEST_CASE("a file of which the job knows nothing is asked about by its time, each time") {
  TestServer server({{"/a", [](Connection& to, const RequestHead&) {
                        to.send("HTTP/1.1 304 Not Modified\r\nETag: \"1\"\r\n\r\n");
                      }}});
  const Workplace here;
  std::filesystem::create_directory(here.path("out"));
  here.write("out/a", "from elsewhere");
  for (int i = 0; i < 2; ++i) {
    CHECK(here.run({"get", "-o", "out", "--on-exist", "update", server.url("/a")}).exit_code == 0);
  }
  CHECK(server.requests().size() == 2);
  for (const SeenRequest& seen : server.requests()) {
    CHECK(seen.head.get("if-modified-since"));
    CHECK(!seen.head.get("if-none-match"));  // the 304 spoke of its own ETag, not of this file's
  }
  CHECK(here.read("out/a") == "from elsewhere");
}

TEST_CASE("an update asks by the ETag that came with the file") {
  std::atomic<int> version{1};
  TestServer server({{"/a", [&version](Connection& to, const RequestHead& head) {
                        const std::string now = std::to_string(version);
                        versioned(now, "body " + now)(to, head);
                      }}});
  const Workplace here;
  const std::vector<std::string> update{"get", "--on-exist", "update",
                                        "-o",  "out",        server.url("/a")};
  CHECK(here.run({"get", "-o", "out", server.url("/a")}).exit_code == 0);
  CHECK(here.run(update).exit_code == 0);
  CHECK(here.run(update).exit_code == 0);  // and by the one that a 304 came with
  CHECK(here.records("out/.weft").pages("not_modified").size() == 2);
  version = 2;
  CHECK(here.run(update).exit_code == 0);
  CHECK(here.read("out/a") == "body 2");
  const auto requests = server.requests();
  REQUIRE(requests.size() == 4);
  CHECK_FALSE(requests[0].head.get("if-none-match"));
  CHECK(requests[1].head.get("if-none-match") == "\"1\"");
  CHECK(requests[2].head.get("if-none-match") == "\"1\"");
  const Records records = here.records("out/.weft");
  const auto& unchanged = records.all().at(1);
  CHECK(unchanged.at("status") == 304);
  CHECK(unchanged.at("file") == "a");
  CHECK(unchanged.at("digest") == records.all().at(0).at("digest"));
}

TEST_CASE(
    "an update has a file anew that was altered here, and asks by time where it knows nothing") {
  TestServer server({{"/a", versioned("1", "body")}, {"/b", versioned("1", "body")}});
  const Workplace here;
  CHECK(here.run({"get", "-o", "out", server.url("/a")}).exit_code == 0);
  SUBCASE("its size") { here.write("out/a", "longer than it was"); }
  SUBCASE("its time") {
    std::filesystem::last_write_time(
        here.path("out/a"), std::filesystem::file_time_type::clock::now() - std::chrono::hours(1));
  }
  here.write("out/b", "mine");
  const Ended ended =
      here.run({"get", "--on-exist", "update", "-o", "out", server.url("/a"), server.url("/b")});
  CHECK_MESSAGE(ended.exit_code == 0, ended.err);
  CHECK(here.read("out/a") == "body");
  for (const SeenRequest& request : server.requests()) {
    CHECK_FALSE(request.head.get("if-none-match"));
    if (request.head.target == "/a") CHECK_FALSE(request.head.get("if-modified-since"));
    if (request.head.target == "/b") CHECK(request.head.get("if-modified-since"));
  }
}

TEST_CASE("failed.txt is a list: a file that was cut goes on where it was") {
  const std::string body(3u << 20, 'x');
  constexpr std::size_t kHad = 2u << 20;
  TestServer server({{"/a", [&](Connection& to, const RequestHead& head) {
                        const std::string common = "ETag: \"1\"\r\nAccept-Ranges: bytes\r\n";
                        if (!head.get("range")) {
                          to.send("HTTP/1.1 200 OK\r\n" + common + "Content-Length: " +
                                  std::to_string(body.size()) + "\r\n\r\n" + body.substr(0, kHad));
                          return to.close();
                        }
                        const std::size_t from = std::stoul(head.get("range")->substr(6));
                        to.send(answer("206 Partial Content",
                                       common + "Content-Range: bytes " + std::to_string(from) +
                                           "-" + std::to_string(body.size() - 1) + "/" +
                                           std::to_string(body.size()) + "\r\n",
                                       std::string_view(body).substr(from)));
                      }}});
  const Workplace here;
  CHECK(here.run({"get", "-t", "1", "-o", "out", server.url("/a")}).exit_code == 1);
  CHECK(std::filesystem::exists(here.path("out/a.part")));
  std::string asked;
  SUBCASE("as it was left") { asked = "bytes=" + std::to_string(kHad) + "-3145727"; }
  SUBCASE("but not one that somebody has written to") { here.write("out/a.part", body); }
  const Ended ended = here.run({"get", "-i", "out/.weft/failed.txt", "-o", "out"});
  CHECK_MESSAGE(ended.exit_code == 0, ended.err);
  CHECK(here.read("out/a") == body);
  CHECK(server.requests().at(1).head.get("range").value_or("") == asked);
  CHECK_FALSE(std::filesystem::exists(here.path("out/a.part")));
}

TEST_CASE(
    "nothing of a list is lost: what is listed twice has records, what is bad is in failed.txt") {
  TestServer server({{"/a", ok("a")}});
  const Workplace here;
  const std::string line = server.url("/a") + "\n";
  here.write("list", line + "no url here\n" + line);
  const Ended ended = here.run({"get", "-i", "list", "-o", "out"});
  CHECK(ended.exit_code == 1);
  CHECK(says(ended, "bad line  1"));
  const Records records = here.records("out/.weft");
  REQUIRE(records.all().size() == 2);
  CHECK(records.pages("duplicate") == std::vector<std::string>{server.url("/a")});
  const std::string failed = here.read("out/.weft/failed.txt");
  CHECK(failed.starts_with("# list:2: "));
  CHECK(failed.find("\n# no url here\n") != std::string::npos);
  const Ended again = here.run({"get", "-i", "out/.weft/failed.txt", "-o", "out"});
  CHECK(again.exit_code == 0);  // comments alone
}

}  // namespace
}  // namespace weft::test
