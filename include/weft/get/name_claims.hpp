// Which download gets which name: no two downloads of one run ever share a destination.
//
// Where names meet, the first to ask has the name, and the others are numbered: name.1.ext,
// name.2.ext, ... So nothing is lost where a list has get?id=1 and get?id=2; which is which
// follows the order of asking. What stands on the disk from before is `on_exist`'s affair:
//
//   skip, update, overwrite   an ordinary file is handed out with the name, for the download
//                             to be skipped, asked for anew, or put in its place
//   rename                    it keeps its name, and the download is numbered
//
// A directory or a link (which is never followed) keeps its name whatever `on_exist` is. A name
// that one download has for a file and another for a directory (a and a/b) belongs to the first
// that asked for it too: a.1, or a.1/b.
//
// Threads: every method may be called from any thread.
// Memory:  9 to 14 bytes for each name and each directory ever claimed, and 16 KiB.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "weft/engine/visited_set.hpp"
#include "weft/get/folder.hpp"
#include "weft/get/numbering.hpp"

namespace weft {

// Are names that differ in case alone the same? As the folder's file system has it.
enum class NameCase : std::uint8_t { counts, ignored };

enum class OnExist : std::uint8_t { skip, update, overwrite, rename };

struct Claim {
  std::string path;
  std::optional<Folder::Entry> existing{};  // the ordinary file that stands there, if any
};

class NameClaims {
 public:
  // `folder` must outlive it; its own case is asked for with ignores_case().
  NameClaims(const Folder& folder, OnExist on_exist, NameCase name_case)
      : folder_(folder), on_exist_(on_exist), case_(name_case) {}

  // What was seen at the path, by somebody who has just looked.
  using Seen = std::optional<Folder::Entry>;

  // A name for a download, and nobody else's from now on: `path`, which is safe (names.hpp), or
  // that with numbers. Makes nothing on the disk. `seen`: need not be looked for again; null:
  // nobody has looked.
  Claim claim(std::string_view path, const Seen* seen = nullptr);

  // That very name, where nobody has it and nothing that must stay stands there.
  std::optional<Claim> claim_exactly(const std::string& path);

  // Is it a name that claim() has given to a file or, as a part of one, to a directory?
  bool is_claimed(const std::string& path) const;

  // A name that an earlier run of the same job claimed. Before the first claim().
  void restore(std::string_view path);

 private:
  Fingerprint as_file(std::string_view path) const;
  Fingerprint as_directory(const std::string& path) const { return as_file(path + '/'); }

  std::string directory_for(std::string_view path);
  bool take_directory(const std::string& path);
  bool is_free(const std::string& path) const;
  std::optional<Claim> take(std::string path, const Seen* seen);
  bool may_stand(const std::optional<Folder::Entry>& there) const;

  const Folder& folder_;
  const OnExist on_exist_;
  const NameCase case_;
  VisitedSet names_;  // of files, and of directories with a '/' after them
  NumberHints hints_;
};

}  // namespace weft
