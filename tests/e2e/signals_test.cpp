// How a crawl ends when it is told to.
#include <doctest/doctest.h>

#include <atomic>

#include "e2e/weft_run.hpp"
#include "support/test_server.hpp"

namespace weft::test {
namespace {

using namespace std::chrono_literals;

// A site whose page /held is answered when the test lets it, and not before.
struct HeldSite {
  std::atomic<bool> released{false};
  TestServer server{[this](Connection& connection, const RequestHead& head) {
    if (head.target == "/robots.txt") return status(404)(connection, head);
    if (head.target == "/") return ok("<a href=/held>x</a>")(connection, head);
    while (head.target == "/held" && !released && connection.wait(1ms)) {
    }
    ok("<a href=/next>x</a>")(connection, head);
  }};
};

void check_interrupted_once(int signal, int exit_code) {
  HeldSite site;
  const Workplace here;
  Process process(here.command({"crawl", site.server.url("/"), "-o", "job"}));
  site.server.wait_for_requests(3);  // robots.txt, the seed, and /held
  process.send(signal);
  REQUIRE(process.wait_for_error_text("stopping"));
  site.released = true;
  const Ended ended = process.wait();

  CHECK(ended.exit_code == exit_code);
  CHECK(ended.err.find("interrupted") != std::string::npos);
  CHECK(here.records().outcome_of(site.server.url("/held")) == "ok");
  CHECK(site.server.requests().size() == 3);  // /next was not begun
}

TEST_CASE("at the first SIGINT what is in flight is finished, and nothing begun") {
  check_interrupted_once(SIGINT, 130);
}

TEST_CASE("SIGTERM ends a crawl as SIGINT does, with its own exit code") {
  check_interrupted_once(SIGTERM, 143);
}

TEST_CASE("at the second SIGINT what is in flight is dropped") {
  HeldSite site;
  const Workplace here;
  Process process(here.command({"crawl", site.server.url("/"), "-o", "job"}));
  site.server.wait_for_requests(3);
  process.send(SIGINT);
  REQUIRE(process.wait_for_error_text("stopping"));
  process.send(SIGINT);
  const Ended ended = process.wait();  // although /held is never answered

  CHECK(ended.exit_code == 130);
  const Records records = here.records();
  CHECK(records.all().size() == 2);
  CHECK(records.outcome_of(site.server.url("/")) == "ok");
}

TEST_CASE("a crawl that waits for a host's Retry-After ends at once when told to") {
  TestServer server(busy(1'000'000, "600", ok("never")));
  const Workplace here;
  Process process(here.command({"crawl", server.url("/"), "-o", "job"}));
  server.wait_for_requests(1);
  process.send(SIGTERM);
  CHECK(process.wait().exit_code == 143);
  CHECK(server.requests().size() == 1);
}

TEST_CASE("records are whole lines however often and whenever a crawl is interrupted") {
  for (const std::size_t requests : {1, 2, 20, 300}) {
    TestServer server([](Connection& connection, const RequestHead& head) {
      if (head.target == "/robots.txt") return status(404)(connection, head);
      ok("<a href=" + head.target + "a>a</a><a href=" + head.target + "b>b</a>")(connection, head);
    });
    const Workplace here;
    Process process(here.command({"crawl", server.url("/"), "-o", "job"}));
    server.wait_for_requests(requests);
    process.send(SIGINT);
    process.send(SIGINT);
    CHECK(process.wait().exit_code == 130);
    CHECK(here.records().all().size() <= server.requests().size());
  }
}

}  // namespace
}  // namespace weft::test
