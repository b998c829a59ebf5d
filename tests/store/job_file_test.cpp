// Files that are no job, places where none can be kept: each is told by name and left as it was.
#include <doctest/doctest.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>

#include "support/jobs.hpp"
#include "support/temp_dir.hpp"

namespace weft {
namespace {

namespace fs = std::filesystem;
using test::admitted;
using test::ask;
using test::contents;
using test::must;
using test::Rows;
using test::settled;
using test::TempDir;
using test::write_file;

std::string job_file(const TempDir& dir) { return dir / "job.db"; }

// A job of so many URLs, closed.
void make_job(const TempDir& dir, std::uint64_t urls = 500) {
  auto job = must(JobDb::create(dir.path()));
  for (std::uint64_t id = 0; id < urls; ++id) must(job->write({.admitted = {admitted(id)}}));
  must(job->commit());
}

std::string refusal_to_open(const TempDir& dir) {
  const auto job = JobDb::open(dir.path());
  return job ? "" : job.error().message;
}

// Changes bytes of the file in place.
void patch(const std::string& path, std::size_t at, std::string_view bytes) {
  std::string text = contents(path);
  text.replace(at, bytes.size(), bytes);
  write_file(path, text);
}

const std::string kDamaged =
    " Nothing was changed. Put a copy of it in its place, or start afresh in another directory.";

TEST_CASE("a directory without a job says so, and stays without one") {
  const TempDir dir;
  CHECK(refusal_to_open(dir) == "there is no job: no file '" + job_file(dir) +
                                    "'. Give the directory of a job, or start one.");
  CHECK(fs::is_empty(dir.path()));
}

TEST_CASE("a job is its owner's alone to read, with all its files") {
  const TempDir dir;
  auto job = must(JobDb::create(dir.path()));
  must(job->write({.admitted = {admitted(0)}}));
  must(job->commit());
  for (const char* suffix : {"", "-wal", "-shm"}) {
    CHECK(fs::status(job_file(dir) + suffix).permissions() ==
          (fs::perms::owner_read | fs::perms::owner_write));
  }
}

TEST_CASE("a job is not created over another") {
  const TempDir dir;
  make_job(dir, 3);
  const auto job = JobDb::create(dir.path());
  REQUIRE_FALSE(job);
  CHECK(job.error().message ==
        "cannot create '" + job_file(dir) +
            "': it exists. Go on with weft resume, or choose another place.");
  CHECK(must(must(JobDb::open(dir.path()))->next_id()) == 3);
}

TEST_CASE("a job is not created where there is no directory") {
  const TempDir dir;
  const auto job = JobDb::create(dir / "missing");
  REQUIRE_FALSE(job);
  CHECK(job.error().message == "cannot create '" + dir.path() +
                                   "/missing/job.db': No such file or directory. Choose another "
                                   "place.");
}

TEST_CASE("a file that is no database of ours is left as it was") {
  const TempDir dir;
  make_job(dir);
  const std::string good = contents(job_file(dir));
  struct Case {
    std::string text;
    std::string why;
  };
  std::string foreign = good;
  foreign.replace(68, 4, std::string(4, '\0'));
  const Case cases[] = {
      {"", "it is empty."},
      {"<html>", "it is not a SQLite database."},
      {std::string(4096, '\0') + good.substr(4096), "it is not a SQLite database."},
      {good.substr(0, good.size() - 4096), "its end is missing."},
      {good.substr(0, 5000), "its end is missing."},
      {good.substr(0, 90), "its end is missing."},
  };
  for (const Case& bad : cases) {
    write_file(job_file(dir), bad.text);
    CHECK(refusal_to_open(dir) == "'" + job_file(dir) + "' is damaged: " + bad.why + kDamaged);
    CHECK(contents(job_file(dir)) == bad.text);
  }
  write_file(job_file(dir), foreign);
  CHECK(refusal_to_open(dir) == "'" + job_file(dir) +
                                    "' is a database, but not one of weft's. Give the directory "
                                    "of a job, or start afresh in another one.");
  CHECK(contents(job_file(dir)) == foreign);
}

TEST_CASE("a damaged page is told when it is read, and nothing is written over it") {
  const TempDir dir;
  make_job(dir);
  // Every page but the first.
  patch(job_file(dir), 4096, std::string(contents(job_file(dir)).size() - 4096, '\x55'));
  const std::string damaged = contents(job_file(dir));
  CHECK(refusal_to_open(dir) ==
        "'" + job_file(dir) + "' is damaged: database disk image is malformed." + kDamaged);
  CHECK(contents(job_file(dir)) == damaged);
}

TEST_CASE("a job of a newer format is refused by name and left as it was") {
  const TempDir dir;
  make_job(dir);
  patch(job_file(dir), 60, std::string("\0\0\0\4", 4));
  const std::string newer = contents(job_file(dir));
  CHECK(refusal_to_open(dir) ==
        "cannot open the job '" + dir.path() +
            "': it was written by format 4, this program reads format 3. Use the program that "
            "wrote it, or start afresh in another directory.");
  CHECK(contents(job_file(dir)) == newer);
}

// As a user without rights: root may write anywhere.
class Nobody {
 public:
  Nobody() {
    if (was_root_) static_cast<void>(!::seteuid(65534));
  }
  Nobody(const Nobody&) = delete;
  Nobody& operator=(const Nobody&) = delete;
  ~Nobody() {
    if (was_root_) static_cast<void>(!::seteuid(0));
  }

