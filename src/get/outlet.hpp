// Where the bytes of one file go while it is being had, and once it is whole.
//
// Implementations: PartFile (part_file.hpp), Staged (tar_staged.hpp), Discarded, Streamed
// (plain_outlets.hpp).
//
// Threads: write(), read() and sync() may be called from any thread; the rest by one at a
//          time, with nothing else under way.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "weft/base/result.hpp"
#include "weft/get/folder.hpp"
#include "weft/store/record.hpp"

namespace weft::get {

// What could not be written, and why, for people.
struct OutletFailure {
  enum class Of : std::uint8_t {
    file,  // this one alone: a name that is taken, a directory that is closed
    run,   // nothing can be written: the disk is full, the pipe is broken
  };
  Of of = Of::file;
  std::string message{};
};

template <class T>
using OutletResult = tl::expected<T, OutletFailure>;

class Outlet {
 public:
  virtual ~Outlet() = default;

  // May bytes come in any order, from several threads, and be read back? If not, each write
  // follows the last.
  virtual bool is_random() const = 0;

  // The file will have so many bytes.
  virtual OutletResult<void> reserve(std::uint64_t size) = 0;
  virtual OutletResult<void> write(std::uint64_t offset, std::string_view bytes) = 0;

  // REQUIRES: is_random(). Fewer bytes than asked for only at the end of what was written.
  virtual OutletResult<std::size_t> read(std::uint64_t offset, std::span<char> into) const = 0;
  virtual OutletResult<void> sync() = 0;  // what was written is on the disk for certain

  enum class Kept : std::uint8_t { kept, name_is_taken };
  // It is whole, and `size` bytes long: it is `path` from now on. Nothing else is done after
  // it was kept.
  virtual OutletResult<Kept> keep(const std::string& path, std::uint64_t size,
                                  Folder::Replace replace) = 0;

  // After it was kept: the record of it goes where the file has gone, and from there to the
  // sinks. False: it stays the caller's.
  virtual bool pass_on(Record&) { return false; }

  virtual void drop() = 0;  // nothing of it is wanted

  // When its file was last written; nothing where there is none.
  virtual std::optional<Clock::wall_time> modified() const { return std::nullopt; }
};

// An outlet for the file that will be `path`.
using OpenOutlet = std::function<OutletResult<std::unique_ptr<Outlet>>(const std::string& path)>;

// That of a former run, where it is there and has `least` bytes; else nothing.
using ReopenOutlet =
    std::function<std::unique_ptr<Outlet>(const std::string& path, std::uint64_t least)>;

}  // namespace weft::get
