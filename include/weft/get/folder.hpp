// The directory that downloads go to, and all that is done to files below it.
//
// Paths are relative to it, their parts separated by '/', none of them ".." (what
// names.hpp gives out). Whatever stands below it, nothing outside is ever reached: no
// symbolic link below it is followed (openat2's RESOLVE_BENEATH and RESOLVE_NO_SYMLINKS,
// Linux 5.6; before that each part is opened by itself). The directory itself, and those
// above it, may be links.
//
// Threads: const methods may be called from any thread.
// Errors:  say what, on which path, why, and what to do.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>

#include "weft/base/clock.hpp"
#include "weft/base/fd.hpp"
#include "weft/base/result.hpp"
#include "weft/base/units.hpp"

namespace weft {

class Folder {
 public:
  // How a path is followed: by the kernel in one step, or by each part in turn.
  enum class Walk : std::uint8_t { at_once, by_parts };

  // Makes it, and the directories above it, where they are missing.
  static Result<Folder> open(const std::string& path, Walk walk = Walk::at_once);

  const std::string& path() const { return path_; }  // as it was given

  // Are names here the same that differ in case alone (FAT, NTFS, SMB, ext4's casefold)? Makes
  // an empty file and removes it, to see; no where that fails.
  bool ignores_case() const;

  enum class Kind : std::uint8_t { file, directory, other };  // other: links, devices, ...
  struct Entry {
    Kind kind = Kind::file;
    Bytes size{};
    Clock::wall_time modified{};
  };

  // What stands there, if anything; of a link, the link.
  std::optional<Entry> look(const std::string& path) const;

  // An ordinary file, never through a link; `flags` are those of open(2), besides
  // O_CLOEXEC and O_NOFOLLOW. O_CREAT makes the directories that are missing too; modes are
  // 0666 and 0777 less the umask.
  Result<Fd> open_file(const std::string& path, int flags) const;

  // What is done about a file that stands at `to`.
  enum class Replace : std::uint8_t { no, yes };
  Result<void> rename(const std::string& from, const std::string& to, Replace replace) const;

  // A file; well if it is not there.
  Result<void> remove(const std::string& path) const;

  // All that was written below it, its file system whole, is on the disk for certain.
  Result<void> sync() const;

 private:
  Folder(Fd fd, std::string path, Walk walk)
      : fd_(std::move(fd)), path_(std::move(path)), walk_(walk) {}

  // A path's directory, held open, and its last part.
  struct Place {
    Fd opened;  // none where it is the folder itself
    int directory;
    std::string name;
  };
  // Nothing, and errno, where there is no such directory.
  std::optional<Place> place_of(const std::string& path) const;
  Fd open_directory(const std::string& path) const;
  bool make_directories_of(const std::string& path) const;

  tl::unexpected<Error> cannot(std::string_view what, const std::string& path, int error) const;

  Fd fd_;
  std::string path_;
  Walk walk_;
};

}  // namespace weft
