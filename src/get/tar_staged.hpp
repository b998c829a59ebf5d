// Where a body waits, until it is whole and verified, to be put into a shard: in memory while it
// is small, else in a part file of its own under .weft/staged, which a later run can go on with.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>

#include "get/outlet.hpp"
#include "get/part_file.hpp"

namespace weft::get {

class TarShards;

// What all bodies in memory may take together.
//
// Threads: may be used from any thread.
class StagingRoom {
 public:
  explicit StagingRoom(std::uint64_t most) : left_(static_cast<std::int64_t>(most)) {}

  // The part of one body, given back by its destructor.
  class Share {
   public:
    explicit Share(StagingRoom& room) : room_(&room) {}
    Share(Share&& other) noexcept : room_(other.room_), size_(std::exchange(other.size_, 0)) {}
    Share& operator=(Share&&) = delete;
    ~Share() { give_back(); }

    // False: there is no room for so many bytes in all.
    bool grow(std::uint64_t size);
    void give_back() { room_->left_ += static_cast<std::int64_t>(std::exchange(size_, 0)); }

   private:
    StagingRoom* room_;
    std::uint64_t size_ = 0;
  };

 private:
  std::atomic<std::int64_t> left_;
};

struct StagedBody {
  StagingRoom::Share share;
  std::string bytes{};               // where there is no file
  std::shared_ptr<PartFile> file{};  // its outlet's too, which may be synced still
  std::uint64_t size = 0;
};

// Ownership: folder, shards and room must outlive it.
class Staged final : public Outlet {
 public:
  // `file`: what a former run has left, perhaps.
  Staged(const Folder& folder, TarShards& shards, StagingRoom& room, std::string path,
         std::unique_ptr<PartFile> file = nullptr);

  // In memory each write follows the last.
  bool is_random() const override { return body_.file != nullptr; }
  OutletResult<void> reserve(std::uint64_t size) override;
  OutletResult<void> write(std::uint64_t offset, std::string_view bytes) override;
  OutletResult<std::size_t> read(std::uint64_t offset, std::span<char> into) const override;
  OutletResult<void> sync() override;
  OutletResult<Kept> keep(const std::string& path, std::uint64_t size,
                          Folder::Replace replace) override;
  bool pass_on(Record& record) override;
  void drop() override;

 private:
  bool fits(std::uint64_t size);  // in memory
  OutletResult<void> go_to_file();

  const Folder& folder_;
  TarShards& shards_;
  const std::string path_;
  StagedBody body_;
};

}  // namespace weft::get
