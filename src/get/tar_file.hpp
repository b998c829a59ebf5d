// One shard in the making: a tar archive that grows by whole samples, NAME.part until it is done.
//
// Threads: owned by one thread.
// Errors:  after a failure what was under way is cut off again, where that can be done: all that
//          stands before size() is whole.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "get/outlet.hpp"
#include "get/part_file.hpp"
#include "weft/base/fd.hpp"

namespace weft::get {

// The bytes of a member: in memory, or in a file from its first byte on.
struct TarContent {
  std::string_view bytes{};
  const PartFile* file = nullptr;  // null: `bytes`
  std::uint64_t size = 0;
};

struct TarMember {
  std::string header;  // tar_header()
  TarContent content;
};

class TarFile {
 public:
  // A new one; `name` is NAME. What stands in the place of NAME.part is replaced.
  static OutletResult<TarFile> create(const Folder& folder, const std::string& name);

  // That of a former run, cut at `size`. Nothing where it is missing or shorter.
  static std::optional<TarFile> reopen(const Folder& folder, const std::string& name,
                                       std::uint64_t size);

  // Bytes, without the archive's end.
  std::uint64_t size() const { return size_; }

  // How many more bytes it has with these members.
  static std::uint64_t growth(std::span<const TarMember> members);

  // All of them or none.
  OutletResult<void> append(std::span<const TarMember> members);

  // Ends it; on the disk for certain.
  OutletResult<void> end();

  // Its own name, after end().
  static Result<void> give_name(const Folder& folder, const std::string& name);

 private:
  TarFile(const Folder& folder, const std::string& name, Fd fd, std::uint64_t size)
      : part_(folder.path() + '/' + part_name(name)), fd_(std::move(fd)), size_(size) {}

  OutletResult<void> write(std::string_view bytes, std::uint64_t& at);
  OutletResult<void> copy(const TarContent& content, std::uint64_t& at);
  OutletResult<void> put(std::span<const TarMember> members, std::uint64_t& at);
  OutletFailure failure(int error) const;

  std::string part_;  // for people
  Fd fd_;
  std::uint64_t size_;
  std::string gathered_;  // kept for its memory
};

}  // namespace weft::get
