#include "get/part_file.hpp"

#include <fcntl.h>
#include <linux/magic.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <cerrno>
#include <limits>
#include <optional>
#include <system_error>

#include "get/file_time.hpp"

namespace weft::get {

namespace {

// Are there so few of these that one is enough to know that no other file can be written?
bool concerns_all(int error) {
  return error == ENOSPC || error == EDQUOT || error == EIO || error == EROFS;
}

std::string_view remedy(int error) {
  if (error == EFBIG) return "Choose a file system that takes larger files.";
  return "Make room there, or choose another place, and go on with weft resume.";
}

OutletFailure of_file(const Error& error) {
  return {.of = OutletFailure::Of::file, .message = error.message};
}

// Of a file system in memory, where to reserve a file is to fill it: as slow as writing it, and
// no more certain. Its free bytes; nothing of others.
std::optional<std::uint64_t> free_in_memory(int fd) {
  struct statfs info {};
  if (::fstatfs(fd, &info) != 0 || info.f_type != TMPFS_MAGIC) return std::nullopt;
  if (info.f_blocks == 0) return std::numeric_limits<std::uint64_t>::max();  // without a limit
  return static_cast<std::uint64_t>(info.f_bavail) * static_cast<std::uint64_t>(info.f_bsize);
}

}  // namespace

std::string part_name(std::string_view path) { return std::string(path) + ".part"; }

OutletFailure PartFile::failure(std::string_view what, int error) const {
  return {.of = concerns_all(error) ? OutletFailure::Of::run : OutletFailure::Of::file,
          .message = fmt::format("cannot {} '{}/{}': {}. {}", what, folder_.path(), part_,
                                 std::generic_category().message(error), remedy(error))};
}

OutletResult<std::unique_ptr<PartFile>> PartFile::create(const Folder& folder,
                                                         const std::string& path) {
  constexpr int kFlags = O_RDWR | O_CREAT | O_EXCL;
  std::string part = part_name(path);
  Result<Fd> fd = folder.open_file(part, kFlags);
  if (!fd && folder.look(part)) {
    if (auto removed = folder.remove(part); !removed) {
      return tl::unexpected(of_file(removed.error()));
    }
    fd = folder.open_file(part, kFlags);
  }
  if (!fd) return tl::unexpected(of_file(fd.error()));
  return std::unique_ptr<PartFile>(new PartFile(folder, std::move(part), std::move(*fd)));
}

std::unique_ptr<PartFile> PartFile::reopen(const Folder& folder, const std::string& path,
                                           std::uint64_t least) {
  std::string part = part_name(path);
  const auto there = folder.look(part);
  if (!there || there->kind != Folder::Kind::file || there->size.count < least) return nullptr;
  Result<Fd> fd = folder.open_file(part, O_RDWR);
  if (!fd) return nullptr;
  std::unique_ptr<PartFile> file(new PartFile(folder, std::move(part), std::move(*fd)));
  file->reserved_ = there->size.count;
  return file;
}

// Where the file system cannot reserve, writing will tell.
OutletResult<void> PartFile::reserve(std::uint64_t size) {
  if (const auto free = free_in_memory(fd_.get())) {
    if (size <= *free) return {};
    return tl::unexpected(failure("make room for", ENOSPC));
  }
  if (::fallocate(fd_.get(), 0, 0, static_cast<off_t>(size)) == 0) {
    reserved_ = size;
    return {};
  }
  const int error = errno;
  if (error == ENOSPC || error == EDQUOT || error == EFBIG) {
    return tl::unexpected(failure("make room for", error));
  }
  return {};
}

OutletResult<void> PartFile::write(std::uint64_t offset, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written =
        ::pwrite(fd_.get(), bytes.data(), bytes.size(), static_cast<off_t>(offset));
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return tl::unexpected(failure("write to", written < 0 ? errno : ENOSPC));
    offset += static_cast<std::uint64_t>(written);
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  return {};
}

OutletResult<std::size_t> PartFile::read(std::uint64_t offset, std::span<char> into) const {
  std::size_t had = 0;
  while (had < into.size()) {
    const ssize_t got =
        ::pread(fd_.get(), into.data() + had, into.size() - had, static_cast<off_t>(offset + had));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return tl::unexpected(failure("read", errno));
    if (got == 0) break;
    had += static_cast<std::size_t>(got);
  }
  return had;
}

OutletResult<void> PartFile::sync() {
  if (::fdatasync(fd_.get()) == 0) return {};
  return tl::unexpected(failure("write to", errno));
}

OutletResult<Outlet::Kept> PartFile::keep(const std::string& path, std::uint64_t size,
                                          Folder::Replace replace) {
  if (reserved_ > size && ::ftruncate(fd_.get(), static_cast<off_t>(size)) != 0) {
    return tl::unexpected(failure("cut", errno));
  }
  auto renamed = folder_.rename(part_, path, replace);
  if (renamed) return Kept::kept;
  if (replace == Folder::Replace::no && folder_.look(path)) return Kept::name_is_taken;
  return tl::unexpected(of_file(renamed.error()));
}

void PartFile::drop() { (void)folder_.remove(part_); }

std::optional<Clock::wall_time> PartFile::modified() const {
  struct stat info {};
  if (::fstat(fd_.get(), &info) != 0) return std::nullopt;
  return file_time(info.st_mtim);
}

}  // namespace weft::get
