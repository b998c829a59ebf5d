#include "get/part_file.hpp"

#include <doctest/doctest.h>

#include <sys/resource.h>
#include <array>
#include <csignal>
#include <filesystem>

#include "support/temp_dir.hpp"

namespace weft::get {
namespace {

using test::contents;
using test::write_file;
using Replace = Folder::Replace;

struct Place {
  test::TempDir dir{};
  Folder folder = Folder::open(dir.path()).value();

  std::unique_ptr<PartFile> make(const std::string& path = "f") const {
    auto file = PartFile::create(folder, path);
    REQUIRE(file.has_value());
    return std::move(*file);
  }
  bool has(const std::string& name) const { return std::filesystem::exists(dir / name); }
};

TEST_CASE("a part file is written in any order, read back, and has its name only once kept") {
  const Place place;
  const auto file = place.make("d/f");
  CHECK(file->write(4, "efgh"));
  CHECK(file->write(0, "abcd"));
  std::array<char, 16> bytes{};
  const auto read = file->read(2, bytes);
  REQUIRE(read.has_value());
  CHECK(std::string_view(bytes.data(), *read) == "cdefgh");
  CHECK(file->sync());
  CHECK(place.has("d/f.part"));
  CHECK_FALSE(place.has("d/f"));
  CHECK(file->keep("d/f", 8, Replace::no) == Outlet::Kept::kept);
  CHECK_FALSE(place.has("d/f.part"));
  CHECK(contents(place.dir / "d/f") == "abcdefgh");
}

TEST_CASE("what was reserved beyond the end of a part file is cut off when it is kept") {
  const Place place;
  const auto file = place.make();
  CHECK(file->reserve(100'000));
  CHECK(file->write(0, "short"));
  CHECK(file->keep("f", 5, Replace::no) == Outlet::Kept::kept);
  CHECK(contents(place.dir / "f") == "short");
}

TEST_CASE("more room than there is cannot be reserved, which concerns the whole run") {
  const Place place;
  const auto reserved = place.make()->reserve(std::uint64_t{1} << 60);
  REQUIRE_FALSE(reserved.has_value());
  const bool is_full = reserved.error().of == OutletFailure::Of::run;
  const bool is_too_large = reserved.error().message.find("File too large") != std::string::npos;
  CHECK((is_full || is_too_large));  // file systems differ in what they look at first
  CHECK(reserved.error().message.find("f.part") != std::string::npos);
}

TEST_CASE("a part file replaces what stands in its place only where it is told to") {
  const Place place;
  const auto file = place.make();
  CHECK(file->write(0, "new"));
  write_file(place.dir / "f", "old");
  CHECK(file->keep("f", 3, Replace::no) == Outlet::Kept::name_is_taken);
  CHECK(contents(place.dir / "f") == "old");
  CHECK(file->keep("f", 3, Replace::yes) == Outlet::Kept::kept);
  CHECK(contents(place.dir / "f") == "new");
}

TEST_CASE("a part file that nobody knows any more makes room for a new one, a dropped one goes") {
  const Place place;
  write_file(place.dir / "f.part", "of an older run");
  const auto file = place.make();
  CHECK(contents(place.dir / "f.part").empty());
  file->drop();
  CHECK_FALSE(place.has("f.part"));
}

TEST_CASE("a part file is gone on with where it has all the bytes that were noted") {
  const Place place;
  CHECK(PartFile::reopen(place.folder, "f", 0) == nullptr);  // there is none
  CHECK(place.make()->write(0, "12345"));                    // left as it is
  CHECK(PartFile::reopen(place.folder, "f", 6) == nullptr);  // somebody has cut it
  const auto file = PartFile::reopen(place.folder, "f", 5);
  REQUIRE(file != nullptr);
  CHECK(file->write(5, "6"));
  CHECK(file->keep("f", 6, Replace::no) == Outlet::Kept::kept);
  CHECK(contents(place.dir / "f") == "123456");
}

TEST_CASE("a file that may not grow any more fails alone, and says why and where") {
  const Place place;
  const auto file = place.make();
  rlimit before{};
  REQUIRE(::getrlimit(RLIMIT_FSIZE, &before) == 0);
  auto* const handler = std::signal(SIGXFSZ, SIG_IGN);
  const rlimit limit{.rlim_cur = 4096, .rlim_max = before.rlim_max};
  REQUIRE(::setrlimit(RLIMIT_FSIZE, &limit) == 0);
  const auto written = file->write(4096, "beyond");
  REQUIRE(::setrlimit(RLIMIT_FSIZE, &before) == 0);
  std::signal(SIGXFSZ, handler);
  REQUIRE_FALSE(written.has_value());
  CHECK(written.error().of == OutletFailure::Of::file);
  CHECK(written.error().message.find("f.part': File too large") != std::string::npos);
}

}  // namespace
}  // namespace weft::get
