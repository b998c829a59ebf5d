// gzip undone as a stream, in constant memory: for files that are read piece by piece. Bodies
// of responses are decode.hpp's.
//
// Threads: none of its own.
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string_view>

namespace weft {

class Inflater;

// RFC 1952 §2.3.1: what every member begins with; deflate is the one method there is.
inline constexpr std::string_view kGzipMagic = "\x1f\x8b\x08";

// Members that follow each other are one stream (RFC 1952 §2.2); what follows the last one is
// left alone.
class Gunzip {
 public:
  Gunzip();
  Gunzip(const Gunzip&) = delete;
  Gunzip& operator=(const Gunzip&) = delete;
  ~Gunzip();

  // Takes bytes off the front of `in` and writes to `out`; returns how many were written. Fewer
  // than `out` holds: `in` is used up, or there will be no more.
  std::size_t undo(std::string_view& in, std::span<char> out);

  bool damaged() const;   // there will be no more; what was written before stands
  bool complete() const;  // where the input ends and this is not so, it was cut
 private:
  const std::unique_ptr<Inflater> inflater_;
};

}  // namespace weft
