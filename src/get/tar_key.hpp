// What a downloaded file is called in a tar shard: KEY.EXT, beside its record, KEY.json.
//
// Readers of such shards (WebDataset, torchdata) take for one sample the neighbours that share a
// key, and the key ends at the first dot after the last '/'. So of the path that the file would
// have without shards
//
//   the extension stays as it is (names.hpp says what that is), "tar.gz" being one;
//   of all before it the dots become '_': neither the key nor a directory has any, and so no
//   directory can be called as a file is; what is longer than 210 bytes of its last part is cut;
//   ".bin" stands where there is no extension, for readers pass over names without;
//   "json", the record's own, becomes "body.json";
//   "__" at the beginning becomes '_': readers pass over what they take for notes of their own.
//
// Case counts, in keys as in paths. A key that is taken is numbered: KEY-1, KEY-2, ...
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "weft/engine/visited_set.hpp"
#include "weft/get/numbering.hpp"

namespace weft::get {

struct TarName {
  std::string key;
  std::string extension;  // with its dot; never empty
};

// `path` is safe (names.hpp).
TarName tar_name(std::string_view path);

// Threads: every method may be called from any thread.
// Memory:  9 to 14 bytes for each key.
class TarKeys {
 public:
  // "KEY.EXT", whose key no other file of the batch has.
  std::string claim(std::string_view path);

  // What an earlier run of the same batch has claimed: "KEY.EXT", perhaps with "SHARD/" before
  // it. Before the first claim().
  void restore(std::string_view file);

 private:
  VisitedSet keys_;
  NumberHints hints_;
};

// "KEY.json" of "KEY.EXT".
std::string tar_record_name(std::string_view member);

// "000042.tar".
std::string shard_name(std::uint64_t number);

// The number of a shard that is called so, with anything after it; nothing where it is none.
std::optional<std::uint64_t> shard_number(std::string_view name);

}  // namespace weft::get
