// Servers that misbehave: each ends with the outcome that says how, and holds up nobody.
#include <doctest/doctest.h>
#include <fmt/core.h>

#include <atomic>
#include <memory>

#include "e2e/weft_run.hpp"
#include "support/after.hpp"
#include "support/test_server.hpp"

namespace weft::test {
namespace {

using namespace std::chrono_literals;

struct Misdeed {
  const char* what;
  Behaviour behaviour;
  const char* outcome;
};

// Every host is well-behaved but for one page.
Behaviour site_with(Behaviour page, After after = After::good_answer) {
  return [page = std::move(page), after](Connection& connection, const RequestHead& head) {
    if (head.target == "/bad") return page(connection, head);
    if (head.target == "/robots.txt") {
      status(404, {}, {"A: b"})(connection, head);
    } else if (head.target == "/") {
      ok("<a href=/bad>bad</a><a href=/good>good</a>")(connection, head);
    } else {
      ok("good")(connection, head);
    }
    if (after == After::nothing) connection.close();
  };
}

std::vector<Misdeed> misdeeds() {
  return {
      {"closes without a word", drop(), "truncated"},
      {"closes within its headers", drop_in_headers(), "truncated"},
      {"resets the connection", reset_at_once(), "truncated"},
      {"sends less than it promised", cut_body("<a href=/lost>x</a>", 1000), "truncated"},
      {"breaks off within a chunked body", chunked_cut("<a href=/lost>x</a>"), "truncated"},
      {"names two lengths", conflicting_lengths("hello"), "protocol_error"},
      {"speaks no HTTP", garbage(), "protocol_error"},
      {"begins its headers with a folded line",
       raw_open("HTTP/1.1 200 OK\r\n A: b\r\nContent-Length: 0\r\n\r\n"), "protocol_error"},
      {"begins its headers with a folded line, by a tab",
       raw_open("HTTP/1.1 200 OK\r\n\tA: b\r\nContent-Length: 0\r\n\r\n"), "protocol_error"},
      {"sends headers without end", endless_headers(), "protocol_error"},
      {"sends a body without end", endless(), "too_large"},
      {"never answers", silent(), "timeout"},
      {"stops within its body", silent_after("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf"),
       "timeout"},
      {"lies about its coding", ok("this is no gzip", {"Content-Encoding: gzip"}), "decode_error"},
      {"is out of order", status(500, "broken"), "http_error"},
  };
}

TEST_CASE("each misdeed of a server has its outcome, and the rest of its host is crawled") {
  const std::vector<Misdeed> all = misdeeds();
  for (const After after : kAfterBoth) {
    CAPTURE(after);
    std::vector<std::unique_ptr<TestServer>> servers;
    std::string seeds;
    for (const Misdeed& misdeed : all) {
      const std::size_t number = 60 + servers.size();
      servers.push_back(std::make_unique<TestServer>(site_with(misdeed.behaviour, after),
                                                     fmt::format("127.0.0.{}", number)));
      seeds += servers.back()->url("/") + "\n";
    }
    const Workplace here;
    here.write("seeds.txt", seeds);
    const Ended ended = here.run({"crawl", "-i", "seeds.txt", "-o", "job", "-t", "1", "-T", "2s",
                                  "--max-file-size", "100k", "-x", "1"});
    CHECK(ended.exit_code == 1);

    const Records records = here.records();
    for (std::size_t i = 0; i < all.size(); ++i) {
      CAPTURE(all[i].what);
      CHECK(records.outcome_of(servers[i]->url("/")) == "ok");
      CHECK(records.outcome_of(servers[i]->url("/good")) == "ok");
      const nlohmann::json& bad = records.of(servers[i]->url("/bad"));
      CHECK(bad["outcome"] == all[i].outcome);
      CHECK(bad["attempts"] == 1);
      CHECK(bad["error"]["code"] == all[i].outcome);
      CHECK(bad["error"]["message"] != "");
    }
    CHECK(records.all().size() == 4 * all.size());  // what a cut body links to is not known
  }
}

// libcurl 7.88 unfolds such a line into the last header of the handle's former transfer, which
// has been freed (curl issue 11101): the heap was the server's to write to. One handle for each
// transfer ends that; the address sanitizer would see it come back.
TEST_CASE("headers that begin with a folded line after good answers harm nobody") {
  TestServer server([](Connection& connection, const RequestHead& head) {
    if (head.target == "/") {
      std::string links;
      for (int i = 0; i < 20; ++i)
        links += fmt::format("<a href=/bad{0}>x</a><a href=/good{0}>x</a>", i);
      return ok(links, {"A: b"})(connection, head);
    }
    if (head.target.starts_with("/bad")) {
      return raw_open("HTTP/1.1 200 OK\r\n A: b\r\nContent-Length: 0\r\n\r\n")(connection, head);
    }
    ok("User-agent: *\nAllow: /\n", {"A: b", "X-Long: " + std::string(500, 'x')})(connection, head);
  });
  const Workplace here;

  SUBCASE("a crawl, and a later visit") {
    CHECK(here.run({"crawl", server.url("/"), "-o", "job", "-t", "1"}).exit_code == 1);
    CHECK(here.run({"crawl", "--update", "job", "-t", "1"}).exit_code == 1);
    const Records records = here.records();
    CHECK(records.pages("protocol_error").size() == 20);
    CHECK(records.pages("ok").size() == 21);
  }
  SUBCASE("a crawl that was stopped among them, and is resumed") {
    CHECK(here.run({"crawl", server.url("/"), "-o", "job", "-t", "1", "-x", "1", "-n", "6"})
              .exit_code <= 1);
    CHECK(here.run({"resume", "job", "-n", "0"}).exit_code == 1);
    const Records records = here.records();
    CHECK(records.pages("protocol_error").size() == 20);
    CHECK(records.pages("ok").size() == 21);
  }
  SUBCASE("downloads") {
    std::string list;
    for (int i = 0; i < 20; ++i) {
      list += server.url(fmt::format("/good{}", i)) + "\n" + server.url(fmt::format("/bad{}", i)) +
              "\n";
    }
    here.write("list.txt", list);
    CHECK(here.run({"get", "-i", "list.txt", "-o", "job", "-t", "1"}).exit_code == 1);
    const Records records(here.read("job/.weft/pages.jsonl"));
    CHECK(records.pages("protocol_error").size() == 20);
    CHECK(records.pages("ok").size() == 20);
  }
}

TEST_CASE("a robots.txt whose headers begin with a folded line is a failure with its reason") {
  std::atomic<int> asked{0};
  TestServer server([&asked](Connection& connection, const RequestHead& head) {
    // The first answer of the connection leads to the second: robots.txt by a redirect.
    if (++asked == 1) return redirect("/moved")(connection, head);
    raw_open("HTTP/1.1 200 OK\r\n A: b\r\nContent-Length: 0\r\n\r\n")(connection, head);
  });
  const Workplace here;
  const Ended ended = here.run({"robots", server.url("/page")});
  CHECK(ended.exit_code == 1);
  CHECK(ended.out.find("the first header line begins with a space") != std::string::npos);
}

TEST_CASE("a transfer that breaks is tried again, and counted") {
  std::atomic<int> asked{0};
  TestServer server(site_with([&asked](Connection& connection, const RequestHead& head) {
    const Behaviour now = ++asked == 1 ? cut_body("half", 8) : ok("whole");
    now(connection, head);
  }));
  const Workplace here;
  CHECK(here.run({"crawl", server.url("/"), "-o", "job"}).exit_code == 0);
  const Records records = here.records();
  CHECK(records.of(server.url("/bad"))["outcome"] == "ok");
  CHECK(records.of(server.url("/bad"))["attempts"] == 2);
  CHECK(records.of(server.url("/bad"))["bytes"] == 5);
}

TEST_CASE("redirects that lead round or on for ever end") {
  TestServer server([](Connection& connection, const RequestHead& head) {
    if (head.target == "/") {
      return ok("<a href=/a>round</a><a href=/n>on</a><a href=/self>self</a>")(connection, head);
    }
    if (head.target == "/a") return redirect("/b")(connection, head);
    if (head.target == "/b") return redirect("/a")(connection, head);
    if (head.target == "/self") return redirect("/self")(connection, head);
    if (head.target.starts_with("/n")) return redirect(head.target + "n")(connection, head);
    status(404)(connection, head);
  });
  const Workplace here;
  const Ended ended = here.run({"crawl", server.url("/"), "-o", "job", "--max-redirects", "5"});
  CHECK(ended.exit_code == 0);  // nothing failed that was to be fetched
  const Records records = here.records();
  CHECK(records.pages("ok").size() == 1);
  CHECK(records.pages("redirect").size() == 3 + 6);
  CHECK(records.outcome_of(server.url("/nnnnnn")) == "redirect");
  CHECK(server.requests().size() == 1 + 1 + 3 + 6);
}

TEST_CASE("a host that is not there is given up, and the rest of the crawl completes") {
  std::string nobody;  // where nobody listens any more
  {
    TestServer server({});
    nobody = server.url("/");
  }
  TestServer server(site_with(ok("fine")), "127.0.0.2");
  const Workplace here;
  const Ended ended = here.run({"crawl", nobody, server.url("/"), "-o", "job", "-t", "1"});
  CHECK(ended.exit_code == 1);
  const Records records = here.records();
  CHECK(records.outcome_of(nobody) == "connect_error");
  CHECK(records.pages("ok").size() == 3);
}

TEST_CASE("a page may not lead the crawl to an address that only this machine can reach") {
  TestServer inside(ok("secret"), "127.0.0.3");
  TestServer server({{"/", ok("<a href=" + inside.url("/secret") + ">x</a>")}});
  const Workplace here;
  const Ended ended = here.run({"crawl", server.url("/"), "-o", "job", "--scope", "any"});
  CHECK(ended.exit_code == 1);
  CHECK(here.records().outcome_of(inside.url("/secret")) == "refused_address");
  CHECK(inside.connections() == 0);

  const Workplace there;
  const Ended allowed =
      there.run({"crawl", server.url("/"), "-o", "job", "--scope", "any", "--allow-private"});
  CHECK(allowed.exit_code == 0);
  CHECK(there.records().outcome_of(inside.url("/secret")) == "ok");
}

}  // namespace
}  // namespace weft::test
