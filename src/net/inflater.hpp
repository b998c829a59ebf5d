// zlib's three wrappers undone as a stream.
//
// Threads: none of its own.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>

struct z_stream_s;

namespace weft {

enum class Wrapper : std::uint8_t { gzip, zlib, raw };

// gzip's members follow each other as one stream (RFC 1952 §2.2). What follows the last one
// is padding or rubbish and takes nothing from what was read.
class Inflater {
 public:
  explicit Inflater(Wrapper wrapper);

  // Takes bytes off the front of `in` and writes to `out`; returns how many were written. Fewer
  // than `out` holds: `in` is used up, or there will be no more.
  std::size_t step(std::string_view& in, std::span<char> out);

  bool damaged() const { return state_ == State::damaged; }
  // Nothing is missing if the input ends here.
  bool complete() const { return state_ == State::between || state_ == State::ended; }

 private:
  enum class State : std::uint8_t { inside, between, ended, damaged };
  struct InflateEnd {
    void operator()(z_stream_s* stream) const noexcept;
  };

  std::size_t inflate_some(std::string_view& in, std::span<char> out);
  void look_for_member(std::string_view& in);

  std::unique_ptr<z_stream_s, InflateEnd> stream_;
  const Wrapper wrapper_;
  State state_ = State::inside;
  std::size_t magic_seen_ = 0;  // bytes of another member's beginning, while between
};

}  // namespace weft
