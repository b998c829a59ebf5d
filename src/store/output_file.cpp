#include "store/output_file.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <string_view>
#include <system_error>
#include <utility>

namespace weft {

namespace {

constexpr std::size_t kEnough = 64 * 1024;

std::string reason(int error) { return std::generic_category().message(error); }

int flags_of(OpenMode mode) {
  switch (mode) {
    case OpenMode::create_new:
      return O_CREAT | O_EXCL;
    case OpenMode::append:
      return O_CREAT;
    case OpenMode::truncate:
      return O_CREAT | O_TRUNC;
  }
  return O_CREAT | O_EXCL;
}

// Writes all of `text`, or as much as can be: the number of bytes written, and errno
// where that is not all. Waits where standard output is a pipe in non-blocking mode.
std::pair<std::size_t, int> write_all(int fd, std::string_view text) {
  std::size_t done = 0;
  while (done < text.size()) {
    const ssize_t n = ::write(fd, text.data() + done, text.size() - done);
    if (n >= 0) {
      done += static_cast<std::size_t>(n);
    } else if (errno == EAGAIN) {
      pollfd writable{fd, POLLOUT, 0};
      ::poll(&writable, 1, -1);
    } else if (errno != EINTR) {
      return {done, errno};
    }
  }
  return {done, 0};
}

}  // namespace

Result<OutputFile> OutputFile::open(const std::string& path, OpenMode mode) {
  const bool to_stdout = path == "-";
  const int fd = to_stdout
                     ? ::fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 0)
                     : ::open(path.c_str(), O_WRONLY | O_APPEND | O_CLOEXEC | flags_of(mode), 0666);
  if (fd >= 0) return OutputFile(fd, to_stdout ? "standard output" : path);
  const int error = errno;
  if (error == EEXIST) {
    return fail("cannot create '{}': it exists. Move it away, or choose another name.", path);
  }
  return fail(
      "cannot open '{}' for writing: {}. Create the directory, get permission, or "
      "choose another place.",
      path, reason(error));
}

OutputFile::OutputFile(OutputFile&& other) noexcept
    : fd_(std::exchange(other.fd_, -1)),
      name_(std::move(other.name_)),
      buffer_(std::move(other.buffer_)),
      failure_(std::move(other.failure_)) {}

OutputFile::~OutputFile() {
  if (fd_ >= 0) ::close(fd_);
}

Result<void> OutputFile::end_line() {
  buffer_ += '\n';
  return buffer_.size() < kEnough ? Result<void>{} : flush();
}

Result<void> OutputFile::flush() {
  if (failure_) {
    buffer_.clear();
    return tl::unexpected(*failure_);
  }
  const auto [written, error] = write_all(fd_, buffer_);
  if (error != 0) {
    cut_torn_line(std::string_view(buffer_).substr(0, written));
    buffer_.clear();
    return refuse(error);
  }
  buffer_.clear();
  return {};
}

Result<void> OutputFile::close() {
  if (fd_ < 0) return {};
  Result<void> flushed = flush();
  const int fd = std::exchange(fd_, -1);
  // A network file system may report a full disk only here.
  if (::close(fd) != 0 && flushed) return refuse(errno);
  return flushed;
}

Result<void> OutputFile::refuse(int error) {
  if (error == EPIPE) {
    failure_ = Error{std::string(kBrokenPipe)};
  } else {
    const bool full = error == ENOSPC || error == EDQUOT;
    failure_ = Error{
        fmt::format("cannot write to '{}': {}. {}", name_, reason(error),
                    full ? "Make room there, or choose another place." : "Choose another place.")};
  }
  return tl::unexpected(*failure_);
}

void OutputFile::cut_torn_line(std::string_view written) const {
  struct stat info {};
  if (::fstat(fd_, &info) != 0 || !S_ISREG(info.st_mode)) return;
  const std::size_t newline = written.rfind('\n');
  const std::size_t whole = newline == std::string_view::npos ? 0 : newline + 1;
  const auto torn = static_cast<off_t>(written.size() - whole);
  // Best effort: the failure is reported either way.
  if (torn > 0) [[maybe_unused]]
    const int ignored = ::ftruncate(fd_, info.st_size - torn);
}

}  // namespace weft