 private:
  const bool was_root_ = ::geteuid() == 0;
};

TEST_CASE("a directory that may only be read holds no new job, and its old one is left alone") {
  const TempDir dir;
  ::chmod(dir.path().c_str(), 0555);
  {
    const Nobody nobody;
    const auto job = JobDb::create(dir.path());
    REQUIRE_FALSE(job);
    CHECK(job.error().message ==
          "cannot create '" + job_file(dir) + "': Permission denied. Choose another place.");
  }
  ::chmod(dir.path().c_str(), 0755);
  make_job(dir);
  ::chmod(dir.path().c_str(), 0555);
  ::chmod(job_file(dir).c_str(), 0444);
  const std::string before = contents(job_file(dir));
  {
    const Nobody nobody;
    CHECK(refusal_to_open(dir) == "cannot write to '" + job_file(dir) +
                                      "': no permission for it or for its directory. Get "
                                      "permission, or copy the job to a place of your own.");
  }
  ::chmod(job_file(dir).c_str(), 0666);  // its directory still may not
  {
    const Nobody nobody;
    CHECK_FALSE(refusal_to_open(dir).empty());
  }
  CHECK(contents(job_file(dir)) == before);
  ::chmod(dir.path().c_str(), 0755);
}

// Files of this process may grow to `bytes` while it lives: a write past that fails.
class FileSizeLimit {
 public:
  explicit FileSizeLimit(rlim_t bytes) : handler_(std::signal(SIGXFSZ, SIG_IGN)) {
    ::getrlimit(RLIMIT_FSIZE, &before_);
    const rlimit limit{bytes, before_.rlim_max};
    ::setrlimit(RLIMIT_FSIZE, &limit);
  }
  FileSizeLimit(const FileSizeLimit&) = delete;
  FileSizeLimit& operator=(const FileSizeLimit&) = delete;
  ~FileSizeLimit() {
    ::setrlimit(RLIMIT_FSIZE, &before_);
    std::signal(SIGXFSZ, handler_);
  }

 private:
  rlimit before_{};
  void (*handler_)(int);
};

TEST_CASE("a write that fails takes back its transaction, and says so ever after") {
  const TempDir dir;
  std::uint64_t committed = 0;
  {
    auto job = must(JobDb::create(dir.path()));
    const FileSizeLimit limit(1 << 20);
    Result<void> done;
    while (done) {
      std::uint64_t id = committed;
      for (int i = 0; i < 100 && done; ++i) {
        done = job->write({.record = settled(id), .admitted = {admitted(id)}});
        ++id;
      }
      if (done) done = job->commit();
      if (done) committed = id;
    }
    const std::string message = "cannot write to '" + job_file(dir) +
                                "': File too large. Make room there, or choose another place.";
    CHECK(done.error().message == message);
    CHECK(job->write({.admitted = {admitted(0)}}).error().message == message);
    CHECK(job->commit().error().message == message);
    CHECK(job->put_meta("a", "b").error().message == message);
    CHECK(job->take_back_past(0).error().message == message);
  }
  REQUIRE(committed > 0);
  auto job = must(JobDb::open(dir.path()));  // there is room again
  CHECK(must(job->next_id()) == committed);
  CHECK(ask(dir.path(), "SELECT count(*) FROM fetch") == Rows{std::to_string(committed)});
  CHECK(ask(dir.path(), "PRAGMA integrity_check") == Rows{"ok"});
  must(job->write({.admitted = {admitted(committed)}}));
  must(job->commit());
}

TEST_CASE("a job that finds no room when it is created leaves nothing") {
  const TempDir dir;
  {
    const FileSizeLimit limit(2000);
    const auto job = JobDb::create(dir.path());
    REQUIRE_FALSE(job);
    CHECK(job.error().message.starts_with("cannot write to '" + job_file(dir) + "'"));
  }
  CHECK(fs::is_empty(dir.path()));
}

TEST_CASE("a user may ask the database while it is written, and sees whole commits") {
  const TempDir dir;
  auto job = must(JobDb::create(dir.path()));
  sqlite3* reader = nullptr;
  REQUIRE(sqlite3_open_v2(job_file(dir).c_str(), &reader, SQLITE_OPEN_READWRITE, nullptr) ==
          SQLITE_OK);
  sqlite3_exec(reader, "PRAGMA query_only = 1; BEGIN; SELECT * FROM url", nullptr, nullptr,
               nullptr);
  for (std::uint64_t id = 0; id < 20; ++id) {
    must(job->write({.record = settled(id), .admitted = {admitted(id)}}));
    must(job->commit());
    must(job->write({.admitted = {admitted(100)}}));  // not committed
    CHECK(ask(dir.path(), "SELECT count(*), max(id) FROM url WHERE state = 'settled'") ==
          Rows{std::to_string(id + 1) + "|" + std::to_string(id)});
  }
  sqlite3_exec(reader, "COMMIT", nullptr, nullptr, nullptr);
  sqlite3_close(reader);
}

}  // namespace
}  // namespace weft
