// Large files by the real program, in parts, from servers that do not keep to what they say:
// never a mixed file.
#include <doctest/doctest.h>
#include <fmt/core.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <memory>

#include "e2e/downloads.hpp"

#include "support/ranges.hpp"
#include "weft/store/digest.hpp"

namespace weft::test {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t kSize = 4u << 20;

const std::string& old_file() {
  static const std::string body = many(kSize, 1);
  return body;
}
const std::string& new_file() {
  static const std::string body = many(kSize, 2);
  return body;
}

// A run that takes the file at /a in four parts.
struct Run {
  Run(Behaviour behaviour, const Words& options = {}) : server({{"/a", std::move(behaviour)}}) {
    Words words{"get", "-o", "out", "--min-split", "1M", "--split", "4", server.url("/a")};
    words.insert(words.end(), options.begin(), options.end());
    ended = here.run(words);
    outcome = here.records("out/.weft").outcome_of(server.url("/a"));
  }

  bool has(const std::string& body) const {
    return ended.exit_code == 0 && outcome == "ok" && visible(here) == Words{"out/a"} &&
           here.read("out/a") == body;
  }
  bool failed_as(const std::string& how) const {
    return ended.exit_code == 1 && outcome == how && visible(here).empty();
  }
  std::size_t ranges() const {
    std::size_t count = 0;
    for (const SeenRequest& seen : server.requests()) count += seen.head.get("range") ? 1 : 0;
    return count;
  }

