#include "get/plain_outlets.hpp"

#include <poll.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

#include "weft/store/jsonl.hpp"

namespace weft::get {

class Stream::Streamed final : public Outlet {
 public:
  explicit Streamed(Stream& stream) : stream_(stream) {}

  bool is_random() const override { return false; }
  OutletResult<void> reserve(std::uint64_t) override { return {}; }
  OutletResult<void> write(std::uint64_t offset, std::string_view bytes) override;
  OutletResult<std::size_t> read(std::uint64_t, std::span<char>) const override { return 0; }
  OutletResult<void> sync() override { return {}; }
  OutletResult<Kept> keep(const std::string&, std::uint64_t, Folder::Replace) override {
    return Kept::kept;
  }
  void drop() override {}

 private:
  Stream& stream_;
};

OutletResult<std::unique_ptr<Outlet>> Stream::open() {
  if (!is_written_) return std::make_unique<Streamed>(*this);
  return tl::unexpected(
      OutletFailure{.of = OutletFailure::Of::file,
                    .message = "the file has to begin anew, but what was written of it to the "
                               "output cannot be taken back. Ask for it again."});
}

OutletResult<void> Stream::Streamed::write(std::uint64_t, std::string_view bytes) {
  stream_.is_written_ = true;
  while (!bytes.empty()) {
    const ssize_t written = ::write(stream_.fd_, bytes.data(), bytes.size());
    if (written >= 0) {
      bytes.remove_prefix(static_cast<std::size_t>(written));
      continue;
    }
    if (errno == EINTR) continue;
    if (errno == EAGAIN) {
      pollfd ready{.fd = stream_.fd_, .events = POLLOUT, .revents = 0};
      ::poll(&ready, 1, -1);
      continue;
    }
    const std::string why = errno == EPIPE ? std::string(kBrokenPipe)
                                           : fmt::format("cannot write to the output: {}",
                                                         std::generic_category().message(errno));
    return tl::unexpected(OutletFailure{.of = OutletFailure::Of::run, .message = why});
  }
  return {};
}

}  // namespace weft::get
