// Outlets that keep nothing to go back to: bytes that are only verified, and those that go to
// a stream as they come.
#pragma once

#include <atomic>

#include "get/outlet.hpp"

namespace weft::get {

class Discarded final : public Outlet {
 public:
  bool is_random() const override { return false; }
  OutletResult<void> reserve(std::uint64_t) override { return {}; }
  OutletResult<void> write(std::uint64_t, std::string_view) override { return {}; }
  OutletResult<std::size_t> read(std::uint64_t, std::span<char>) const override { return 0; }
  OutletResult<void> sync() override { return {}; }
  OutletResult<Kept> keep(const std::string&, std::uint64_t, Folder::Replace) override {
    return Kept::kept;
  }
  void drop() override {}
};

// A file descriptor that all that is written goes to, and that nothing is taken back from.
class Stream {
 public:
  explicit Stream(int fd) : fd_(fd) {}

  // Fails where bytes have been written: a file cannot begin anew in the midst of another.
  OutletResult<std::unique_ptr<Outlet>> open();

 private:
  class Streamed;

  const int fd_;
  std::atomic<bool> is_written_{false};
};

}  // namespace weft::get
