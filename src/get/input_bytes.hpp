// The bytes of one input: a file, a pipe or standard input, with gzip undone.
//
// Threads: one at a time, but for stop().
// Errors:  say why, without the input's name.
#pragma once

#include <array>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "weft/base/fd.hpp"
#include "weft/base/result.hpp"
#include "weft/net/gunzip.hpp"

namespace weft::get {

class InputBytes {
 public:
  // "-" is standard input, which is not closed.
  static Result<std::unique_ptr<InputBytes>> open(const std::string& path);

  // As many as there are now, waiting for at least one; 0 at the end and once stopped. Of a
  // gzip input that is cut or damaged what could be undone comes first, then the error.
  Result<std::size_t> read(std::span<char> out);

  // Would read() return within `patience`?
  bool ready(std::chrono::milliseconds patience);

  bool is_file() const { return is_file_; }  // an ordinary one: never waits, can be read again
  bool stopped() const { return stopped_.load(std::memory_order_relaxed); }
  void stop();  // from any thread

 private:
  InputBytes(Fd opened, int fd, bool is_file);

  bool wait(std::optional<std::chrono::milliseconds> patience);  // false: stopped, or too long
  Result<std::size_t> read_raw(std::span<char> out);
  Result<void> look_for_gzip();
  Result<std::size_t> read_gzip(std::span<char> out);

  const Fd opened_;  // none for standard input
  const int fd_;
  const bool is_file_;
  const Fd wake_;  // an eventfd: readable once stopped
  std::atomic<bool> stopped_ = false;

  bool looked_ = false;
  std::unique_ptr<Gunzip> gunzip_;  // where it is gzip
  std::array<char, 64 * 1024> raw_;
  std::string_view pending_;  // of raw_: read, not yet passed on
};

}  // namespace weft::get
