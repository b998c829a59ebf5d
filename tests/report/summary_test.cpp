#include "weft/report/summary.hpp"

#include <doctest/doctest.h>

#include <sstream>
#include <string>

#include "report/layout.hpp"

namespace weft {
namespace {

using namespace std::chrono_literals;

void count(TallySnapshot& tally, Outcome outcome, std::uint64_t number) {
  tally.totals.outcomes[static_cast<std::size_t>(outcome)] = number;
}

NamedHostTally host(std::string name, std::uint64_t pages, std::uint64_t errors, Bytes bytes) {
  return {std::move(name), {.pages = pages, .errors = errors, .bytes = bytes}};
}

SummaryInput plain_run() {
  SummaryInput input;
  count(input.tally, Outcome::ok, 526);
  input.tally.totals.bytes = 51_MiB;
  input.tally.totals.wire_bytes = 51_MiB;
  input.tally.totals.robots = 1;
  input.tally.hosts = 1;
  input.tally.by_pages = {host("docs.example.org", 526, 0, 51_MiB)};
  input.elapsed = 12300ms;
  return input;
}

TEST_CASE("a run in which all went well is told in one line") {
  CHECK(summary_text(plain_run()) == "526 pages in 12.3s (42.8 pages/s), 51.0 MiB\n");
}

TEST_CASE("how pages of HTML were read is told where there were some") {
  SummaryInput input = plain_run();
  input.html = {.scanned = 520, .parsed = 6, .audited = 2};
  CHECK(summary_text(input).find(
            "  html       520 pages scanned, 6 parsed; 2 of them by both, the same links\n") !=
        std::string::npos);
  input.html = {.parsed = 526};
  CHECK(summary_text(input).find("  html       0 pages scanned, 526 parsed\n") !=
        std::string::npos);
  input.html = {.scanned = 500, .parsed = 26, .audited = 3, .differed = 1};
  CHECK(summary_text(input).find("3 of them by both, 1 with other links") != std::string::npos);
}

TEST_CASE("pages of hosts that are too costly to parse are told") {
  SummaryInput input = plain_run();
  input.html = {.scanned = 520, .parsed = 6, .costly = 3, .costly_hosts = 1};
  CHECK(summary_text(input).find(
            "  html       520 pages scanned, 6 parsed\n"
            "             too costly to parse, read by their tags alone: 3 pages of 1 host\n") !=
        std::string::npos);
}

TEST_CASE("nothing at all is told without noise") {
  SummaryInput input;
  input.elapsed = 200ms;
  CHECK(summary_text(input) == "0 pages in 200ms\n");
  CHECK(summary_text(SummaryInput{}) == "0 pages in 0s\n");
}

TEST_CASE("everything that happened has its lines, aligned") {
  SummaryInput input = plain_run();
  input.tally.totals.wire_bytes = 10_MiB;
  input.tally.totals.sitemaps = 3;
  count(input.tally, Outcome::http_error, 3);
  count(input.tally, Outcome::redirect, 1012);
  input.tally.hosts = 3;
  input.tally.by_pages.push_back(host("example.org", 20, 0, 1_MiB));
  input.tally.by_errors = {host("bad.example.org", 0, 3, {})};
  input.refused = {{"robots", 12}, {"scope", 1234}};
  input.set_aside = {{"slow.example.org", "6 timeouts in a row"}};
  input.stopped_because = "the limit of 526 pages was reached";
  input.left_in_queue = 77;
  input.results = {{"records", "site.weft/pages.jsonl"}, {"log", "site.weft/weft.log"}};
  input.go_on = "weft resume site.weft";
  CHECK(summary_text(input) ==
        "526 pages in 12.3s (42.8 pages/s), 51.0 MiB (10.0 MiB as received)\n"
        "\n"
        "  outcomes   ok           526\n"
        "             redirect    1012\n"
        "             http_error     3\n"
        "  besides    3 sitemaps\n"
        "\n"
        "  hosts                  pages    errors        size\n"
        "    docs.example.org       526         0    51.0 MiB\n"
        "    example.org             20         0     1.0 MiB\n"
        "    bad.example.org          0         3         0 B\n"
        "\n"
        "  refused    robots    12\n"
        "             scope   1234\n"
        "\n"
        "  set aside  slow.example.org: 6 timeouts in a row\n"
        "\n"
        "  stopped    the limit of 526 pages was reached; 77 URLs left in the queue\n"
        "  records    site.weft/pages.jsonl\n"
        "  log        site.weft/weft.log\n"
        "  go on      weft resume site.weft\n");
}

TEST_CASE("of a job that was resumed this run's pages are told, and all of them") {
  SummaryInput input = plain_run();
  input.pages_before = 400;
  CHECK(summary_text(input) == "126 pages in 12.3s (10.2 pages/s), 526 in all, 51.0 MiB\n");
  input.pages_before = 526;
  CHECK(summary_text(input) == "0 pages in 12.3s, 526 in all, 51.0 MiB\n");
}

TEST_CASE("a visit to known pages tells what has become of them since the last") {
  SummaryInput input = plain_run();
  count(input.tally, Outcome::ok, 42);
  count(input.tally, Outcome::not_modified, 4000);
  input.tally.totals.changes = {.fresh = 12, .changed = 30, .unchanged = 4000, .gone = 2};
  CHECK(summary_text(input) ==
        "4042 pages in 12.3s (328.6 pages/s), 51.0 MiB\n"
        "\n"
        "  outcomes   ok              42\n"
        "             not_modified  4000\n"
        "  since last 12 new, 30 changed, 4000 unchanged, 2 gone\n");
}

TEST_CASE("what is left in the queue is told though nothing stopped the run") {
  SummaryInput input = plain_run();
  input.left_in_queue = 1;
  CHECK(summary_text(input).find("  not done   1 URL left in the queue\n") != std::string::npos);
}

TEST_CASE("many hosts are cut to the greatest, and the rest counted") {
  SummaryInput input = plain_run();
  input.tally.by_pages.clear();
  input.tally.hosts = 120;
  for (int i = 0; i < 20; ++i) {
    input.tally.by_pages.push_back(host("h" + std::to_string(i) + ".example", 100, 0, 1_KiB));
  }
  input.tally.by_errors = {host("h0.example", 100, 9, 1_KiB), host("bad.example", 0, 7, {})};
  input.tally.others = {.pages = 5000, .errors = 2, .bytes = 3_MiB};
  const std::string text = summary_text(input);
  CHECK(text.find("h5.example") != std::string::npos);
  CHECK(text.find("h6.example") == std::string::npos);
  CHECK(text.find("bad.example") != std::string::npos);  // room is kept for those with errors
  CHECK(text.find("others, no longer told apart") != std::string::npos);
  CHECK(text.find("and 113 more hosts\n") != std::string::npos);
}

TEST_CASE("no line passes 80 columns but those that are there to be copied") {
  SummaryInput input = plain_run();
  input.tally.hosts = 2;
  input.tally.by_pages = {host(std::string(250, 'a') + ".example.org", 99'999'999, 99'999'999,
                               Bytes{18446744073709551615U})};
  count(input.tally, Outcome::checksum_mismatch, 18446744073709551615U);
  input.tally.totals.wire_bytes = 10_MiB;
  std::string reason;
  for (int i = 0; i < 40; ++i) reason += "no answer ";
  for (int i = 0; i < 9; ++i) input.set_aside.push_back({"slow.example.org", reason});
  input.stopped_because = reason;
  input.left_in_queue = 1'000'000;
  const std::string text = summary_text(input);
  CHECK(text.find("and 4 more hosts\n") != std::string::npos);
  CHECK(text.find(".example.org") != std::string::npos);
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    CAPTURE(line);
    CHECK(display_width(line) <= 80);
  }

  input.results = {{"records", "/" + std::string(100, 'd') + "/pages.jsonl"}};
  CHECK(summary_text(input).find(input.results[0].path + "\n") != std::string::npos);
}

TEST_CASE("a reason that a server had a hand in cannot steer the terminal") {
  SummaryInput input = plain_run();
  input.set_aside = {{"h.example", "certificate of \x1b]0;owned\x07"}};
  CHECK(summary_text(input).find("h.example: certificate of ?]0;owned?\n") != std::string::npos);
}

}  // namespace
}  // namespace weft
