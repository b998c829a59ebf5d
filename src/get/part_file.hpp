// NAME.part, beside what will be NAME: written in any order, given its name once it is whole.
#pragma once

#include "get/outlet.hpp"
#include "weft/base/fd.hpp"

namespace weft::get {

std::string part_name(std::string_view path);

// Ownership: the folder must outlive it. Destroyed neither kept nor dropped, it leaves its
//            file for a later run to go on with.
class PartFile final : public Outlet {
 public:
  // A new one. What stands in its place is an older one that nobody knows any more: replaced.
  static OutletResult<std::unique_ptr<PartFile>> create(const Folder& folder,
                                                        const std::string& path);

  // That of a former run, where it is there and has `least` bytes; else nothing.
  static std::unique_ptr<PartFile> reopen(const Folder& folder, const std::string& path,
                                          std::uint64_t least);

  bool is_random() const override { return true; }
  OutletResult<void> reserve(std::uint64_t size) override;
  OutletResult<void> write(std::uint64_t offset, std::string_view bytes) override;
  OutletResult<std::size_t> read(std::uint64_t offset, std::span<char> into) const override;
  OutletResult<void> sync() override;
  OutletResult<Kept> keep(const std::string& path, std::uint64_t size,
                          Folder::Replace replace) override;
  void drop() override;
  std::optional<Clock::wall_time> modified() const override;

  int descriptor() const { return fd_.get(); }  // for copying by the system; the file's own

 private:
  PartFile(const Folder& folder, std::string part, Fd fd)
      : folder_(folder), part_(std::move(part)), fd_(std::move(fd)) {}

  OutletFailure failure(std::string_view what, int error) const;

  const Folder& folder_;
  const std::string part_;  // its path
  const Fd fd_;
  std::uint64_t reserved_ = 0;
};

}  // namespace weft::get
