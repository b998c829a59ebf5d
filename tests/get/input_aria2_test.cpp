// Input files of aria2, as aria2 1.36 reads them: its manual, "Input File".
#include <doctest/doctest.h>

#include <string>

#include "get/inputs.hpp"

namespace weft {
namespace {

using test::Read;
using test::read_text;

const std::string kSha256 = "A" + std::string(63, '1');

Read as_aria2(const std::string& text) { return read_text(text, InputFormat::aria2); }

// Asked for by name and found by their look, files are read alike.
Read both_ways(const std::string& text) {
  const Read read = as_aria2(text);
  CHECK(read_text(text) == read);
  return read;
}

TEST_CASE("the manual's example of an aria2 input file") {
  CHECK(both_ways("http://server/file.iso\thttp://mirror/file.iso\n"
                  "  dir=/iso_images\n"
                  "  out=file.img\n"
                  "http://foo/bar\n") ==
        Read{"1: http://server/file.iso\thttp://mirror/file.iso\tout=file.img\tdir=/iso_images",
             "4: http://foo/bar"});
}

TEST_CASE("every option of an aria2 input file that has a meaning here") {
  CHECK(both_ways("http://a/x\n"
                  "\tout=name one\n"
                  " \t dir = d \n"
                  "  checksum=sha-256=" +
                  kSha256 +
                  "\n"
                  "  header=X-A: 1=2\n"
                  "  header=X-B: 3\n"
                  "  referer=http://r/\n"
                  "  user-agent=me/1\n") ==
        Read{"1: http://a/x\tout=name one\tdir=d\tchecksum=sha256:a" + kSha256.substr(1) +
             "\theader=X-A: 1=2\theader=X-B: 3\theader=User-Agent: me/1\theader=Referer: "
             "http://r/"});
  CHECK(both_ways("http://u:p@a/x\n  referer=*\n") ==
        Read{"1: http://u:p@a/x\theader=Referer: http://a/x"});
}

TEST_CASE("blank lines and comments do not part an aria2 entry from its options") {
  CHECK(both_ways("# first\n\nhttp://a/\r\n\r\n   \r\n# between\r\n  # indented\r\n  out=x\r\n\r\n"
                  "http://b/\n# after\n") == Read{"3: http://a/\tout=x", "10: http://b/"});
}

TEST_CASE("an aria2 entry: the last of an option counts, and an empty one says nothing") {
  CHECK(both_ways("http://a/\n  out=x\n  out=y=z\n  dir=\n") == Read{"1: http://a/\tout=y=z"});
}

TEST_CASE("aria2's other options are said once to have no meaning here") {
  const std::string rest = "': it means nothing here and is not told again";
  CHECK(both_ways("http://a/\n  split=4\n  out=x\nhttp://b/\n  split=5\n  pause=true\n") ==
        Read{"1: http://a/\tout=x", "note 2: aria2 knows the option 'split" + rest, "4: http://b/",
             "note 6: aria2 knows the option 'pause" + rest});
  CHECK(both_ways("http://a/\n  chksum=1\n") ==
        Read{"1: http://a/", "note 2: aria2 has no option 'chksum" + rest});
}

TEST_CASE("an aria2 entry with a bad option is bad, at the option's line") {
  CHECK(both_ways("http://a/\n  out=x\n  header=nothing\nhttp://b/\n") ==
        Read{"bad 3: 'nothing' is no header: write it as 'Name: value'", "4: http://b/"});
  const Read read = both_ways("http://a/\n  checksum=sha-256=12\nhttp://b/\n");
  REQUIRE(read.size() == 2);
  CHECK(read[0].starts_with("bad 2: "));
  CHECK(read[1] == "3: http://b/");
}

TEST_CASE("an option of aria2 with no URL above it is a bad entry") {
  CHECK(both_ways("  out=x\nhttp://a/\n") == Read{"bad 1: it has no URL", "2: http://a/"});
}

TEST_CASE("an indented URL is an entry, but where the file is said to be aria2's") {
  const std::string text = "http://a/\n  http://b/?q=1\n";
  CHECK(read_text(text) == Read{"1: http://a/", "2: http://b/?q=1"});
  CHECK(as_aria2(text)[0] == "1: http://a/");
}

TEST_CASE("an aria2 entry's options are bounded as its line is") {
  std::string text = "http://a/\n";
  for (int i = 0; i < 20; ++i) text += "  header=X: " + std::string(100'000, 'x') + "\n";
  text += "http://b/\n  out=" + std::string(2'000'000, 'x') + "\nhttp://c/\n";
  CHECK(both_ways(text) == Read{"bad 1: 'http://a/' is over 1 MiB long",
                                "bad 22: 'http://b/' is over 1 MiB long", "24: http://c/"});
}

TEST_CASE("aria2 entries can be passed over by those that read them before, options and all") {
  const std::string text =
      "http://a/\n  out=x\n  split=2\nbad\n  out=y\nhttp://b/\n\n  out=z\nhttp://c/\n";
  const Read all = test::without_notes(read_text(text));
  REQUIRE(all.size() == 4);
  for (std::size_t skip = 0; skip <= 4; ++skip) {
    CHECK(test::without_notes(read_text(text, InputFormat::automatic, skip)) ==
          Read(all.begin() + skip, all.end()));
  }
}

}  // namespace
}  // namespace weft
