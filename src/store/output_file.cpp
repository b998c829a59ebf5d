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

// Bytes of an ordinary file; nothing where `fd` is another thing, or one the shell opened,
// whose beginning is not ours.
std::optional<std::uint64_t> size_of(const std::string& path, int fd) {
  const bool is_opened_by_others =
      path == "-" || path == "/dev/stdout" || path == "/dev/stderr" || path.starts_with("/dev/fd/");
  struct stat info {};
  if (is_opened_by_others || ::fstat(fd, &info) != 0 || !S_ISREG(info.st_mode)) {
    return std::nullopt;
  }
  return static_cast<std::uint64_t>(info.st_size);
}

}  // namespace

Result<OutputFile> OutputFile::open(const std::string& path, OpenMode mode) {
  const bool to_stdout = path == "-";
  const int fd = to_stdout
                     ? ::fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 0)
                     : ::open(path.c_str(), O_WRONLY | O_APPEND | O_CLOEXEC | flags_of(mode), 0666);
  if (fd >= 0) return OutputFile(fd, to_stdout ? "standard output" : path, size_of(path, fd));
  const int error = errno;
  if (error == EEXIST) {
    return fail("cannot create '{}': it exists. Move it away, or choose another name.", path);
  }
  return fail(
      "cannot open '{}' for writing: {}. Create the directory, get permission, or "
      "choose another place.",
      path, reason(error));
}

Result<OutputFile> OutputFile::reopen(const std::string& path, std::uint64_t end) {
  if (end > 0 && path != "-" && ::access(path.c_str(), F_OK) != 0 && errno == ENOENT) {
    return fail(
        "cannot go on with '{}': it is missing, and the job has written {} bytes to it. "
        "Put it back, or start afresh in another directory.",
        path, end);
  }
  auto file = open(path, OpenMode::append);
  if (!file || !file->size_) return file;
  if (*file->size_ < end) {
    return fail(
        "cannot go on with '{}': it has {} bytes, and the job has written {} to it. Put it "
        "back, or start afresh in another directory.",
        path, *file->size_, end);
  }
  if (*file->size_ > end && ::ftruncate(file->fd_, static_cast<off_t>(end)) != 0) {
    return fail("cannot cut '{}' after {} bytes: {}. Get permission, or choose another place.",
                path, end, reason(errno));
  }
  file->size_ = end;
  return file;
}

OutputFile::OutputFile(OutputFile&& other) noexcept
    : fd_(std::exchange(other.fd_, -1)),
      name_(std::move(other.name_)),
      size_(other.size_),
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
  if (size_) *size_ += written;
  buffer_.clear();
  return {};
}

std::optional<OutputEnd> OutputFile::end() const {
  if (!size_) return std::nullopt;
  return OutputEnd{name_, *size_ + buffer_.size()};
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