  TestServer server;
  Workplace here;
  Ended ended;
  std::string outcome;
};

#define CHECK_RUN(run, what)                                                                 \
  CHECK_MESSAGE((run).what, (run).ended.exit_code, " ", (run).outcome, " ", (run).ended.err, \
                "files: ", visible((run).here).size())

// The whole, where no range is asked for, as a server that gives ranges has it; a range by `part`.
// The whole comes slowly, so that others come first.
Behaviour whole_and(Behaviour part, std::string body = old_file(), std::string etag = "\"1\"") {
  return [part = std::move(part), body = std::move(body), etag = std::move(etag)](
             Connection& to, const RequestHead& head) {
    if (head.get("range")) return part(to, head);
    to.send("HTTP/1.1 200 OK\r\nAccept-Ranges: bytes\r\nETag: " + etag +
            "\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n");
    for (std::size_t at = 0; at < body.size(); at += 64 << 10) {
      if (!to.wait(1ms) || !to.send(std::string_view(body).substr(at, 64 << 10))) return;
    }
  };
}

// A server that has `before` until the first range is asked for, and `after` from then on.
Behaviour changing(Behaviour before, Behaviour after) {
  auto changed = std::make_shared<std::atomic<bool>>(false);
  return [changed, before = std::move(before), after = std::move(after)](Connection& to,
                                                                         const RequestHead& head) {
    if (head.get("range")) *changed = true;
    (*changed ? after : before)(to, head);
  };
}

// Gives ranges whatever If-Range says.
Behaviour ranged_regardless(std::string body, std::string etag) {
  return [body = std::move(body), etag = std::move(etag)](Connection& to, RequestHead head) {
    std::erase_if(head.headers, [](const auto& line) { return line.first == "if-range"; });
    ranged(body, etag)(to, head);
  };
}

// The whole with its ETag, but for its end.
Behaviour cut_after(std::size_t size) {
  return raw("HTTP/1.1 200 OK\r\nETag: \"1\"\r\nContent-Length: " + std::to_string(kSize) +
             "\r\n\r\n" + old_file().substr(0, size));
}

TEST_CASE("a large file comes in parts, each asked for with If-Range") {
  const Run run(whole_and(ranged(old_file())));
  CHECK_RUN(run, has(old_file()));
  CHECK(run.ranges() >= 3);
  for (const SeenRequest& seen : run.server.requests()) {
    CHECK(seen.head.method == "GET");  // nobody is asked by HEAD first
    if (seen.head.get("range")) CHECK(seen.head.get("if-range") == "\"1\"");
  }
}

TEST_CASE("a file that changes between its parts is had anew, whole") {
  const std::string longer = many(kSize + 12345, 3);
  struct Row {
    std::string how;
    Behaviour after;
    const std::string& body;
  };
  for (const Row& row : {
           Row{"its ETag is another", ranged(new_file(), "\"2\""), new_file()},
           Row{"If-Range is ignored", ranged_regardless(new_file(), "\"2\""), new_file()},
           Row{"its ETag is the same, its size another", ranged(longer, "\"1\""), longer},
           Row{"no ranges any more", ok(new_file(), {"ETag: \"2\""}), new_file()},
           Row{"no validator any more", ok(longer), longer},
       }) {
    CAPTURE(row.how);
    const Run run(changing(whole_and(ranged(old_file())), row.after));
    CHECK_RUN(run, has(row.body));
  }
}

TEST_CASE("a file that changes each time it is asked for is no file") {
  auto version = std::make_shared<std::atomic<int>>(0);
  const Run run([version](Connection& to, const RequestHead& head) {
    const int number = ++*version;
    whole_and(ranged_regardless(new_file(), "\"" + std::to_string(number) + "\""), old_file(),
              "\"" + std::to_string(number) + "\"")(to, head);
  });
  CHECK_RUN(run, failed_as("protocol_error"));
  CHECK(says(run.ended, "protocol_error"));
}

TEST_CASE("a server that does not give the ranges it says it gives is asked for the whole") {
  const std::string total = std::to_string(kSize);
  struct Row {
    std::string how;
    Behaviour part;
  };
  for (const Row& row : {
           Row{"the whole, with its ETag", ok(old_file(), {"ETag: \"1\""})},
           Row{"the whole, without", ok(old_file())},
           Row{"416", status(416)},
           Row{"416 with the size", status(416, "", {"Content-Range: bytes */" + total})},
           Row{"another part", part("body", "bytes 0-3/" + total, {"ETag: \"1\""})},
           Row{"a part beyond the end", part("body", "bytes 9000000-9000003/9000004")},
           Row{"no Content-Range", status(206, old_file().substr(0, 1 << 20))},
           Row{"what is no Content-Range", part("body", "bytes one-two/three")},
           Row{"less than it says", part("", "bytes 1048576-2097151/" + total)},
           Row{"403", status(403)},
           Row{"404", status(404)},
           Row{"500", status(500)},
           Row{"hangs up", drop()},
       }) {
    CAPTURE(row.how);
    const Run run(whole_and(row.part));
    CHECK_RUN(run, has(old_file()));
  }
}

TEST_CASE(
    "a server whose ranges are wrong is asked for the whole, though nothing else is under way") {
  // The first answer is cut, so that the next one asks for the rest.
  struct Row {
    std::string how;
    Behaviour part;
  };
  for (const Row& row : {
           Row{"another part", part("body", "bytes 0-3/4194304", {"ETag: \"1\""})},
           Row{"more than was asked for", part("body", "bytes 3145728-9000000/9000001")},
           Row{"no Content-Range", status(206, "body")},
           Row{"416", status(416)},
       }) {
    CAPTURE(row.how);
    const Run run(in_turn({cut_after(3 << 20), [&row](Connection& to, const RequestHead& head) {
                             (head.get("range") ? row.part : ok(old_file()))(to, head);
                           }}));
    CHECK_RUN(run, has(old_file()));
  }
}

TEST_CASE("parts that hold less than was asked for go on where they end") {
  const Run run(whole_and([](Connection& to, const RequestHead& head) {
    const std::uint64_t from = asked_from(head).value_or(0);
    const Part asked = part_of(kSize, "", head.get("range"), std::nullopt);
    const std::uint64_t end = from + std::min<std::uint64_t>(asked.size, 300'000);
    part(old_file().substr(from, end - from), fmt::format("bytes {}-{}/{}", from, end - 1, kSize),
         {"ETag: \"1\""})(to, head);
  }));
  CHECK_RUN(run, has(old_file()));
}

TEST_CASE("parts that are cut short go on where they were cut") {
  const Run run(whole_and([](Connection& to, const RequestHead& head) {
    const std::uint64_t from = asked_from(head).value_or(0);
    to.send(fmt::format("HTTP/1.1 206 Part\r\nETag: \"1\"\r\nContent-Range: bytes {}-{}/{}\r\n\r\n",
                        from, kSize - 1, kSize));
    to.send(old_file().substr(from, 1'500'000));
    to.close();
  }));
  CHECK_RUN(run, has(old_file()));
}

TEST_CASE("parts of another file that passes for the same are found out by the checksum") {
  const Behaviour mixed = changing(whole_and(ranged(old_file())), ranged(new_file()));
  const Run run(mixed, {"--checksum", sha256_hex(new_file())});
  CHECK_RUN(run, has(new_file()));
  const Run never(whole_and(ranged(new_file())), {"--checksum", sha256_hex(many(10))});
  CHECK_RUN(never, failed_as("checksum_mismatch"));
}

TEST_CASE("of mirrors that have different files the one with the right file is found") {
  // Of the same size, so that parts of them pass for parts of one file.
  TestServer wrong({{"/a", whole_and(ranged(new_file()), new_file())}}, "127.0.0.2");
  TestServer right({{"/a", whole_and(ranged(old_file()))}}, "127.0.0.3");
  TestServer other({{"/a", whole_and(ranged(many(kSize, 9)), many(kSize, 9))}}, "127.0.0.4");
  const Workplace here;
  here.write("list", wrong.url("/a") + "\t" + other.url("/a") + "\t" + right.url("/a") +
                         "\tchecksum=" + sha256_hex(old_file()) + "\n");
  const Ended ended = here.run({"get", "-o", "out", "--min-split", "1M", "-i", "list"});
  CHECK_MESSAGE(ended.exit_code == 0, ended.err);
  CHECK(here.read("out/a") == old_file());
  CHECK(visible(here) == Words{"list", "out/a"});
}

TEST_CASE("a weak ETag and a Last-Modified are told apart: neither mixes") {
  // RFC 9110 §13.1.5: a weak ETag may not stand in If-Range.
  const Run run(ok(old_file(), {"ETag: W/\"1\"", "Accept-Ranges: bytes"}));
  CHECK_RUN(run, has(old_file()));
  CHECK(run.ranges() == 0);
}

TEST_CASE("a large file that is cut is gone on with where it was cut") {
  const Run run(in_turn({cut_after(3 << 20), ranged(old_file())}));
  CHECK_RUN(run, has(old_file()));
  REQUIRE(run.server.requests().size() >= 2);
  CHECK(asked_from(run.server.requests()[1].head).value_or(0) == 3u << 20);
}

}  // namespace
}  // namespace weft::test
