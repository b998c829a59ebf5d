#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <system_error>
#include <utility>

#include "weft/base/text.hpp"
#include "weft/store/job_db.hpp"

namespace weft {

namespace {

tl::unexpected<Error> cannot_lock(const std::string& path, int error) {
  return fail("cannot lock the job with '{}': {}. Get permission, or choose another place.", path,
              std::generic_category().message(error));
}

// Who holds the lock, as far as it has said so.
std::string holder(int fd) {
  std::array<char, 32> text{};
  const ssize_t got = ::pread(fd, text.data(), text.size(), 0);
  const std::string_view pid =
      trim(std::string_view(text.data(), got > 0 ? static_cast<std::size_t>(got) : 0));
  return pid.empty() ? "another process" : fmt::format("process {}", pid);
}

// The holder removes the file before it lets go: what has been locked may have no name by then.
bool is_still(int fd, const std::string& path) {
  struct stat locked {};
  struct stat named {};
  return ::fstat(fd, &locked) == 0 && ::stat(path.c_str(), &named) == 0 &&
         locked.st_ino == named.st_ino && locked.st_dev == named.st_dev;
}

}  // namespace

Result<JobLock> JobLock::take(const std::string& directory) {
  const std::string path = directory + "/.lock";
  while (true) {
    const int fd = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666);
    if (fd < 0) return cannot_lock(path, errno);
    JobLock lock(fd, path);
    if (::flock(fd, LOCK_EX | LOCK_NB) != 0) {
      const int error = errno;
      lock.path_.clear();
      if (error != EWOULDBLOCK) return cannot_lock(path, error);
      return fail("the job '{}' is being worked on by {}. Wait until it ends, or end it.",
                  directory, holder(fd));
    }
    if (!is_still(fd, path)) {
      lock.path_.clear();
      continue;
    }
    const std::string pid = std::to_string(::getpid()) + "\n";
    // Told to others alone: on a disk that is full the lock holds without, and what is to be
    // written next says so.
    [[maybe_unused]] const bool told =
        ::ftruncate(fd, 0) == 0 && ::pwrite(fd, pid.data(), pid.size(), 0) > 0;
    return lock;
  }
}

JobLock::JobLock(JobLock&& other) noexcept
    : fd_(std::exchange(other.fd_, -1)), path_(std::exchange(other.path_, {})) {}

JobLock::~JobLock() {
  if (!path_.empty()) ::unlink(path_.c_str());
  if (fd_ >= 0) ::close(fd_);
}

}  // namespace weft
