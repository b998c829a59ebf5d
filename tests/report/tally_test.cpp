#include "weft/report/tally.hpp"

#include <doctest/doctest.h>

#include <string>
#include <thread>

namespace weft {
namespace {

Record settled(std::string host, Outcome outcome, std::uint64_t bytes = 0,
               std::uint64_t wire_bytes = 0) {
  return Record{
      .outcome = outcome, .bytes = bytes, .wire_bytes = wire_bytes, .host = std::move(host)};
}

void write_many(Tally& tally, const Record& record, int times) {
  for (int i = 0; i < times; ++i) CHECK(tally.write(record));
}

TEST_CASE("pages are counted by outcome, and bytes as decoded and as received") {
  Tally tally;
  write_many(tally, settled("a", Outcome::ok, 1000, 300), 3);
  write_many(tally, settled("a", Outcome::http_error, 50, 50), 2);
  write_many(tally, settled("b", Outcome::refused_robots), 4);
  const Totals totals = tally.totals();
  CHECK(totals.of(Outcome::ok) == 3);
  CHECK(totals.of(Outcome::http_error) == 2);
  CHECK(totals.of(Outcome::refused_robots) == 4);
  CHECK(totals.bytes == Bytes{3100});
  CHECK(totals.wire_bytes == Bytes{1000});
}

TEST_CASE("failures are those that end the run with exit code 1") {
  Tally tally;
  for (const Outcome outcome : {Outcome::http_error, Outcome::dns_error, Outcome::refused_robots,
                                Outcome::redirect, Outcome::duplicate, Outcome::ok}) {
    CHECK(tally.write(settled("a", outcome)));
  }
  CHECK(tally.totals().failures() == 2);
}

TEST_CASE("a resumed job's tally begins with what it settled before") {
  Tally tally;
  tally.add({.host = "a", .outcome = Outcome::ok, .count = 7, .bytes = 700, .wire_bytes = 70});
  tally.add({.host = "a", .outcome = Outcome::http_error, .count = 2});
  tally.add({.host = "b", .kind = RecordKind::robots, .count = 3, .bytes = 30});
  CHECK(tally.write(settled("a", Outcome::ok, 100, 10)));
  const TallySnapshot snapshot = tally.snapshot(5);
  CHECK(snapshot.totals.of(Outcome::ok) == 8);
  CHECK(snapshot.totals.failures() == 2);
  CHECK(snapshot.totals.robots == 3);
  CHECK(snapshot.totals.bytes == Bytes{830});
  CHECK(snapshot.totals.wire_bytes == Bytes{80});
  REQUIRE(snapshot.by_pages.size() == 1);
  CHECK(snapshot.by_pages[0].tally.pages == 8);
  CHECK(snapshot.by_pages[0].tally.errors == 2);
}

TEST_CASE("what has changed since the last visit is counted, of pages alone") {
  Tally tally;
  tally.add_change("unchanged", 5);
  Record page = settled("a", Outcome::not_modified);
  page.change = "unchanged";
  write_many(tally, page, 2);
  page.change = "gone";
  write_many(tally, page, 1);
  page.kind = RecordKind::sitemap;
  write_many(tally, page, 1);
  const Totals totals = tally.totals();
  CHECK(totals.changes.unchanged == 7);
  CHECK(totals.changes.gone == 1);
  CHECK(totals.changes.sum() == 8);
  CHECK(totals.pages() == 3);  // as many as the last visit found, sent again or not
}

TEST_CASE("robots.txt and sitemaps are no pages: a missing one is no failure") {
  Tally tally;
  Record robots = settled("a", Outcome::http_error, 10, 10);
  robots.kind = RecordKind::robots;
  Record sitemap = settled("a", Outcome::ok, 20, 20);
  sitemap.kind = RecordKind::sitemap;
  CHECK(tally.write(robots));
  CHECK(tally.write(sitemap));
  const TallySnapshot snapshot = tally.snapshot(5);
  CHECK(snapshot.totals.robots == 1);
  CHECK(snapshot.totals.sitemaps == 1);
  CHECK(snapshot.totals.failures() == 0);
  CHECK(snapshot.totals.of(Outcome::ok) == 0);
  CHECK(snapshot.totals.bytes == Bytes{30});
  CHECK(snapshot.hosts == 1);
  CHECK(snapshot.by_pages.empty());
  CHECK(snapshot.by_errors.empty());
}

TEST_CASE("the hosts with the most pages and with the most errors come first") {
  Tally tally;
  write_many(tally, settled("few", Outcome::ok, 10), 1);
  write_many(tally, settled("many", Outcome::ok, 10), 5);
  write_many(tally, settled("some", Outcome::ok, 10), 3);
  write_many(tally, settled("also-some", Outcome::ok, 10), 3);
  write_many(tally, settled("bad", Outcome::timeout), 2);
  write_many(tally, settled("many", Outcome::http_error, 1), 1);

  const TallySnapshot snapshot = tally.snapshot(3);
  CHECK(snapshot.hosts == 5);
  REQUIRE(snapshot.by_pages.size() == 3);
  CHECK(snapshot.by_pages[0].host == "many");
  CHECK(snapshot.by_pages[0].tally.pages == 5);
  CHECK(snapshot.by_pages[0].tally.errors == 1);
  CHECK(snapshot.by_pages[0].tally.bytes == Bytes{51});
  CHECK(snapshot.by_pages[1].host == "also-some");  // as many: by name
  CHECK(snapshot.by_pages[2].host == "some");
  REQUIRE(snapshot.by_errors.size() == 2);
  CHECK(snapshot.by_errors[0].host == "bad");
  CHECK(snapshot.by_errors[1].host == "many");
}

TEST_CASE("a million hosts cost no more than the bound, and the great ones stay") {
  Tally tally(100);
  write_many(tally, settled("great", Outcome::ok, 1), 1000);
  write_many(tally, settled("broken", Outcome::timeout), 1000);
  constexpr int kHosts = 10'000;
  for (int i = 0; i < kHosts; ++i) {
    REQUIRE(tally.write(settled("h" + std::to_string(i), Outcome::ok, 1)));
    if (i % 10 == 0) REQUIRE(tally.write(settled("great", Outcome::ok, 1)));
  }
  const TallySnapshot snapshot = tally.snapshot(1000);
  CHECK(snapshot.hosts <= 100);
  CHECK(snapshot.by_pages[0].host == "great");
  CHECK(snapshot.by_pages[0].tally.pages == 2000);
  CHECK(snapshot.by_errors[0].host == "broken");

  std::uint64_t pages = snapshot.others.pages;
  for (const NamedHostTally& host : snapshot.by_pages) pages += host.tally.pages;
  CHECK(pages == kHosts + 2000);  // nothing is lost, only told apart no longer
  CHECK(snapshot.totals.of(Outcome::ok) == kHosts + 2000);
}

TEST_CASE("what is counted may be read while it is being counted") {
  Tally tally(10);
  constexpr std::uint64_t kRecords = 2000;
  std::thread sink([&] {
    for (std::uint64_t i = 0; i < kRecords; ++i) {
      (void)tally.write(settled("h" + std::to_string(i % 40), Outcome::ok, 1));
    }
  });
  std::uint64_t before = 0;
  while (before < kRecords) {
    const std::uint64_t now = tally.totals().of(Outcome::ok);
    CHECK(now >= before);
    CHECK(tally.snapshot(3).by_pages.size() <= 3);
    before = now;
  }
  sink.join();
}

}  // namespace
}  // namespace weft
