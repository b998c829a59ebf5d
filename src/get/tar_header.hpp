// What stands before and after a file's bytes in a tar archive (POSIX.1-2017, pax, "ustar
// Interchange Format" and "pax Interchange Format").
//
// Threads: may be called from any thread.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace weft::get {

inline constexpr std::size_t kTarBlock = 512;  // all that an archive has is so many, or a multiple

struct TarEntry {
  std::string_view name;  // parts separated by '/', UTF-8
  std::uint64_t size = 0;
  std::chrono::seconds modified{};  // since 1970
};

// One block; where the name is longer than 100 bytes or more than ASCII, or the size 8 GiB or
// more, an extended header before it.
std::string tar_header(const TarEntry& entry);

// The zeros that fill the last block of so many bytes.
constexpr std::size_t tar_padding(std::uint64_t size) {
  return static_cast<std::size_t>((kTarBlock - size % kTarBlock) % kTarBlock);
}

// The end of an archive: two blocks of zeros.
inline constexpr std::size_t kTarEnd = 2 * kTarBlock;

}  // namespace weft::get
