// Downloads by the real program from servers that lie, break off or never end: the right bytes
// or a clear failure, and never anything else on the disk.
#include <doctest/doctest.h>

#include <chrono>
#include <filesystem>
#include <thread>

#include "e2e/downloads.hpp"
#include "support/after.hpp"
#include "support/gzip.hpp"
#include "weft/store/digest.hpp"

namespace weft::test {
namespace {

using namespace std::chrono_literals;

// What a file at /a of this server comes to, asked for alone, or by the worker and over the
// connection that have just brought a good one.
struct Run {
  Run(Behaviour behaviour, const Words& options = {}, After after = After::nothing)
      : server(well_but_for(std::move(behaviour))) {
    Words words{"get", "-o", "out"};
    if (after == After::good_answer) {
      words.insert(words.end(), {"--threads", "1", "-j", "1", server.url(kWell)});
    }
    words.push_back(server.url("/a"));
    words.insert(words.end(), options.begin(), options.end());
    ended = here.run(words);
    const Records records = here.records("out/.weft");
    outcome = records.outcome_of(server.url("/a"));
    if (after == After::nothing) return;
    CHECK(here.read("out/well") == "well");
    const std::vector<SeenRequest> seen = server.requests();
    REQUIRE(seen.size() > 1);
    CHECK(seen[0].head.target == kWell);
    CHECK(seen[1].connection == seen[0].connection);
  }

  // But for the good one.
  Words files() const {
    Words names = visible(here);
    std::erase(names, "out/well");
    return names;
  }
  bool has(const std::string& body) const {
    return ended.exit_code == 0 && outcome == "ok" && files() == Words{"out/a"} &&
           here.read("out/a") == body;
  }
  bool failed_as(const std::string& how) const {
    return ended.exit_code == 1 && outcome == how && files().empty() &&
           here.read("out/.weft/failed.txt").find(server.url("/a")) != std::string::npos;
  }

