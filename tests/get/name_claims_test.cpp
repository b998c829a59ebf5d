#include "weft/get/name_claims.hpp"

#include <doctest/doctest.h>
#include <fcntl.h>

#include <filesystem>
#include <random>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "support/temp_dir.hpp"

namespace weft {
namespace {

using test::write_file;
using Paths = std::vector<std::string>;

constexpr auto kModes = {OnExist::skip, OnExist::update, OnExist::overwrite, OnExist::rename};

struct Desk {
  test::TempDir dir;
  Folder folder = Folder::open(dir.path()).value();
  NameClaims claims;

  explicit Desk(OnExist on_exist = OnExist::skip, NameCase name_case = NameCase::counts)
      : claims(folder, on_exist, name_case) {}

  Paths claim(const Paths& paths) {
    Paths claimed;
    for (const std::string& path : paths) claimed.push_back(claims.claim(path).path);
    return claimed;
  }
};

TEST_CASE("where names meet, the first has the name and the others are numbered") {
  Desk desk;
  CHECK(desk.claim({"a.tar.gz", "a.tar.gz", "b", "a.tar.gz", "b", "a.1.tar.gz"}) ==
        Paths{"a.tar.gz", "a.1.tar.gz", "b", "a.2.tar.gz", "b.1", "a.1.1.tar.gz"});
  CHECK(desk.claim({"x.2", "x", "x", "x", "x"}) == Paths{"x.2", "x", "x.1", "x.3", "x.4"});
}

TEST_CASE("names in different directories do not meet") {
  Desk desk;
  CHECK(desk.claim({"a/x", "b/x", "x", "a/b/x", "a/x"}) ==
        Paths{"a/x", "b/x", "x", "a/b/x", "a/x.1"});
}

TEST_CASE("a claim makes nothing on the disk") {
  Desk desk;
  desk.claim({"a/b/x", "y", "y"});
  CHECK(std::filesystem::is_empty(desk.dir.path()));
}

TEST_CASE("a file that stands there is handed out with its name, but for rename") {
  for (const OnExist on_exist : kModes) {
    Desk desk(on_exist);
    write_file(desk.dir / "a/x.txt", "12345");
    write_file(desk.dir / "a/x.1.txt", "");
    const Claim claim = desk.claims.claim("a/x.txt");
    if (on_exist == OnExist::rename) {
      CHECK(claim.path == "a/x.2.txt");
      CHECK_FALSE(claim.existing);
    } else {
      CHECK(claim.path == "a/x.txt");
      REQUIRE(claim.existing);
      CHECK(claim.existing->size == Bytes{5});
      // The next of that name meets what an earlier run numbered in the same way.
      CHECK(desk.claims.claim("a/x.txt").existing->size == Bytes{0});
      CHECK_FALSE(desk.claims.claim("a/x.txt").existing);
    }
  }
}

TEST_CASE("rename goes on after the last of many numbers") {
  Desk desk(OnExist::rename);
  write_file(desk.dir / "x", "");
  for (int i = 1; i <= 100; ++i) write_file(desk.dir / ("x." + std::to_string(i)), "");
  CHECK(desk.claim({"x", "x"}) == Paths{"x.101", "x.102"});
}

TEST_CASE("a directory or a link keeps its name, and no link is followed") {
  for (const OnExist on_exist : kModes) {
    Desk desk(on_exist);
    std::filesystem::create_directory(desk.dir / "d");
    std::filesystem::create_directory(desk.dir / "real");
    std::filesystem::create_directory_symlink("real", desk.dir / "l");
    std::filesystem::create_symlink("nowhere", desk.dir / "s");
    CHECK(desk.claim({"d", "l", "s"}) == Paths{"d.1", "l.1", "s.1"});
    CHECK(desk.claim({"d/x", "l/x", "s/x"}) == Paths{"d/x", "l.2/x", "s.2/x"});
  }
}

TEST_CASE("a file and a directory of one name are told apart by a number") {
  Desk desk;
  CHECK(desk.claim({"a", "a/b", "a/c", "a/b"}) == Paths{"a", "a.1/b", "a.1/c", "a.1/b.1"});
  CHECK(desk.claim({"d/x", "d", "d/y", "d"}) == Paths{"d/x", "d.1", "d/y", "d.2"});
  CHECK(desk.claim({"e/f/x", "e/f", "e/f/y"}) == Paths{"e/f/x", "e/f.1", "e/f/y"});
  CHECK(desk.claim({"g/h", "g/h/x/y"}) == Paths{"g/h", "g/h.1/x/y"});
}

TEST_CASE("a file on the disk cannot be a directory, and stays what it is") {
  for (const OnExist on_exist : kModes) {
    Desk desk(on_exist);
    write_file(desk.dir / "a", "");
    CHECK(desk.claim({"a/b", "a/c"}) == Paths{"a.1/b", "a.1/c"});
    CHECK(desk.claim({"a"}) == (on_exist == OnExist::rename ? Paths{"a.2"} : Paths{"a"}));
  }
}

TEST_CASE("where case is ignored, names that differ in case alone meet") {
  Desk desk(OnExist::skip, NameCase::ignored);
  CHECK(desk.claim({"A.txt", "a.TXT", "a.1.txt", "D/x", "d/X", "d"}) ==
        Paths{"A.txt", "a.1.TXT", "a.1.1.txt", "D/x", "d/X.1", "d.1"});
  CHECK(desk.claim({"\xC3\x89t\xC3\xA9", "\xC3\xA9T\xC3\x89", "\xC3\xAAt\xC3\xA9"}) ==
        Paths{"\xC3\x89t\xC3\xA9", "\xC3\xA9T\xC3\x89.1", "\xC3\xAAt\xC3\xA9"});
  CHECK(Desk().claim({"A", "a"}) == Paths{"A", "a"});
}

TEST_CASE("what an earlier run of the job claimed is claimed") {
  Desk desk;
  write_file(desk.dir / "x", "of the earlier run");
  for (const char* path : {"x", "x.1", "a/b/y"}) desk.claims.restore(path);
  CHECK(desk.claim({"x", "a/b/y", "a/b", "a"}) == Paths{"x.2", "a/b/y.1", "a/b.1", "a.1"});
}

TEST_CASE("numbers are found again for more names than are remembered") {
  Desk desk;
  Paths wrong;
  for (const char* suffix : {"", ".1", ".2", ".3", ".4", ".5"}) {
    for (int i = 0; i < 3000; ++i) {
      const std::string name = "n" + std::to_string(i);
      const std::string path = desk.claims.claim(name).path;
      if (path != name + suffix) wrong.push_back(path);
    }
  }
  CHECK(wrong == Paths{});
}

TEST_CASE("one name for very many downloads is numbered without a gap") {
  Desk desk;
  constexpr int kMany = 50'000;
  CHECK(desk.claim({"get.php"}) == Paths{"get.php"});
  Paths wrong;
  for (int i = 1; i < kMany; ++i) {
    const std::string path = desk.claims.claim("get.php").path;
    if (path != "get." + std::to_string(i) + ".php") wrong.push_back(path);
  }
  CHECK(wrong == Paths{});
}

// No two are the same, and none is a directory that another lies in.
void check_apart(const Paths& claimed) {
  std::set<std::string> all(claimed.begin(), claimed.end());
  CHECK(all.size() == claimed.size());
  for (const std::string& path : all) {
    for (std::size_t slash = path.find('/'); slash != std::string::npos;
         slash = path.find('/', slash + 1)) {
      CHECK_FALSE(all.contains(path.substr(0, slash)));
    }
  }
}

std::string random_path(std::mt19937& random) {
  std::string path(1, static_cast<char>('a' + random() % 3));
  while (random() % 2 == 0) path += std::string("/") + static_cast<char>('a' + random() % 3);
  return path;
}

TEST_CASE("whatever is claimed, no claim stands in the way of another") {
  for (const OnExist on_exist : kModes) {
    Desk desk(on_exist);
    for (const char* path : {"a/a", "b.1", "c/b/a"}) write_file(desk.dir / path, "");
    std::mt19937 random(11);
    Paths claimed;
    for (int i = 0; i < 300; ++i) claimed.push_back(desk.claims.claim(random_path(random)).path);
    check_apart(claimed);
    for (const std::string& path : claimed) {
      CHECK(desk.folder.open_file(path, O_WRONLY | O_CREAT));
    }
  }
}

TEST_CASE("threads never share a destination") {
  Desk desk;
  std::vector<Paths> claimed(4);
  std::vector<std::thread> threads;
  for (unsigned t = 0; t < claimed.size(); ++t) {
    threads.emplace_back([&desk, &mine = claimed[t], t] {
      std::mt19937 random(t);
      for (int i = 0; i < 2000; ++i) mine.push_back(desk.claims.claim(random_path(random)).path);
    });
  }
  for (std::thread& thread : threads) thread.join();
  Paths all;
  for (const Paths& each : claimed) all.insert(all.end(), each.begin(), each.end());
  check_apart(all);
}

}  // namespace
}  // namespace weft
