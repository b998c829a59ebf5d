// Writes that fail, wherever: the crawl says what could not be written, and can be gone on with.
#include <doctest/doctest.h>
#include <fmt/core.h>

#include <cstdio>
#include <filesystem>

#include "e2e/disturbed.hpp"

namespace weft::test {
namespace {

namespace fs = std::filesystem;

constexpr int kPages = 400;

bool says(const Ended& ended, const std::string& text) {
  return ended.err.find(text) != std::string::npos;
}

struct FullDisk {
  std::unique_ptr<Nginx> nginx = Nginx::start({linked_site(kPages)});
  Workplace here{};
  EndState undisturbed{};
  Chance chance{};

  std::vector<std::string> crawl(const std::string& job) const {
    return {"crawl", nginx->url("/0.html"), "-o", job, "-j", "16", "--progress", "none"};
  }
  // No file may become larger than so many KiB.
  Ended run_limited(std::uint64_t kib, const std::vector<std::string>& words) const {
    Command command = here.command(words);
    const std::vector<std::string> limit{"bash", "-c",
                                         fmt::format("ulimit -f {} && exec \"$@\"", kib), "bash"};
    command.words.insert(command.words.begin(), limit.begin(), limit.end());
    return run(std::move(command));
  }
  bool begin() {
    if (nginx == nullptr) return false;
    CHECK(here.run(crawl("undisturbed")).exit_code == 1);  // some pages are missing
    undisturbed = end_state(here, "undisturbed");
    CHECK(undisturbed.records.size() == kPages + 50);
    return true;
  }
  void check_goes_on(const std::string& job) const {
    const Ended resumed = here.run({"resume", job, "--progress", "none"});
    CHECK_MESSAGE(resumed.exit_code == 1, resumed.err);
    CHECK(end_state(here, job) == undisturbed);
  }
};

std::string go_on(const std::string& job) {
  return "the job is kept: once what is wrong is mended, go on with: weft resume " + job + "\n";
}

TEST_CASE("a crawl whose files may not grow any more goes on once they may") {
  FullDisk disk;
  if (!disk.begin()) return;
  for (int round = 0; round < 12; ++round) {
    const std::string job = fmt::format("job{}", round);
    // At 0 a sanitizer would not even start.
    const std::uint64_t kib = 1 + (round == 0 ? 0 : disk.chance.up_to(round < 4 ? 48 : 500));
    CAPTURE(disk.chance.seed());
    CAPTURE(kib);
    const Ended full = disk.run_limited(kib, disk.crawl(job));
    INFO(full.err);
    CHECK(full.exit_code == 3);
    CHECK(says(full, fmt::format("cannot write to '{}/job.db': File too large", job)));
    // What could not even start leaves nothing.
    CHECK(says(full, go_on(job)) == fs::exists(disk.here.path(job)));
    if (fs::exists(disk.here.path(job))) disk.check_goes_on(job);
  }
}

TEST_CASE("records that may not grow any more are whole lines, and go on once they may") {
  FullDisk disk;
  if (!disk.begin()) return;
  std::vector<std::string> words = disk.crawl("job");
  words.insert(words.end(), {"--max-pages", "200"});
  disk.here.run(words);
  // job.db-wal begins anew, pages.jsonl does not.
  const std::uint64_t kib = size_of(disk.here.path("job/pages.jsonl")) / 1024 + 2;
  const Ended full = disk.run_limited(kib, {"resume", "job", "--max-pages", "0"});
  INFO(full.err);
  CHECK(full.exit_code == 3);
  CHECK(says(full, "cannot write to 'job/pages.jsonl': File too large"));
  CHECK(says(full, go_on("job")));
  CHECK(Records(disk.here.read("job/pages.jsonl")).all().size() > 200);
  disk.check_goes_on("job");
}

TEST_CASE("a log that cannot be written stops nothing, and is told of once") {
  FullDisk disk;
  if (!disk.begin()) return;
  std::vector<std::string> words = disk.crawl("job");
  words.insert(words.end(), {"--log-file", "/dev/full", "--log-level", "debug"});
  const Ended ended = disk.here.run(words);
  CHECK(ended.exit_code == 1);
  const std::string told = "weft: the log is incomplete: ";
  CHECK(says(ended, told));
  CHECK(ended.err.find(told) == ended.err.rfind(told));
  CHECK(says(ended, "No space left on device"));
  CHECK_FALSE(says(ended, "LOG ERROR"));
  CHECK(end_state(disk.here) == disk.undisturbed);
}

// $1 bytes of space, $2 where, $3 URL, $4 where the job is wanted in the end, $5 the program.
// In a namespace of its own, with which the file system goes. Says the exit codes.
constexpr const char* kFill = R"(
mount -t tmpfs -o size="$1" none "$2" || exit 99
"$5" crawl "$3" -o "$2/job" -j 16 --progress none; echo "filled $?"
[ -e "$2/job" ] || { echo nothing; exit 0; }
"$5" resume "$2/job" --progress none; echo "again $?"
mount -o remount,size=100m "$2" || exit 99
"$5" resume "$2/job" --progress none; echo "resumed $?"
cp -r "$2/job" "$4"
)";

TEST_CASE("a crawl that fills its file system goes on once there is room") {
  if (!may_mount()) return;
  FullDisk disk;
  if (!disk.begin()) return;
  fs::create_directory(disk.here.path("small"));
  // From what does not hold an empty job to what holds nearly all of it.
  for (const int kib : {64, 256, 512, 768, 1024}) {
    CAPTURE(kib);
    const std::string job = fmt::format("job{}", kib);
    const Ended ended =
        run({.words = {"unshare", "-m", "bash", "-c", kFill, "bash", fmt::format("{}k", kib),
                       disk.here.path("small"), disk.nginx->url("/0.html"), disk.here.path(job),
                       WEFT_PROGRAM}});
    INFO(ended.err);
    CHECK(says(ended, "No space left on device"));
    if (kib == 64) {
      CHECK(ended.out == "filled 3\nnothing\n");
      continue;
    }
    CHECK(ended.out == "filled 3\nagain 3\nresumed 1\n");
    CHECK(says(ended, "go on with: weft resume "));
    CHECK(end_state(disk.here, job) == disk.undisturbed);
  }
}

}  // namespace
}  // namespace weft::test
