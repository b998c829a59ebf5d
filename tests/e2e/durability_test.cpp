// What power cuts and kills may leave of a job is enough to go on with.
#include <doctest/doctest.h>
#include <fmt/core.h>

#include <algorithm>
#include <cstring>
#include <filesystem>

#include "e2e/disturbed.hpp"
#include "support/jobs.hpp"

namespace weft::test {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

constexpr int kPages = 400;

bool says(const Ended& ended, const std::string& text) {
  return ended.err.find(text) != std::string::npos;
}

// Some of the site's pages are missing: such a crawl ends with 1.
bool has_ended_well(const Ended& ended) { return ended.exit_code == 1 && ended.signal == 0; }

bool had_not_begun(const Ended& ended) {
  const bool is_told = says(ended, "before it had begun") || says(ended, "before it began") ||
                       says(ended, "before its first URL was written down") ||
                       says(ended, "there is no job");
  return ended.exit_code == 2 && is_told;
}

// The site, and what an undisturbed crawl of it comes to.
struct Disturbed {
  std::unique_ptr<Nginx> nginx = Nginx::start({linked_site(kPages)});
  Workplace here{};
  EndState undisturbed{};
  std::uint64_t whole = 0;  // bytes of pages.jsonl
  Chance chance{};

  Command crawl(const std::string& job) const {
    return here.command(
        {"crawl", nginx->url("/0.html"), "-o", job, "-j", "16", "--progress", "none"});
  }
  Ended resume(const std::string& job) const {
    return here.run({"resume", job, "--progress", "none"});
  }
  // False: there is no server, the test is skipped.
  bool begin() {
    if (nginx == nullptr) return false;
    const Ended ended = run(crawl("undisturbed"));
    CHECK_MESSAGE(has_ended_well(ended), ended.err);
    undisturbed = end_state(here, "undisturbed");
    CHECK(undisturbed.records.size() == kPages + 50);
    whole = size_of(here.path("undisturbed/pages.jsonl"));
    return true;
  }
};

// --- power cuts ---

// Bytes of job.db-wal that have been copied into job.db, for which they were synced (SQLite's
// walformat: nBackfill stands after two headers of 48 bytes, a frame is its header and a page).
std::uint64_t synced_wal(const std::string& job) {
  constexpr std::size_t kBackfillAt = 96;
  constexpr std::uint64_t kWalHeader = 32;
  constexpr std::uint64_t kFrameHeader = 24;
  const std::string index = contents(job + "/job.db-shm");
  const std::string wal = contents(job + "/job.db-wal");
  if (index.size() < kBackfillAt + 4 || wal.size() < kWalHeader) return 0;
  std::uint32_t frames = 0;
  std::memcpy(&frames, index.data() + kBackfillAt, sizeof frames);
  std::uint64_t page = 0;
  for (int i = 8; i < 12; ++i) page = page << 8 | static_cast<unsigned char>(wal[i]);
  return frames == 0 ? 0 : kWalHeader + frames * (kFrameHeader + page);
}

struct Cut {
  bool of_wal = false;
  bool of_pages = false;
  bool after_checkpoint = false;
};

// Drops what was not synced, or a part of that: some of it may have been written in time.
void cut_power(const std::string& job, Cut cut, Chance& chance) {
  const std::string wal = job + "/job.db-wal";
  if (cut.of_wal && fs::exists(wal)) {  // else the crawl was faster, and has closed its job
    const std::uint64_t least = std::min(synced_wal(job), size_of(wal));
    fs::resize_file(wal, least + chance.up_to(size_of(wal) - least));
  }
  fs::remove(job + "/job.db-shm");
  if (cut.of_pages) {
    fs::resize_file(job + "/pages.jsonl", chance.up_to(size_of(job + "/pages.jsonl")));
  }
}

void check_survives(Disturbed& all, Cut cut, int round) {
  const std::string job = fmt::format("job{}", round);
  const std::string copy = fmt::format("cut{}", round);
  CAPTURE(all.chance.seed());
  CAPTURE(round);
  {
    Process process(all.crawl(job));
    const std::uint64_t goal = 1 + all.chance.up_to(all.whole * 9 / 10);
    const std::string pages = all.here.path(job + "/pages.jsonl");
    wait_until_written(process, pages, cut.after_checkpoint ? goal / 2 : goal);
    if (cut.after_checkpoint) {
      ask(all.here.path(job), "PRAGMA wal_checkpoint(PASSIVE)");
      wait_until_written(process, pages, goal);
    }
    process.pause();
    fs::copy(all.here.path(job), all.here.path(copy), fs::copy_options::recursive);
  }
  cut_power(all.here.path(copy), cut, all.chance);
  const Ended resumed = all.resume(copy);
  INFO(resumed.err);
  if (cut.of_wal && had_not_begun(resumed)) return;  // nothing of it had been synced
  CHECK(has_ended_well(resumed));
  CHECK(end_state(all.here, copy) == all.undisturbed);
}

TEST_CASE("a power cut that takes the end of the database and of the records is made good") {
  Disturbed all;
  if (!all.begin()) return;
  for (int round = 0; round < 10; ++round) {
    check_survives(all, {.of_wal = true, .of_pages = all.chance.coin(), .after_checkpoint = false},
                   round);
  }
}

TEST_CASE("a power cut after a part of the WAL was copied back is made good") {
  Disturbed all;
  if (!all.begin()) return;
  for (int round = 0; round < 5; ++round) {
    check_survives(all, {.of_wal = true, .of_pages = all.chance.coin(), .after_checkpoint = true},
                   round);
  }
}

TEST_CASE("records that a power cut took are fetched again") {
  Disturbed all;
  if (!all.begin()) return;
  for (int round = 0; round < 5; ++round) {
    check_survives(all, {.of_wal = false, .of_pages = true, .after_checkpoint = false}, round);
  }
}

TEST_CASE("records of a job that was done, taken by a power cut, are fetched again") {
  Disturbed all;
  if (!all.begin()) return;
  const std::string pages = all.here.path("undisturbed/pages.jsonl");
  for (const std::uint64_t left : {all.chance.up_to(all.whole - 1), std::uint64_t{0}}) {
    CAPTURE(left);
    fs::resize_file(pages, left);
    const Ended resumed = all.resume("undisturbed");
    CHECK_MESSAGE(has_ended_well(resumed), resumed.err);
    CHECK(says(resumed, "has lost its end"));
    CHECK(end_state(all.here, "undisturbed") == all.undisturbed);
  }
}

TEST_CASE("lines that no commit knows of are cut off, and their URLs fetched again") {
  Disturbed all;
  if (!all.begin()) return;
  Process process(all.crawl("job"));
  wait_until_written(process, all.here.path("job/pages.jsonl"), all.whole / 3);
  process.send(SIGKILL);
  process.wait();
  const std::string pages = all.here.read("job/pages.jsonl");
  const std::string known = pages.substr(0, pages.find('\n') + 1);
  all.here.write("job/pages.jsonl", pages + known + R"({"url":"torn)");
  const Ended resumed = all.resume("job");
  CHECK_MESSAGE(has_ended_well(resumed), resumed.err);
  CHECK(end_state(all.here) == all.undisturbed);
}

// --- kills at awkward moments ---

TEST_CASE("a crawl killed when it has hardly started goes on, or says that it had not begun") {
  Disturbed all;
  if (!all.begin()) return;
  for (int round = 0; round < 20; ++round) {
    const std::string job = fmt::format("job{}", round);
    CAPTURE(all.chance.seed());
    CAPTURE(round);
    // Every other one before a crawl can well be under way.
    run_and_kill(all.crawl(job), all.chance, round % 2 == 0 ? 60ms : 15ms);
    const Ended resumed = all.resume(job);
    INFO(resumed.err);
    if (had_not_begun(resumed)) continue;
    CHECK(has_ended_well(resumed));
    CHECK(end_state(all.here, job) == all.undisturbed);
  }
}

TEST_CASE("a database without a table is no damage where there are no records, and else is") {
  const Workplace here;
  here.write("job/job.db", "");
  here.write("job/pages.jsonl", "");
  CHECK(had_not_begun(here.run({"resume", "job"})));
  here.write("job/pages.jsonl", "{}\n");
  const Ended damaged = here.run({"resume", "job"});
  CHECK(damaged.exit_code == 2);
  CHECK_MESSAGE(says(damaged, "is damaged: it is empty"), damaged.err);
}

TEST_CASE("a crawl killed while its files are made goes on, or says that it had not begun") {
  Disturbed all;
  if (!all.begin()) return;
  for (const char* file : {"pages.jsonl", "job.db", "job.db-wal", "job.db-shm", "weft.log"}) {
    const std::string job = fmt::format("killed at {}", file);
    CAPTURE(job);
    {
      Process process(all.crawl(job));
      const std::string path = all.here.path(job + "/" + file);
      while (!fs::exists(path) && !process.has_ended()) std::this_thread::yield();
      process.send(SIGKILL);
      process.wait();
    }
    const Ended resumed = all.resume(job);
    INFO(resumed.err);
    if (had_not_begun(resumed)) continue;
    CHECK(has_ended_well(resumed));
    CHECK(end_state(all.here, job) == all.undisturbed);
  }
}

TEST_CASE("a resume killed when it has hardly started has spoilt nothing") {
  Disturbed all;
  if (!all.begin()) return;
  CAPTURE(all.chance.seed());
  {
    Process process(all.crawl("job"));
    wait_until_written(process, all.here.path("job/pages.jsonl"), all.whole / 4);
    process.send(SIGKILL);
    process.wait();
  }
  for (int round = 0; round < 10; ++round) {
    run_and_kill(all.here.command({"resume", "job", "--progress", "none"}), all.chance, 15ms);
  }
  const Ended resumed = all.resume("job");
  CHECK_MESSAGE(has_ended_well(resumed), resumed.err);
  CHECK(end_state(all.here) == all.undisturbed);
}

TEST_CASE("an update killed at any moment leaves the records of both visits whole") {
  Disturbed all;
  if (!all.begin()) return;
  run({.words = {"cp", "-r", all.here.path("undisturbed"), all.here.path("updated")}});
  CHECK(has_ended_well(all.here.run({"crawl", "--update", "updated", "--progress", "none"})));
  const EndState later = end_state(all.here, "updated");
  const std::string first = all.here.read("undisturbed/pages.jsonl");
  CHECK(all.here.read("updated/pages.1.jsonl") == first);

  for (int round = 0; round < 12; ++round) {
    const std::string job = fmt::format("job{}", round);
    CAPTURE(all.chance.seed());
    CAPTURE(round);
    fs::copy(all.here.path("undisturbed"), all.here.path(job));
    run_and_kill(all.here.command({"crawl", "--update", job, "--progress", "none"}), all.chance,
                 30ms);
    run_and_kill(all.here.command({"resume", job, "--progress", "none"}), all.chance, 15ms);
    const Ended resumed = all.resume(job);
    INFO(resumed.err);
    CHECK(has_ended_well(resumed));
    if (fs::exists(all.here.path(job + "/pages.1.jsonl"))) {
      CHECK(all.here.read(job + "/pages.1.jsonl") == first);
      CHECK(end_state(all.here, job) == later);
    } else {  // the visit had not begun
      CHECK(all.here.read(job + "/pages.jsonl") == first);
      CHECK(end_state(all.here, job) == all.undisturbed);
    }
  }
}

}  // namespace
}  // namespace weft::test
