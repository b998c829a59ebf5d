#include "get/tar_key.hpp"

#include <doctest/doctest.h>
#include <fmt/core.h>

#include <random>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "weft/base/text.hpp"
#include "weft/get/names.hpp"

namespace weft::get {
namespace {

// As readers of shards part a name: at the first dot after the last '/'.
std::pair<std::string, std::string> as_read(const std::string& member) {
  const std::size_t slash = member.rfind('/');
  const std::size_t dot = member.find('.', slash == std::string::npos ? 0 : slash);
  REQUIRE(dot != std::string::npos);
  return {member.substr(0, dot), member.substr(dot + 1)};
}

TEST_CASE("a member is called as its file would be, with one dot: that of its extension") {
  const struct {
    std::string path;
    std::string member;
    std::string why;
  } kRows[] = {
      {"a.jpg", "a.jpg", "it has one dot"},
      {"a.b.jpg", "a_b.jpg", "the key would end at the first"},
      {"a.tar.gz", "a.tar.gz", "one extension"},
      {"v1.2.3", "v1_2_3.bin", "a number is no extension"},
      {"README", "README.bin", "names without a dot are passed over"},
      {".htaccess", "_htaccess.bin", "the key would be empty"},
      {".profile.txt", "_profile.txt", "the key would be empty"},
      {"a.", "a_.bin", "nothing follows the dot"},
      {"example.org/d.e/f.png", "example_org/d_e/f.png", "a file may be called as a directory is"},
      {"a.json", "a.body.json", "KEY.json is the record"},
      {"a.JSON", "a.body.JSON", "readers fold extensions"},
      {"a.json.gz", "a_json.gz", "the last extension counts"},
      {"__a__/b.jpg", "_a__/b.jpg", "readers pass over what begins so"},
      {"_a.jpg", "_a.jpg", "but not over this"},
      {"A.JPG", "A.JPG", "case is the file's"},
      {"\xC3\xA9.jpg", "\xC3\xA9.jpg", "UTF-8 is text"},
  };
  for (const auto& row : kRows) {
    CAPTURE(row.path);
    TarKeys keys;
    CHECK_MESSAGE(keys.claim(row.path) == row.member, row.why);
  }
}

TEST_CASE("a key that is taken is numbered, whatever the extension") {
  TarKeys keys;
  CHECK(keys.claim("a.jpg") == "a.jpg");
  CHECK(keys.claim("a.jpg") == "a-1.jpg");
  CHECK(keys.claim("a.png") == "a-2.png");
  CHECK(keys.claim("b-1.jpg") == "b-1.jpg");
  CHECK(keys.claim("b.jpg") == "b.jpg");
  CHECK(keys.claim("b.jpg") == "b-2.jpg");
  CHECK(keys.claim("A.jpg") == "A.jpg");
  CHECK(keys.claim("d/a.jpg") == "d/a.jpg");
}

TEST_CASE("what an earlier run has claimed stays claimed, in a shard or still on its way") {
  TarKeys keys;
  keys.restore("000007.tar/d/a.jpg");
  keys.restore("d/b.tar.gz");
  CHECK(keys.claim("d/a.png") == "d/a-1.png");
  CHECK(keys.claim("d/b.jpg") == "d/b-1.jpg");
  CHECK(keys.claim("a.jpg") == "a.jpg");
}

TEST_CASE("the record of a member has its key") {
  CHECK(tar_record_name("a.jpg") == "a.json");
  CHECK(tar_record_name("d/a.tar.gz") == "d/a.json");
  CHECK(tar_record_name("a.body.json") == "a.json");
}

TEST_CASE("shards have six digits, or more where there are so many") {
  CHECK(shard_name(0) == "000000.tar");
  CHECK(shard_name(42) == "000042.tar");
  CHECK(shard_name(1234567) == "1234567.tar");
  CHECK(shard_number("000042.tar") == 42);
  CHECK(shard_number("000042.tar.part") == 42);
  CHECK(shard_number("1234567.tar") == 1234567);
  for (const char* other :
       {"42.tar", "0000042.tar", "x00042.tar", "000042", "000042.zip", ".tar"}) {
    CAPTURE(other);
    CHECK_FALSE(shard_number(other));
  }
}

// Few letters, so that names meet.
std::string any_path(std::mt19937& random) {
  constexpr std::string_view kPieces[] = {"a", "b",    ".",    "..jpg",    ".json", ".tar", ".gz",
                                          "/", "/x.y", "-1",   "_",        "__",    "%",    " ",
                                          "A", ".1",   ".JPG", "\xC3\xA9", "con"};
  std::string path;
  for (auto pieces = 1 + random() % 6; pieces > 0; --pieces) {
    path += kPieces[random() % std::size(kPieces)];
  }
  const auto safe = safe_path(path);
  return safe ? *safe : "a";
}

TEST_CASE("whatever the names: keys are unique, readers find them, and nothing is in the way") {
  std::mt19937 random(7);
  TarKeys keys;
  std::set<std::string> seen;
  std::set<std::string> files;
  std::set<std::string> directories;
  for (int i = 0; i < 20'000; ++i) {
    const std::string path = any_path(random);
    const std::string member = keys.claim(path);
    CAPTURE(path);
    CAPTURE(member);
    const auto [key, extension] = as_read(member);
    REQUIRE(seen.insert(key).second);
    REQUIRE_FALSE(key.empty());
    REQUIRE_FALSE(extension.empty());
    REQUIRE(to_lower(extension) != "json");
    REQUIRE(as_read(tar_record_name(member)) == std::pair{key, std::string("json")});
    REQUIRE_FALSE(member.starts_with("__"));
    files.insert({member, tar_record_name(member)});
    for (std::size_t slash = key.find('/'); slash != std::string::npos;
         slash = key.find('/', slash + 1)) {
      directories.insert(key.substr(0, slash));
    }
    if (i % 100 == 0) {  // a later run of the batch knows it as well
      TarKeys later;
      later.restore(shard_name(3) + '/' + member);
      REQUIRE(later.claim(path) != member);
    }
  }
  for (const std::string& directory : directories) CHECK_FALSE(files.contains(directory));
}

TEST_CASE("the longest names are still names of files once they are taken apart") {
  TarKeys keys;
  std::string path;
  while (path.size() < kLongestFileName - 1) path += "\xC3\xA9";
  for (int i = 0; i < 300; ++i) {
    const std::string member = keys.claim(path);
    REQUIRE(member.size() <= 255);
    REQUIRE(tar_record_name(member).size() <= 255);
    REQUIRE(member.find("\xC3_") == std::string::npos);
  }
}

}  // namespace
}  // namespace weft::get
