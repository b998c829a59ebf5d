// Pages that were known, visited again.
#include <doctest/doctest.h>

#include <atomic>

#include "e2e/weft_run.hpp"
#include "support/test_server.hpp"

namespace weft::test {
namespace {

using namespace std::chrono_literals;

// A site that changes between two visits: of its pages one stays and says so, one stays and
// does not, one changes and leads to a new one, one goes.
struct ChangingSite {
  std::atomic<int> visit{1};
  std::atomic<bool> held{false};
  TestServer server{
      [this](Connection& connection, const RequestHead& head) { answer(connection, head); }};

  void answer(Connection& connection, const RequestHead& head) {
    while (held && head.target == "/held" && connection.wait(1ms)) {
    }
    const bool is_later = visit > 1;
    if (head.target == "/") {
      if (head.get("if-none-match") == "\"one\"") return status(304)(connection, head);
      return ok(
          "<a href=/plain>x</a><a href=/changing>x</a><a href=/leaving>x</a>"
          "<a href=/held>x</a>",
          {"ETag: \"one\""})(connection, head);
    }
    if (head.target == "/plain" || head.target == "/held") return ok("as ever")(connection, head);
    if (head.target == "/changing") {
      return ok(is_later ? "<a href=/fresh>x</a>" : "as yet")(connection, head);
    }
    if (head.target == "/leaving" && !is_later) return ok("soon gone")(connection, head);
    if (head.target == "/fresh" && is_later) return ok("fresh")(connection, head);
    status(404)(connection, head);
  }
};

TEST_CASE("an update tells what is new, changed, unchanged and gone") {
  ChangingSite site;
  const Workplace here;
  CHECK(here.run({"crawl", site.server.url("/"), "-o", "job"}).exit_code == 0);
  const std::string first = here.read("job/pages.jsonl");
  site.visit = 2;
  const Ended updated = here.run({"crawl", "--update", "job"});
  CHECK(updated.err.starts_with("weft: visiting 'job' again: "));
  CHECK_MESSAGE(
      updated.err.find("  since last 1 new, 1 changed, 3 unchanged, 1 gone\n") != std::string::npos,
      updated.err);
  CHECK(here.read("job/pages.1.jsonl") == first);
  const Records records = here.records();
  CHECK(records.outcome_of(site.server.url("/")) == "not_modified");
  CHECK(records.outcome_of(site.server.url("/plain")) == "ok");
  CHECK(records.of(site.server.url("/leaving")).at("status") == 404);
  CHECK(records.outcome_of(site.server.url("/fresh")) == "ok");
}

TEST_CASE("an update that was stopped goes on, and its counts are the whole visit's") {
  ChangingSite site;
  const Workplace here;
  here.run({"crawl", site.server.url("/"), "-o", "job", "-j", "1"});
  site.visit = 2;
  site.held = true;
  const auto before = site.server.requests().size();
  Process process(here.command({"crawl", "--update", "job"}));
  site.server.wait_for_requests(before + 2);
  process.send(SIGKILL);
  process.wait();
  site.held = false;

  const Ended resumed = here.run({"resume", "job"});
  CHECK_MESSAGE(
      resumed.err.find("  since last 1 new, 1 changed, 3 unchanged, 1 gone\n") != std::string::npos,
      resumed.err);
  CHECK(here.records().pages("ok").size() == 4);  // each once: plain, held, changing, fresh
  CHECK(Records(here.read("job/pages.1.jsonl")).pages("ok").size() == 5);
}

TEST_CASE("a job may be visited again and again, and keeps the records of each visit") {
  ChangingSite site;
  const Workplace here;
  here.run({"crawl", site.server.url("/"), "-o", "job"});
  for (const char* kept : {"job/pages.1.jsonl", "job/pages.2.jsonl"}) {
    const Ended updated = here.run({"crawl", "--update", "job"});
    CHECK(updated.exit_code == 0);
    CHECK(updated.err.find("0 new, 0 changed, 5 unchanged, 0 gone") != std::string::npos);
    CHECK(Records(here.read(kept)).all().size() > 0);
  }
}

}  // namespace
}  // namespace weft::test
