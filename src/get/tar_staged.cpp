#include "get/tar_staged.hpp"

#include <algorithm>

#include "get/tar_shards.hpp"

namespace weft::get {

bool StagingRoom::Share::grow(std::uint64_t size) {
  if (size <= size_) return true;
  const auto more = static_cast<std::int64_t>(size - size_);
  if (room_->left_.fetch_sub(more) < more) {
    room_->left_ += more;
    return false;
  }
  size_ = size;
  return true;
}

Staged::Staged(const Folder& folder, TarShards& shards, StagingRoom& room, std::string path,
               std::unique_ptr<PartFile> file)
    : folder_(folder),
      shards_(shards),
      path_(std::move(path)),
      body_{.share = StagingRoom::Share(room), .file = std::move(file)} {}

bool Staged::fits(std::uint64_t size) {
  constexpr Bytes kMost = 4_MiB;  // fetched again where a run ends before it is whole
  return size <= kMost.count && body_.share.grow(size);
}

OutletResult<void> Staged::go_to_file() {
  auto file = PartFile::create(folder_, path_);
  if (!file) return tl::unexpected(std::move(file).error());
  if (auto written = (*file)->write(0, body_.bytes); !written) {
    (*file)->drop();
    return written;
  }
  body_.file = std::move(*file);
  body_.bytes = {};
  body_.share.give_back();
  return {};
}

OutletResult<void> Staged::reserve(std::uint64_t size) {
  if (body_.file == nullptr && fits(size)) {
    body_.bytes.reserve(size);
    return {};
  }
  if (body_.file == nullptr) {
    if (auto begun = go_to_file(); !begun) return begun;
  }
  return body_.file->reserve(size);
}

OutletResult<void> Staged::write(std::uint64_t offset, std::string_view bytes) {
  const std::uint64_t end = offset + bytes.size();
  if (body_.file == nullptr && !fits(end)) {
    if (auto begun = go_to_file(); !begun) return begun;
  }
  if (body_.file != nullptr) return body_.file->write(offset, bytes);
  body_.bytes.resize(offset);
  body_.bytes += bytes;
  return {};
}

OutletResult<std::size_t> Staged::read(std::uint64_t offset, std::span<char> into) const {
  if (body_.file != nullptr) return body_.file->read(offset, into);
  const auto from =
      std::string_view(body_.bytes).substr(std::min<std::uint64_t>(offset, body_.bytes.size()));
  return from.copy(into.data(), into.size());
}

OutletResult<void> Staged::sync() {
  if (body_.file != nullptr) return body_.file->sync();
  return tl::unexpected(OutletFailure{.message = "it is in memory"});
}

OutletResult<Outlet::Kept> Staged::keep(const std::string&, std::uint64_t size, Folder::Replace) {
  body_.size = size;
  return Kept::kept;
}

bool Staged::pass_on(Record& record) {
  shards_.add({.share = std::move(body_.share),
               .bytes = std::move(body_.bytes),
               .file = body_.file,
               .size = body_.size},
              std::move(record));
  return true;
}

void Staged::drop() {
  if (body_.file != nullptr) body_.file->drop();
}

}  // namespace weft::get
