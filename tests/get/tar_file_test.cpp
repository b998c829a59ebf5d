// What is written is read back by other programs: GNU tar, and Python's tarfile.
#include "get/tar_file.hpp"

#include <doctest/doctest.h>
#include <fmt/core.h>

#include <filesystem>
#include <string>
#include <vector>

#include "get/tar_header.hpp"
#include "support/process.hpp"
#include "support/temp_dir.hpp"

namespace weft::get {
namespace {

using namespace test;
using Lines = std::vector<std::string>;

struct Bench {
  TempDir dir;
  Folder folder = Folder::open(dir.path()).value();

  TarFile create() { return std::move(TarFile::create(folder, "s.tar").value()); }
  std::string part() const { return dir / "s.tar.part"; }
};

TarMember member(const std::string& name, std::string_view bytes) {
  return {tar_header({.name = name, .size = bytes.size(), .modified = std::chrono::seconds(86400)}),
          {.bytes = bytes, .size = bytes.size()}};
}

std::string by_tar(const std::string& archive) {
  const Ended ended = run({.words = {"tar", "--quoting-style=literal", "-tf", archive}});
  return ended.exit_code == 0 && ended.err.empty() ? ended.out : "tar: " + ended.err;
}

// Names and sizes.
std::string by_python(const std::string& archive) {
  constexpr const char* kList =
      "import sys, tarfile\n"
      "with tarfile.open(sys.argv[1], 'r:', errorlevel=2) as tar:\n"
      "    for m in tar: print(m.name, m.size, len(tar.extractfile(m).read()))\n";
  const Ended ended = run({.words = {"python3", "-X", "utf8", "-c", kList, archive}});
  return ended.exit_code == 0 ? ended.out : ended.err;
}

TEST_CASE("any name and any length is read back as it was, by GNU tar and by Python") {
  Bench bench;
  TarFile file = bench.create();
  const std::vector<std::string> names{
      "a.txt",
      "d/e/f.txt",
      std::string(96, 'n') + ".txt",              // 100 bytes: the last that fit
      std::string(97, 'n') + ".txt",              // one more
      "d/" + std::string(240, 'n') + ".txt",      //
      std::string(900, 'd') + "/" + "f.txt",      // longer than a block
      "\xC3\xA9t\xC3\xA9.txt",                    // more than ASCII
      "\xF0\x9F\x98\x80/" + std::string(99, 'e')  // both
  };
  const std::vector<std::size_t> sizes{0, 1, 511, 512, 513, 1024, 100'000, 7};
  std::vector<std::string> bodies;
  for (const std::size_t size : sizes)
    bodies.emplace_back(size, static_cast<char>('a' + size % 26));
  std::string listed;
  std::string sized;
  for (std::size_t i = 0; i < names.size(); ++i) {
    REQUIRE(file.append(std::vector{member(names[i], bodies[i])}));
    listed += names[i] + "\n";
    sized += fmt::format("{} {} {}\n", names[i], sizes[i], sizes[i]);
  }
  REQUIRE(file.end());
  CHECK(by_tar(bench.part()) == listed);
  CHECK(by_python(bench.part()) == sized);
  CHECK(std::filesystem::file_size(bench.part()) == file.size() + kTarEnd);
  const Ended extracted = run({.words = {"tar", "-xf", "s.tar.part", "a.txt", "d", names[6]},
                               .directory = bench.dir.path()});
  REQUIRE_MESSAGE(extracted.exit_code == 0, extracted.err);
  CHECK(contents(bench.dir / names[1]) == bodies[1]);
  CHECK(contents(bench.dir / names[4]) == bodies[4]);
  CHECK(contents(bench.dir / names[6]) == bodies[6]);
}

TEST_CASE("a file of 8 GiB or more has its size in an extended header") {
  const TempDir dir;
  for (const std::uint64_t size : {(8ull << 30) - 1, 8ull << 30, 9ull << 40}) {
    CAPTURE(size);
    const std::string header = tar_header({.name = "f.bin", .size = size});
    CHECK((header.size() > kTarBlock) == (size >= 8ull << 30));
    write_file(dir / "t.tar", header);
    std::filesystem::resize_file(dir / "t.tar",
                                 header.size() + size + tar_padding(size) + kTarEnd);  // a hole
    const Ended ended = run({.words = {"tar", "--full-time", "-tvf", dir / "t.tar"}});
    CHECK_MESSAGE(ended.out.find(fmt::format(" {} 1970-01-01 ", size)) != std::string::npos,
                  ended.out, ended.err);
  }
}

TEST_CASE("what grows is what was said, and what is in a file comes as what is in memory does") {
  Bench bench;
  const std::string body(3'000'000, 'x');
  auto staged = PartFile::create(bench.folder, "staged");
  REQUIRE(staged);
  REQUIRE((*staged)->write(0, body));
  TarFile file = bench.create();
  std::vector<TarMember> members{member("a.bin", body), member("a.json", "{}")};
  members[0].content = {.file = staged->get(), .size = body.size()};
  const std::uint64_t growth = TarFile::growth(members);
  REQUIRE(file.append(members));
  CHECK(file.size() == growth);
  REQUIRE(file.end());
  CHECK(by_python(bench.part()) == "a.bin 3000000 3000000\na.json 2 2\n");
  REQUIRE(TarFile::give_name(bench.folder, "s.tar"));
  const Ended out = run({.words = {"tar", "-xOf", bench.dir / "s.tar", "a.bin"}});
  CHECK(out.out == body);
}

TEST_CASE("a shard that goes on is cut where it is known to end") {
  Bench bench;
  std::uint64_t known = 0;
  {
    TarFile file = bench.create();
    REQUIRE(file.append(std::vector{member("a.txt", "one")}));
    known = file.size();
    REQUIRE(file.append(std::vector{member("lost.txt", std::string(2000, 'x'))}));
    REQUIRE(file.end());
  }
  CHECK_FALSE(TarFile::reopen(bench.folder, "s.tar", 1 << 20));  // shorter than that
  CHECK_FALSE(TarFile::reopen(bench.folder, "other.tar", 0));
  auto again = TarFile::reopen(bench.folder, "s.tar", known);
  REQUIRE(again);
  REQUIRE(again->append(std::vector{member("b.txt", "three")}));
  REQUIRE(again->end());
  CHECK(by_tar(bench.part()) == "a.txt\nb.txt\n");
  CHECK(std::filesystem::file_size(bench.part()) == again->size() + kTarEnd);
}

}  // namespace
}  // namespace weft::get
