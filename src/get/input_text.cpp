#include "get/input_text.hpp"

#include <algorithm>
#include <cstring>
#include <span>
#include <utility>

#include "weft/get/input.hpp"

namespace weft::get {

namespace {

constexpr std::size_t kPiece = 128 * 1024;
constexpr std::size_t kShownOfLong = 256;

}  // namespace

void InputText::make_room() {
  if (begin_ > 0) {
    std::copy(buffer_.begin() + begin_, buffer_.begin() + end_, buffer_.begin());
    end_ -= begin_;
    begin_ = 0;
  }
  if (buffer_.size() - end_ < kPiece) buffer_.resize(end_ + kPiece);
}

// Reads more; false at the end.
Result<bool> InputText::fill() {
  if (buffer_.size() - end_ < kPiece) make_room();
  const auto got = bytes_->read(std::span(buffer_).subspan(end_));
  if (!got) return tl::unexpected(got.error());
  end_ += *got;
  return *got > 0;
}

Line InputText::hand_out(std::string_view text, bool too_long) {
  if (text.ends_with('\r')) text.remove_suffix(1);
  last_ = {text, ++number_, too_long};
  return last_;
}

Result<std::optional<Line>> InputText::next_line() {
  if (std::exchange(again_, false)) return last_;
  std::size_t looked = 0;  // of what is not yet taken, for the line's end
  while (true) {
    const char* const line = buffer_.data() + begin_;
    const std::size_t held = end_ - begin_;
    if (held > looked) {
      const void* const found = std::memchr(line + looked, '\n', held - looked);
      if (found != nullptr) {
        const auto size = static_cast<std::size_t>(static_cast<const char*>(found) - line);
        begin_ += size + 1;
        return hand_out({line, size}, size > kLongestEntry);
      }
    }
    looked = held;
    if (held > kLongestEntry) return long_line();
    const auto more = fill();
    if (!more) return tl::unexpected(more.error());
    if (*more) continue;
    if (held == 0 || stopped()) return std::nullopt;
    begin_ = end_;
    return hand_out({buffer_.data() + end_ - held, held}, false);
  }
}

// Passes over the rest of it.
Result<std::optional<Line>> InputText::long_line() {
  long_.assign(buffer_.data() + begin_, kShownOfLong);
  while (true) {
    begin_ = end_ = 0;
    const auto more = fill();
    if (!more) return tl::unexpected(more.error());
    if (stopped()) return std::nullopt;
    const auto end = buffer_.begin() + end_;
    const auto found = std::find(buffer_.begin(), end, '\n');
    if (*more && found == end) continue;
    begin_ = static_cast<std::size_t>(found - buffer_.begin()) + (found == end ? 0 : 1);
    return hand_out(long_, true);
  }
}

Result<std::string_view> InputText::peek(std::size_t at_least) {
  while (end_ - begin_ < at_least) {
    const auto more = fill();
    if (!more) return tl::unexpected(more.error());
    if (!*more) break;
  }
  return std::string_view(buffer_.data() + begin_, end_ - begin_);
}

void InputText::drop(std::size_t size) {
  const auto first = buffer_.begin() + begin_;
  number_ += static_cast<std::uint64_t>(std::count(first, first + size, '\n'));
  begin_ += size;
}

bool InputText::ready(std::chrono::milliseconds patience) {
  const std::string_view held(buffer_.data() + begin_, end_ - begin_);
  return again_ || held.find('\n') != held.npos || bytes_->ready(patience);
}

}  // namespace weft::get
