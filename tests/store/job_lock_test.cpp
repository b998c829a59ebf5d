#include <doctest/doctest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>

#include "support/jobs.hpp"
#include "support/temp_dir.hpp"

namespace weft {
namespace {

using test::must;
using test::TempDir;

std::string refusal(const TempDir& dir, int pid) {
  return "the job '" + dir.path() + "' is being worked on by process " + std::to_string(pid) +
         ". Wait until it ends, or end it.";
}

TEST_CASE("a job that is locked says who holds it, to its own process too") {
  const TempDir dir;
  const JobLock lock = must(JobLock::take(dir.path()));
  const auto second = JobLock::take(dir.path());
  REQUIRE_FALSE(second);
  CHECK(second.error().message == refusal(dir, ::getpid()));
  CHECK_FALSE(JobLock::take(dir.path()));  // the refused one has not let go of it
}

TEST_CASE("a lock let go leaves nothing behind and can be taken again") {
  const TempDir dir;
  {
    JobLock lock = must(JobLock::take(dir.path()));
    const JobLock moved = std::move(lock);
    CHECK_FALSE(JobLock::take(dir.path()));
  }
  CHECK(std::filesystem::is_empty(dir.path()));
  CHECK(JobLock::take(dir.path()));
}

TEST_CASE("another process is told the holder's id, and gets the lock of one that was killed") {
  const TempDir dir;
  int ready[2];
  REQUIRE(::pipe(ready) == 0);
  const pid_t child = ::fork();
  if (child == 0) {
    const auto lock = JobLock::take(dir.path());
    const char answer = lock ? 'y' : 'n';
    static_cast<void>(!::write(ready[1], &answer, 1));
    ::pause();
    ::_exit(0);
  }
  char answer = 0;
  REQUIRE(::read(ready[0], &answer, 1) == 1);
  REQUIRE(answer == 'y');
  const auto refused = JobLock::take(dir.path());
  REQUIRE_FALSE(refused);
  CHECK(refused.error().message == refusal(dir, child));
  ::kill(child, SIGKILL);
  ::waitpid(child, nullptr, 0);
  CHECK(JobLock::take(dir.path()));
  ::close(ready[0]);
  ::close(ready[1]);
}

TEST_CASE("a directory that cannot hold the lock is named") {
  const TempDir dir;
  const auto lock = JobLock::take(dir / "missing");
  REQUIRE_FALSE(lock);
  CHECK(lock.error().message ==
        "cannot lock the job with '" + dir.path() +
            "/missing/.lock': No such file or directory. Get permission, or choose another place.");
}

}  // namespace
}  // namespace weft
