#include "weft/get/folder.hpp"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <string>

#include "support/temp_dir.hpp"

namespace weft {
namespace {

using Walk = Folder::Walk;
using Kind = Folder::Kind;
using Replace = Folder::Replace;
using test::contents;
using test::write_file;

// "inside" is the folder; beside it stands what must not be reached.
struct House {
  test::TempDir dir;
  Folder folder;

  explicit House(Walk walk = Walk::at_once) : folder(Folder::open(dir / "inside", walk).value()) {
    write_file(dir / "outside/secret", "secret");
  }
  std::string in(const std::string& path) const { return dir / ("inside/" + path); }
};

Result<void> write(const Folder& folder, const std::string& path, std::string_view text) {
  const auto file = folder.open_file(path, O_WRONLY | O_CREAT | O_TRUNC);
  if (!file) return tl::unexpected(file.error());
  CHECK(::write(file->get(), text.data(), text.size()) == static_cast<ssize_t>(text.size()));
  return {};
}

TEST_CASE("a folder is made with the directories above it") {
  const test::TempDir dir;
  CHECK(Folder::open(dir / "a/b/c"));
  CHECK(Folder::open(dir / "a/b/c/"));
  CHECK(std::filesystem::is_directory(dir / "a/b/c"));
}

TEST_CASE("a folder that is reached by a link is as good as any") {
  const test::TempDir dir;
  std::filesystem::create_directory(dir / "real");
  std::filesystem::create_directory_symlink("real", dir / "link");
  const auto folder = Folder::open(dir / "link/sub");
  REQUIRE(folder);
  CHECK(write(*folder, "x", "text"));
  CHECK(contents(dir / "real/sub/x") == "text");
}

TEST_CASE("what is no directory cannot be a folder") {
  const test::TempDir dir;
  write_file(dir / "file", "");
  for (const char* path : {"file", "file/sub"}) {
    const auto folder = Folder::open(dir / path);
    REQUIRE_FALSE(folder);
    CHECK(folder.error().message.find("Not a directory") != std::string::npos);
  }
  CHECK_FALSE(Folder::open(""));
}

TEST_CASE("files are made, looked at, renamed and removed") {
  for (const Walk walk : {Walk::at_once, Walk::by_parts}) {
    const House house(walk);
    CHECK(write(house.folder, "a/b/x.part", "123456789"));  // makes a and a/b
    CHECK(write(house.folder, "a/b/x.part", "12345"));
    CHECK(house.folder.rename("a/b/x.part", "a/y", Replace::no));
    CHECK(contents(house.in("a/y")) == "12345");
    const auto entry = house.folder.look("a/y");
    REQUIRE(entry);
    CHECK(entry->kind == Kind::file);
    CHECK(entry->size == Bytes{5});
    CHECK(house.folder.look("a/b")->kind == Kind::directory);
    CHECK_FALSE(house.folder.look("a/b/x.part"));
    CHECK_FALSE(house.folder.look("no/such"));
    CHECK(house.folder.remove("a/y"));
    CHECK(house.folder.remove("a/y"));  // it is gone
    CHECK_FALSE(house.folder.look("a/y"));
    CHECK_FALSE(house.folder.remove("a/b"));
  }
}

TEST_CASE("the time of a file is the time it was changed at") {
  const House house;
  write_file(house.in("x"), "");
  const timespec times[2] = {{1, 0}, {1767322800, 5'000'000}};
  REQUIRE(::utimensat(AT_FDCWD, house.in("x").c_str(), times, 0) == 0);
  CHECK(house.folder.look("x")->modified ==
        Clock::wall_time(std::chrono::seconds(1767322800) + std::chrono::milliseconds(5)));
}

TEST_CASE("whether a folder ignores case is what its file system does") {
  const House house;
  write_file(house.in("case"), "");
  const bool is_found = std::filesystem::exists(house.in("CASE"));
  std::filesystem::remove(house.in("case"));
  CHECK(house.folder.ignores_case() == is_found);
  CHECK(std::filesystem::is_empty(house.in("")));
}

TEST_CASE("a file is replaced only where that is asked for") {
  const House house;
  write_file(house.in("x.part"), "new");
  write_file(house.in("x"), "old");
  const auto refused = house.folder.rename("x.part", "x", Replace::no);
  REQUIRE_FALSE(refused);
  CHECK(refused.error().message == "cannot rename a file to '" + house.in("x") +
                                       "': File exists. Move what is there away, or choose "
                                       "another name.");
  CHECK(contents(house.in("x")) == "old");
  CHECK(house.folder.rename("x.part", "x", Replace::yes));
  CHECK(contents(house.in("x")) == "new");
}

TEST_CASE("no link below a folder is followed") {
  for (const Walk walk : {Walk::at_once, Walk::by_parts}) {
    const House house(walk);
    std::filesystem::create_directory_symlink("../outside", house.in("out"));
    std::filesystem::create_directory(house.in("real"));
    std::filesystem::create_directory_symlink("real", house.in("near"));
    std::filesystem::create_symlink("../outside/secret", house.in("file"));
    write_file(house.in("x"), "text");
    for (const std::string path :
         {"out/secret", "out/new", "out/sub/new", "near/x", "near/sub/x", "file"}) {
      CAPTURE(path);
      CHECK_FALSE(write(house.folder, path, "changed"));
    }
    CHECK_FALSE(house.folder.look("out/secret"));
    CHECK_FALSE(house.folder.rename("x", "out/x", Replace::yes));
    CHECK_FALSE(house.folder.rename("out/secret", "x", Replace::yes));
    CHECK_FALSE(house.folder.remove("out/secret"));
    CHECK(house.folder.look("file")->kind == Kind::other);
    CHECK(std::filesystem::is_empty(house.in("real")));
    CHECK(contents(house.dir / "outside/secret") == "secret");
    CHECK(contents(house.in("x")) == "text");
    // The link itself gives way, not what it points to.
    CHECK(house.folder.rename("x", "file", Replace::yes));
    CHECK(contents(house.dir / "outside/secret") == "secret");
    CHECK(contents(house.in("file")) == "text");
  }
}

TEST_CASE("no path leads out of a folder") {
  for (const Walk walk : {Walk::at_once, Walk::by_parts}) {
    const House house(walk);
    std::filesystem::create_directory(house.in("a"));
    for (const std::string& path :
         {std::string("../outside/secret"), std::string("a/../../outside/secret"),
          house.dir / "outside/secret"}) {
      CAPTURE(path);
      CHECK_FALSE(house.folder.look(path));
      CHECK_FALSE(write(house.folder, path, "changed"));
    }
    CHECK_FALSE(house.folder.look(".."));
    CHECK_FALSE(write(house.folder, "../new/x", ""));
    CHECK_FALSE(write(house.folder, "b/../../new/x", ""));
    CHECK_FALSE(std::filesystem::exists(house.dir / "new"));
    CHECK(contents(house.dir / "outside/secret") == "secret");
  }
}

TEST_CASE("what is no ordinary file is not opened, nor waited for") {
  const House house;
  REQUIRE(::mkfifo(house.in("pipe").c_str(), 0600) == 0);
  std::filesystem::create_directory(house.in("a"));
  CHECK_FALSE(house.folder.open_file("pipe", O_WRONLY));
  const auto pipe = house.folder.open_file("pipe", O_RDWR);
  REQUIRE_FALSE(pipe);
  CHECK(pipe.error().message.find("it is no ordinary file") != std::string::npos);
  CHECK_FALSE(house.folder.open_file("a", O_WRONLY));
}

TEST_CASE("a file that cannot be opened says why") {
  const House house;
  write_file(house.in("file"), "");
  const auto message = [&](const std::string& path, int flags) {
    const auto file = house.folder.open_file(path, flags);
    REQUIRE_FALSE(file);
    return file.error().message;
  };
  CHECK(message("no/such", O_WRONLY) == "cannot open '" + house.in("no/such") +
                                            "': No such file or directory. Get permission, or "
                                            "choose another place.");
  CHECK(message("file/x", O_WRONLY | O_CREAT) == "cannot open '" + house.in("file/x") +
                                                     "': Not a directory. Get permission, or "
                                                     "choose another place.");
  CHECK(message("file/a/x", O_WRONLY | O_CREAT) == "cannot open '" + house.in("file/a/x") +
                                                       "': Not a directory. Get permission, or "
                                                       "choose another place.");
}

}  // namespace
}  // namespace weft