  TestServer server;
  Workplace here;
  Ended ended;
  std::string outcome;
};

#define CHECK_RUN(run, what)                                                                 \
  CHECK_MESSAGE((run).what, (run).ended.exit_code, " ", (run).outcome, " ", (run).ended.err, \
                "files: ", doctest::toString(visible((run).here).size()))

TEST_CASE("what breaks once is had the second time") {
  const std::string body = many(300'000);
  struct Row {
    std::string how;
    Behaviour once;
  };
  for (const Row& row : {
           Row{"cut within the body", cut_body(body.substr(0, 1000), body.size())},
           Row{"reset within the body", reset_in_body(body.substr(0, 100'000), body.size())},
           Row{"reset at once", reset_at_once()},
           Row{"closed without a word", drop()},
           Row{"closed within the headers", drop_in_headers()},
           Row{"cut between chunks", chunked_cut(body.substr(0, 1000))},
           Row{"503", status(503)},
           Row{"503 with a date that is past",
               status(503, "", {"Retry-After: Wed, 21 Oct 2015 07:28:00 GMT"})},
           Row{"429 without Retry-After", status(429)},
           Row{"429 with one that is no number", status(429, "", {"Retry-After: soon"})},
       }) {
    CAPTURE(row.how);
    for (const After after : kAfterBoth) {
      CAPTURE(after);
      const Run run(in_turn({row.once, ok(body)}), {}, after);
      CHECK_RUN(run, has(body));
    }
  }
}

TEST_CASE("what breaks each time is a failure that says how, and leaves no file") {
  struct Row {
    std::string why;
    Behaviour behaviour;
    const char* outcome;
    Words options{};
  };
  const std::string body = many(50'000);
  for (const Row& row : {
           Row{"longer promised than sent", cut_body(body, body.size() + 1), "truncated"},
           Row{"two lengths", conflicting_lengths(body), "protocol_error"},
           Row{"a length that is no number",
               raw("HTTP/1.1 200 OK\r\nContent-Length: 5x\r\n\r\nhello"), "protocol_error"},
           Row{"no last chunk", chunked_cut(body), "truncated"},
           Row{"no HTTP", garbage(), "protocol_error"},
           Row{"a part where the whole was asked for", part("body", "bytes 0-3/10"),
               "protocol_error"},
           Row{"a part that is the whole, unasked for", part("body", "bytes 0-3/4"),
               "protocol_error"},
           Row{"416 where no part was asked for", status(416), "http_error"},
           Row{"304 where the file was not known", status(304), "http_error"},
           Row{"204", status(204), "http_error"},
           Row{"404 with a body", status(404, body), "http_error"},
           Row{"500 with a body", status(500, body), "http_error"},
           Row{"an error page without an end",
               [](Connection&to, const RequestHead&) {
                 to.send("HTTP/1.1 404 No\r\n\r\n");
                 while (to.send(std::string(4096, 'x'))) {
                 }
                 to.close();
               },
               "http_error"},
           Row{"silent", silent(), "timeout", {"-T", "200ms"}},
           Row{"silent within the body",
               silent_after("HTTP/1.1 200 OK\r\n\r\nhello"),
               "timeout",
               {"-T", "200ms"}},
           Row{"headers without an end", endless_headers(), "protocol_error"},
       }) {
    CAPTURE(row.why);
    Words options{"--tries", "1"};
    options.insert(options.end(), row.options.begin(), row.options.end());
    for (const After after : kAfterBoth) {
      CAPTURE(after);
      const Run run(row.behaviour, options, after);
      CHECK_RUN(run, failed_as(row.outcome));
    }
  }
}

TEST_CASE("a body that comes in another way than most is had all the same") {
  const std::string body = many(40);
  struct Row {
    std::string why;
    Behaviour behaviour;
    std::string body;
  };
  const std::string gzipped = deflated("a text, a text, a text");
  for (const Row& row : {
           Row{"a byte at a time", drip(body, 2ms), body},
           Row{"in chunks, of no known length", chunked({body, body}), body + body},
           Row{"until the connection is closed", raw("HTTP/1.0 200 OK\r\n\r\n" + body), body},
           Row{"more sent than promised: what was promised", excess(body + "more", body.size()),
               body},
           Row{"compressed, though nobody asked for it: as it is sent",
               ok(gzipped, {"Content-Encoding: gzip"}), gzipped},
           Row{"empty", ok(""), ""},
       }) {
    CAPTURE(row.why);
    for (const After after : kAfterBoth) {
      CAPTURE(after);
      const Run run(row.behaviour, {}, after);
      CHECK_RUN(run, has(row.body));
    }
  }
}

TEST_CASE("a file larger than --max-file-size is too large, said so or not, and is not read") {
  const Words options{"--max-file-size", "100k"};
  const Run without_length(endless(), options);
  CHECK_RUN(without_length, failed_as("too_large"));
  const Run with_length(endless({"Content-Length: 1000000000000"}), options);
  CHECK_RUN(with_length, failed_as("too_large"));
  const std::string body = many(100 * 1024);
  const Run just_fits(ok(body), options);
  CHECK_RUN(just_fits, has(body));
  const Run large(ok(many(3u << 20)), {"--max-file-size", "2M"});
  CHECK_RUN(large, failed_as("too_large"));
  CHECK(large.server.requests().size() == 1);
  CHECK(Records(large.here.read("out/.weft/pages.jsonl"))
            .all()
            .front()
            .at("error")
            .at("message")
            .get<std::string>()
            .find("2.0 MiB is allowed") != std::string::npos);
}

TEST_CASE("what a server says of its digests counts, and is asked for once more") {
  const std::string body = many(5'000);
  const std::string other(64, 'A');
  struct Row {
    std::string why;
    std::string header;
  };
  for (const Row& row : {
           Row{"RFC 9530", "Repr-Digest: sha-256=:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=:"},
           Row{"RFC 9530 of the content",
               "Content-Digest: sha-256=:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=:"},
           Row{"RFC 3230", "Digest: SHA-256=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="},
           Row{"RFC 1864", "Content-MD5: AAAAAAAAAAAAAAAAAAAAAA=="},
       }) {
    CAPTURE(row.why);
    const Run run(ok(body, {row.header}));
    CHECK_RUN(run, failed_as("checksum_mismatch"));
    CHECK(run.server.requests().size() == 2);
    const Run mended(in_turn({ok(body, {row.header}), ok(body)}));
    CHECK_RUN(mended, has(body));
    // The user knows better.
    const Run known(ok(body, {row.header}), {"--checksum", sha256_hex(body)});
    CHECK_RUN(known, has(body));
  }
}

TEST_CASE("one server that never answers holds no other up") {
  TestServer dead({{"/a", silent()}}, "127.0.0.2");
  TestServer server({{"/b", ok("b")}});
  const Workplace here;
  std::string list;
  for (int i = 0; i < 200; ++i) list += dead.url("/" + std::to_string(i)) + "\n";
  here.write("list", list + server.url("/b") + "\n");
  TestServer hangs(silent(), "127.0.0.3");
  Process process(here.command({"get", "-i", "list", "-o", "out", "-j", "8", hangs.url("/c")}));
  while (!std::filesystem::exists(here.path("out/b")) && !process.has_ended()) {
    std::this_thread::yield();
  }
  CHECK(here.read("out/b") == "b");
}

}  // namespace
}  // namespace weft::test
