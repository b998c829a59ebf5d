#include "get/input_bytes.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <system_error>
#include <utility>

namespace weft::get {

namespace {

tl::unexpected<Error> reason(int error) {
  return fail("{}", std::generic_category().message(error));
}

}  // namespace

Result<std::unique_ptr<InputBytes>> InputBytes::open(const std::string& path) {
  const bool is_stdin = path == "-";
  // Without O_NONBLOCK a named pipe that nobody writes to would hold us here, deaf to stop().
  Fd opened(is_stdin ? -1 : ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (!is_stdin && opened.get() < 0) return reason(errno);
  const int fd = is_stdin ? STDIN_FILENO : opened.get();
  struct stat status {};
  if (::fstat(fd, &status) != 0) return reason(errno);
  if (S_ISDIR(status.st_mode)) return fail("it is a directory");
  return std::unique_ptr<InputBytes>(
      new InputBytes(std::move(opened), fd, S_ISREG(status.st_mode)));
}

InputBytes::InputBytes(Fd opened, int fd, bool is_file)
    : opened_(std::move(opened)),
      fd_(fd),
      is_file_(is_file),
      wake_(eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)) {
  if (wake_.get() < 0) throw std::system_error(errno, std::generic_category(), "eventfd");
}

void InputBytes::stop() {
  stopped_.store(true, std::memory_order_relaxed);
  const std::uint64_t one = 1;
  // Fails only where the counter is full, and then it is readable already.
  [[maybe_unused]] const auto written = ::write(wake_.get(), &one, sizeof one);
}

bool InputBytes::wait(std::optional<std::chrono::milliseconds> patience) {
  if (stopped()) return false;
  if (is_file_) return true;
  pollfd polled[] = {{fd_, POLLIN, 0}, {wake_.get(), POLLIN, 0}};
  const int timeout = patience ? static_cast<int>(patience->count()) : -1;
  int ready = 0;
  do {
    ready = ::poll(polled, 2, timeout);
  } while (ready < 0 && errno == EINTR);
  return ready != 0 && !stopped();
}

bool InputBytes::ready(std::chrono::milliseconds patience) {
  return !pending_.empty() || wait(patience);
}

Result<std::size_t> InputBytes::read_raw(std::span<char> out) {
  while (wait(std::nullopt)) {
    const auto got = ::read(fd_, out.data(), out.size());
    if (got >= 0) return static_cast<std::size_t>(got);
    if (errno != EINTR && errno != EAGAIN) return reason(errno);
  }
  return 0;
}

// Reads on until it is certain whether the input begins as gzip does.
Result<void> InputBytes::look_for_gzip() {
  while (pending_.size() < kGzipMagic.size() && kGzipMagic.starts_with(pending_)) {
    const auto got = read_raw(std::span(raw_).subspan(pending_.size()));
    if (!got) return tl::unexpected(got.error());
    if (*got == 0) break;
    pending_ = std::string_view(raw_.data(), pending_.size() + *got);
  }
  looked_ = true;
  if (pending_.starts_with(kGzipMagic)) gunzip_ = std::make_unique<Gunzip>();
  return {};
}

Result<std::size_t> InputBytes::read_gzip(std::span<char> out) {
  while (true) {
    if (const std::size_t undone = gunzip_->undo(pending_, out); undone > 0) return undone;
    if (gunzip_->damaged()) return fail("its gzip data is damaged");
    if (!pending_.empty()) return 0;  // what follows the last member
    const auto got = read_raw(raw_);
    if (!got) return tl::unexpected(got.error());
    if (*got == 0 && !stopped() && !gunzip_->complete()) {
      return fail("its gzip data ends too early: it was not written or copied whole");
    }
    if (*got == 0) return 0;
    pending_ = std::string_view(raw_.data(), *got);
  }
}

Result<std::size_t> InputBytes::read(std::span<char> out) {
  if (!looked_) {
    if (auto looked = look_for_gzip(); !looked) return tl::unexpected(looked.error());
  }
  if (gunzip_) return read_gzip(out);
  if (pending_.empty()) return read_raw(out);
  const std::size_t size = std::min(out.size(), pending_.size());
  std::copy_n(pending_.data(), size, out.data());
  pending_.remove_prefix(size);
  return size;
}

}  // namespace weft::get
