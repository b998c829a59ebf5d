// One input as text: line by line, or as it comes, in bounded memory.
//
// Threads: one at a time, but for stop().
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "get/input_bytes.hpp"
#include "weft/base/result.hpp"

namespace weft::get {

struct Line {
  std::string_view text;     // without its end: LF or CRLF
  std::uint64_t number = 0;  // 1-based
  bool too_long = false;     // over kLongestEntry: `text` is its beginning
};

class InputText {
 public:
  explicit InputText(std::unique_ptr<InputBytes> bytes) : bytes_(std::move(bytes)) {}

  // The next line, valid until the next call; nothing at the end and once stopped. A line that
  // a broken input was cut in is not handed out.
  Result<std::optional<Line>> next_line();
  void unread() { again_ = true; }  // next_line() returns the last line once more

  // What has been read and not yet taken, from line_number() on; never empty but at the end.
  // REQUIRES, as drop() does: no line is unread.
  Result<std::string_view> peek(std::size_t at_least = 1);
  void drop(std::size_t size);  // REQUIRES: that much was peeked
  std::uint64_t line_number() const { return number_ + 1; }

  // Would next_line() return within `patience`?
  bool ready(std::chrono::milliseconds patience);

  bool is_file() const { return bytes_->is_file(); }
  bool stopped() const { return bytes_->stopped(); }
  void stop() { bytes_->stop(); }

 private:
  Result<bool> fill();
  Result<std::optional<Line>> long_line();
  Line hand_out(std::string_view text, bool too_long);
  void make_room();

  const std::unique_ptr<InputBytes> bytes_;
  std::vector<char> buffer_;
  std::size_t begin_ = 0;  // of what is not yet taken
  std::size_t end_ = 0;
  std::uint64_t number_ = 0;  // lines taken
  Line last_;
  bool again_ = false;
  std::string long_;  // the beginning of a line that is too long
};

}  // namespace weft::get
