// Files that come by ftp or sftp, told in the words of HTTP: 200 with the file, 206 with the
// part of it that was asked for, 416 where the file ends before that part.
//
// Threads: pure.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>

#include "weft/net/http.hpp"

namespace weft {

struct AskedRange {
  std::uint64_t first = 0;
  std::optional<std::uint64_t> last{};  // inclusive; nothing: to the end
};

// What the Range header asks for: "bytes=N-" or "bytes=N-M". Nothing where there is none, or
// another form of it, which a server need not understand (RFC 9110 §14.2).
std::optional<AskedRange> asked_range(std::span<const Header> headers);

// As libcurl writes it: "N-" or "N-M".
std::string to_text(const AskedRange& range);

struct FileFacts {
  std::optional<AskedRange> range{};     // nothing: the whole file comes
  std::optional<std::uint64_t> left{};   // bytes that will come
  bool nothing_left = false;             // the file is not longer than range->first
  std::optional<std::uint64_t> total{};  // of the file, where nothing is left
  std::optional<Clock::wall_time> modified{};
};

// REQUIRES: `left` is known where there is a range and something left of it.
Response file_head(const FileFacts& facts);

}  // namespace weft
