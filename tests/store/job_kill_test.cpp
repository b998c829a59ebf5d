// Writers killed at any moment, and the power cut: what opens afterwards is whole.
#include <doctest/doctest.h>
#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <filesystem>
#include <random>

#include "support/jobs.hpp"
#include "support/temp_dir.hpp"

namespace weft {
namespace {

namespace fs = std::filesystem;
using test::admitted;
using test::ask;
using test::must;
using test::Rows;
using test::settled;
using test::TempDir;

constexpr std::uint64_t kLinks = 5;
constexpr std::uint64_t kLine = 100;

// Settles one queued URL after the other, each with kLinks new ones and a line of kLine
// bytes, and commits every few; tells the pipe of each commit with a text. Until it is killed.
[[noreturn]] void write_for_ever(const std::string& directory, int told, const std::string& text) {
  auto job = must(JobDb::open(directory));
  std::uint64_t next = must(job->next_id());
  std::uint64_t end = must(job->output_end());
  std::uint64_t settled_next = test::queued(*job).at(0);  // the rest waits behind it
  while (true) {
    for (int i = 0; i < 7 && settled_next < next; ++i) {
      const std::uint64_t id = settled_next++;
      JournalEntry entry{.record = settled(id)};
      for (std::uint64_t link = 0; link < kLinks; ++link)
        entry.admitted.push_back(admitted(next++));
      entry.refused.push_back({.url = "http://o.example/", .rule = "scope", .via = id});
      job->set_output_end(directory + "/pages.jsonl", end += kLine);
      must(job->write(entry));
    }
    must(job->commit());
    if (::write(told, text.data(), text.size()) != static_cast<ssize_t>(text.size())) ::_exit(1);
  }
}

// A writer in a process of its own; killed, and waited for, in the end.
class Writer {
 public:
  enum class Pace : std::uint8_t { free, in_step };

  // In step, it is never more than two commits ahead of who waits for them: as many texts as
  // the pipe holds.
  explicit Writer(const std::string& directory, Pace pace = Pace::free)
      : text_(pace == Pace::in_step ? 4096 : 1, 'c') {
    REQUIRE(::pipe(told_) == 0);
    if (pace == Pace::in_step) REQUIRE(::fcntl(told_[0], F_SETPIPE_SZ, 4096) == 4096);
    child_ = ::fork();
    if (child_ == 0) write_for_ever(directory, told_[1], text_);
    ::close(told_[1]);
  }
  Writer(const Writer&) = delete;
  Writer& operator=(const Writer&) = delete;
  ~Writer() {
    ::kill(child_, SIGKILL);
    ::waitpid(child_, nullptr, 0);
    ::close(told_[0]);
  }

  // Waits for so many commits.
  void wait_for(int commits) {
    std::string text = text_;
    for (auto left = static_cast<ssize_t>(text.size()) * commits; left > 0;) {
      const auto most = std::min(text.size(), static_cast<std::size_t>(left));
      const ssize_t got = ::read(told_[0], text.data(), most);
      REQUIRE(got > 0);
      left -= got;
    }
  }

 private:
  const std::string text_;
  int told_[2] = {-1, -1};
  pid_t child_ = -1;
};

void start_job(const TempDir& dir) {
  auto job = must(JobDb::create(dir.path()));
  must(job->write({.admitted = {admitted(0)}}));
  must(job->commit());
}

// Every entry whole: the records, their URLs' states, what was found on them, their lines.
std::uint64_t check_whole(const std::string& directory) {
  auto job = must(JobDb::open(directory));
  const std::uint64_t records = must(job->output_end()) / kLine;
  const std::string count = std::to_string(records);
  CHECK(
      ask(directory, "SELECT count(*), max(output_end), count(DISTINCT output_end) FROM fetch") ==
      Rows{count + "|" + (records == 0 ? "null" : std::to_string(records * kLine)) + "|" + count});
  CHECK(must(job->next_id()) == 1 + kLinks * records);
  CHECK(ask(directory,
            "SELECT count(*) FROM url JOIN fetch ON url_id = id WHERE state = 'settled'") ==
        Rows{count});
  CHECK(ask(directory, "SELECT count(*) FROM url WHERE state = 'settled'") == Rows{count});
  CHECK(ask(directory, "SELECT count(DISTINCT via_id) FROM url WHERE state = 'refused'") ==
        Rows{count});
  CHECK(test::queued(*job).size() == 1 + kLinks * records - records);
  CHECK(ask(directory, "PRAGMA integrity_check") == Rows{"ok"});
  return records;
}

TEST_CASE("a writer killed at any moment leaves every committed entry whole") {
  const TempDir dir;
  start_job(dir);
  std::mt19937 random(7);
  std::uint64_t before = 0;
  for (int kill = 0; kill < 20; ++kill) {
    {
      Writer writer(dir.path());
      writer.wait_for(1 + static_cast<int>(random() % 40));
      // It writes on: killed wherever it is after a moment of no fixed length.
      for (volatile unsigned i = 0; i < random() % 400'000;) i = i + 1;
    }
    const std::uint64_t records = check_whole(dir.path());
    CHECK(records > before);  // what was committed before stays
    before = records;
  }
}

// The file as a power cut may leave it: what was written after some moment is missing.
TEST_CASE("database and WAL copied while they are written open as some commit left them") {
  const TempDir dir;
  start_job(dir);
  std::mt19937 random(11);
  Writer writer(dir.path(), Writer::Pace::in_step);
  for (int copy = 0; copy < 20; ++copy) {
    writer.wait_for(1 + static_cast<int>(random() % 12));
    const TempDir copied;
    // 260 commits are far below a checkpoint: the database itself does not change between.
    fs::copy(dir / "job.db", copied / "job.db");
    fs::copy(dir / "job.db-wal", copied / "job.db-wal");
    const auto wal = fs::file_size(copied / "job.db-wal");
    if (copy % 2 == 1) fs::resize_file(copied / "job.db-wal", random() % (wal + 1));
    check_whole(copied.path());
  }
}

}  // namespace
}  // namespace weft
