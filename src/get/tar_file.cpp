#include "get/tar_file.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <system_error>

#include "get/tar_header.hpp"

namespace weft::get {

namespace {

constexpr std::array<char, kTarEnd> kZeros{};

std::string_view zeros(std::size_t size) { return {kZeros.data(), size}; }

}  // namespace

// Where one sample cannot be written, no other can.
OutletFailure TarFile::failure(int error) const {
  return {.of = OutletFailure::Of::run,
          .message = fmt::format("cannot write to '{}': {}. Make room there, or choose another "
                                 "place, and go on with weft resume.",
                                 part_, std::generic_category().message(error))};
}

OutletResult<TarFile> TarFile::create(const Folder& folder, const std::string& name) {
  auto fd = folder.open_file(part_name(name), O_RDWR | O_CREAT | O_TRUNC);
  if (!fd) {
    return tl::unexpected(
        OutletFailure{.of = OutletFailure::Of::run, .message = fd.error().message});
  }
  return TarFile(folder, name, std::move(*fd), 0);
}

std::optional<TarFile> TarFile::reopen(const Folder& folder, const std::string& name,
                                       std::uint64_t size) {
  const auto there = folder.look(part_name(name));
  if (!there || there->kind != Folder::Kind::file || there->size.count < size) return std::nullopt;
  auto fd = folder.open_file(part_name(name), O_RDWR);
  if (!fd || ::ftruncate(fd->get(), static_cast<off_t>(size)) != 0) return std::nullopt;
  return TarFile(folder, name, std::move(*fd), size);
}

std::uint64_t TarFile::growth(std::span<const TarMember> members) {
  std::uint64_t growth = 0;
  for (const TarMember& member : members) {
    const std::uint64_t size = member.content.size;
    growth += member.header.size() + size + tar_padding(size);
  }
  return growth;
}

OutletResult<void> TarFile::append(std::span<const TarMember> members) {
  std::uint64_t at = size_;
  auto all = put(members, at);
  if (all) {
    size_ = at;
    return all;
  }
  // Where this fails too, a later run cuts it where it knows it to end.
  [[maybe_unused]] const int cut = ::ftruncate(fd_.get(), static_cast<off_t>(size_));
  return all;
}

// What is in memory is gathered, so that a small sample is written at once.
OutletResult<void> TarFile::put(std::span<const TarMember> members, std::uint64_t& at) {
  gathered_.clear();
  for (const TarMember& member : members) {
    const TarContent& content = member.content;
    gathered_ += member.header;
    if (content.file == nullptr) {
      gathered_ += content.bytes;
    } else {
      if (auto written = write(gathered_, at); !written) return written;
      gathered_.clear();
      if (auto copied = copy(content, at); !copied) return copied;
    }
    gathered_ += zeros(tar_padding(content.size));
  }
  return write(gathered_, at);
}

OutletResult<void> TarFile::write(std::string_view bytes, std::uint64_t& at) {
  while (!bytes.empty()) {
    const ssize_t written = ::pwrite(fd_.get(), bytes.data(), bytes.size(), static_cast<off_t>(at));
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return tl::unexpected(failure(written < 0 ? errno : ENOSPC));
    at += static_cast<std::uint64_t>(written);
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  return {};
}

// By the system alone; where it cannot, by way of memory.
OutletResult<void> TarFile::copy(const TarContent& content, std::uint64_t& at) {
  constexpr std::size_t kAtOnce = 256u << 10;
  std::string buffer;
  for (std::uint64_t done = 0; done < content.size;) {
    const std::uint64_t left = content.size - done;
    if (buffer.empty()) {
      off64_t from = static_cast<off64_t>(done);
      off64_t to = static_cast<off64_t>(at);
      const ssize_t copied =
          ::copy_file_range(content.file->descriptor(), &from, fd_.get(), &to, left, 0);
      if (copied > 0) {
        done += static_cast<std::uint64_t>(copied);
        at += static_cast<std::uint64_t>(copied);
        continue;
      }
      if (copied < 0 && errno == EINTR) continue;
      if (copied < 0 && (errno == ENOSPC || errno == EDQUOT || errno == EIO || errno == EFBIG)) {
        return tl::unexpected(failure(errno));
      }
      buffer.resize(kAtOnce);
    }
    const std::size_t wanted = std::min<std::uint64_t>(left, buffer.size());
    const auto read = content.file->read(done, std::span(buffer).first(wanted));
    if (!read) return tl::unexpected(read.error());
    if (*read == 0) return tl::unexpected(failure(EIO));  // somebody has cut the file
    if (auto written = write({buffer.data(), *read}, at); !written) return written;
    done += *read;
  }
  return {};
}

OutletResult<void> TarFile::end() {
  std::uint64_t at = size_;
  if (auto written = write(zeros(kTarEnd), at); !written) return written;
  if (::fdatasync(fd_.get()) != 0) return tl::unexpected(failure(errno));
  return {};
}

Result<void> TarFile::give_name(const Folder& folder, const std::string& name) {
  return folder.rename(part_name(name), name, Folder::Replace::no);
}

}  // namespace weft::get
