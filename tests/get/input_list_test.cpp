#include <doctest/doctest.h>

#include <string>
#include <utility>
#include <vector>

#include "get/inputs.hpp"
#include "support/gzip.hpp"

namespace weft {
namespace {

using test::Read;
using test::read_text;

const std::string kSha256(64, 'a');

TEST_CASE("a list holds one URL a line") {
  CHECK(read_text("http://a/\nhttps://b/c?d\n") == Read{"1: http://a/", "2: https://b/c?d"});
  CHECK(read_text("http://a/") == Read{"1: http://a/"});  // no newline at the end
  CHECK(read_text("") == Read{});
  CHECK(read_text("\n\n# nothing\n") == Read{});
}

TEST_CASE("comments, blank lines, CRLF, spaces and a byte order mark are no part of a list") {
  CHECK(read_text("\xEF\xBB\xBFhttp://a/\r\n\r\n# http://no/\r\n  # nor this\r\n"
                  " \t http://b/ \r\n\f\nhttp://c/#part\r") ==
        Read{"1: http://a/", "5: http://b/", "7: http://c/"});
  CHECK(read_text("\xEF\xBB\xBF") == Read{});
  CHECK(read_text("\xEF\xBB").at(0).starts_with("bad 1: "));  // half of one
}

TEST_CASE("a list's line says in keys what is to become of its URL") {
  CHECK(read_text("http://a/x\tout=n a.iso\tdir=sub/d\tchecksum=sha-256=" + kSha256 +
                  "\theader=X-A: 1:2\theader=X-B:\treferer=http://r/\tpriority=High\tsize=12\n") ==
        Read{"1: http://a/x\tout=n a.iso\tdir=sub/d\tchecksum=sha256:" + kSha256 +
             "\theader=X-A: 1:2\theader=X-B: \theader=Referer: http://r/\tpriority=high\tsize=12"});
}

TEST_CASE("keys of a list: names in any case, values trimmed, the last one counts") {
  CHECK(read_text("http://a/\tOUT= x \tout=\tFileName=y\tdir=\n") == Read{"1: http://a/\tout=y"});
  CHECK(read_text("http://a/\tpriority=normal\n") == Read{"1: http://a/"});
  CHECK(read_text("http://a/\t\tout=x\t\n") == Read{"1: http://a/\tout=x"});
  CHECK(read_text("http://a/\treferer=*\n") == Read{"1: http://a/\theader=Referer: http://a/"});
}

TEST_CASE("further URLs of a list's line are mirrors of the same file") {
  CHECK(read_text("http://a/x\thttp://b/x\tout=y\thttp://c/x\n") ==
        Read{"1: http://a/x\thttp://b/x\thttp://c/x\tout=y"});
}

TEST_CASE("a source that cannot be had is told, and the others are used") {
  CHECK(read_text("http://a/x\tmagnet:?xt=1\n") ==
        Read{"1: http://a/x",
             "note 1: 'magnet:?xt=1' is no URL to fetch: none of http, https, "
             "ftp, ftps and sftp; "
             "its other sources are used"});
}

struct Bad {
  std::string line;
  std::string why;  // what the complaint begins with
};

TEST_CASE("a bad line is told with its number, the reason and what to do; the rest goes on") {
  const Bad table[] = {
      {"example.org/x", "'example.org/x' has no scheme: did you mean https://example.org/x?"},
      {"mailto:a@b", "'mailto:a@b' is no URL to fetch: none of http, https, ftp, ftps and sftp"},
      {"http://h:99999/", "'http://h:99999/' is no URL to fetch: the port"},
      {"http://a/ out=x", "'http://a/ out=x' is parted by spaces: write tabs instead"},
      {"http://a/ sftp://b/", "'http://a/ sftp://b/' is parted by spaces"},
      {"http://a/  x out=y", "'http://a/  x out=y' is parted by spaces"},
      {"http://a/" + std::string(900'000, ' ') + "x", "'http://a/ "},
      {"http://a/ http://b/", "'http://a/ http://b/' is parted by spaces"},
      {"http://a/\tcheksum=x",
       "unknown key 'cheksum': there are out, dir, checksum, header, "
       "referer, priority and size"},
      {"http://a/\tfoo", "'foo' is neither a URL nor key=value"},

      {"out=x", "it has no URL"},
      {"http://a/\tchecksum=sha256:12", ""},
      {"http://a/\tchecksum=whirlpool:12", ""},
      {"http://a/\theader=X", "'X' is no header: write it as 'Name: value'"},
      {"http://a/\theader=X Y: z", "'X Y: z' is no header: write it as 'Name: value'"},
      {"http://a/\theader=Range: bytes=1-", "the header 'Range' cannot be set"},
      {"http://a/\tpriority=urgent", "the priority 'urgent' is none of high, normal and low"},
      {"http://a/\tsize=1k", "the size '1k' is no number of bytes"},
      {"http://a/\tsize=-1", "the size '-1' is no number of bytes"},
      {std::string("http://a/\0b", 11),
       "'http://a/?b' is no URL to fetch: it holds a control character"},
      {"http://a/" + std::string(70'000, 'x'), "'http://a/xxx"},
      {"http://a/" + std::string(3'000'000, 'x'), "'http://a/xxx"},
      {std::string(3'000'000, '\0'), "'????"},
  };
  for (const Bad& row : table) {
    CAPTURE(row.line.substr(0, 100));
    const Read read = read_text("http://first/\n" + row.line + "\nhttp://last/\n");
    REQUIRE(read.size() == 3);
    CHECK(read[0] == "1: http://first/");
    CHECK(read[1].starts_with("bad 2: " + row.why));
    CHECK(read[1].size() < 400);
    CHECK(read[2] == "3: http://last/");
  }
}

TEST_CASE("spaces that are a part of a URL stay one") {
  CHECK(read_text("http://a/x y\n") == Read{"1: http://a/x%20y"});
  CHECK(read_text("http://a/x?q=a b=c\n") == Read{"1: http://a/x?q=a%20b=c"});
}

TEST_CASE("a list's files may come by ftp, ftps and sftp") {
  CHECK(read_text("ftp://h/a?b\tsftp://u@h/c\nFTPS://H/d\n") ==
        Read{"1: ftp://h/a%3Fb\tsftp://u@h/c", "2: ftps://h/d"});
}

TEST_CASE("bytes that are not UTF-8 are asked for as they are") {
  CHECK(read_text("http://a/caf\xE9/\xC3\xA9\n") == Read{"1: http://a/caf%E9/%C3%A9"});
  CHECK(read_text("http://caf\xE9/\n")[0].starts_with("bad 1: "));  // no name of a host
}

TEST_CASE("a list can be told by name, and then no line is an option") {
  CHECK(read_text("http://a/\n  out=x\n", InputFormat::list) ==
        Read{"1: http://a/", "bad 2: it has no URL"});
}

TEST_CASE("the entries of a list can be passed over by those that read them before") {
  const std::string text = "http://a/\n# b\nbad\n\nhttp://c/\n";
  const Read all = read_text(text);
  REQUIRE(all.size() == 3);
  for (std::size_t skip = 0; skip <= 3; ++skip) {
    CHECK(read_text(text, InputFormat::automatic, skip) == Read(all.begin() + skip, all.end()));
  }
  CHECK(read_text(text, InputFormat::automatic, 5) ==
        Read{"error: cannot read the list 'F' to its end: it has 3 entries now, and 5 were read "
             "from it before"});
}

TEST_CASE("a line of a list says what it was read from") {
  const std::string lines[] = {
      "http://a/\thttps://b/x\tout=n a\tdir=d/e\tchecksum=sha256:" + kSha256 +
          "\theader=A: b\theader=Referer: http://r/\tpriority=low\tsize=0",
      "http://user:pw@a/",
  };
  for (const std::string& line : lines) {
    const auto wanted = parse_list_line(line);
    REQUIRE(wanted);
    CHECK(list_line(*wanted) == line);
  }
  CHECK(parse_list_line("example.org").error().message.starts_with("'example.org' has no scheme"));
}

TEST_CASE("what would end a field or a line does not get into a list's line") {
  Wanted wanted = parse_list_line("http://a/").value();
  wanted.out = "a\tb\nc\rd";
  CHECK(list_line(wanted) == "http://a/\tout=a_b_c_d");
}

TEST_CASE("a gzip list is read as the list it is") {
  const std::string text = "http://a/\nhttp://b/\n";
  CHECK(read_text(test::deflated(text)) == read_text(text));
  CHECK(read_text(test::deflated("http://a/\nhttp:") + test::deflated("//b/\n")) ==
        read_text(text));
  CHECK(read_text("\x1f\x8b")[0].starts_with("bad 1: "));  // the beginning of one alone
}

TEST_CASE(
    "of a gzip list that is cut the lines before the cut are read, and not the one it is in") {
  std::string text;
  Read all;
  for (int i = 0; i < 5000; ++i) {
    const std::string url = "http://a/" + std::to_string(i * 7919LL % 10007);
    text += url + "\n";
    all.push_back(std::to_string(i + 1) + ": " + url);
  }
  const std::string zipped = test::deflated(text);
  Read read = read_text(zipped.substr(0, zipped.size() / 2));
  REQUIRE(read.size() > 1000);
  CHECK(read.back() ==
        "error: cannot read the list 'F' to its end: its gzip data ends too early: "
        "it was not written or copied whole");
  read.pop_back();
  CHECK(read == Read(all.begin(), all.begin() + read.size()));

  CHECK(read_text(zipped.substr(0, 10)) ==
        Read{"error: cannot read the list 'F': its gzip data ends too early: it was not written "
             "or copied whole"});
  std::string damaged = zipped;
  damaged[damaged.size() - 6] ^= 1;
  CHECK(read_text(damaged).back() ==
        "error: cannot read the list 'F' to its end: its gzip data is damaged");
}

TEST_CASE("what is no text is refused with what to do") {
  const std::pair<std::string, std::string> table[] = {
      {std::string("\xFF\xFEh\0t\0", 6), "it is UTF-16: write it as UTF-8, as iconv does"},
      {"\xFD"
       "7zXZ\0",
       "it is compressed with xz: unpack it first"},
      {"\x28\xB5\x2F\xFD", "it is compressed with zstd: unpack it first"},
      {"PK\x03\x04", "it is a zip file (as spreadsheets are): unpack it, or save it as CSV"},
  };
  for (const auto& [text, why] : table) {
    CHECK(read_text(text) == Read{"error: cannot read the list 'F': " + why});
  }
}

TEST_CASE("an input that cannot be read is named, with the reason") {
  CHECK(InputReader::open("/no/such/list").error().message ==
        "cannot read the list '/no/such/list': No such file or directory");
  CHECK(InputReader::open("/").error().message == "cannot read the list '/': it is a directory");
  CHECK(read_text("") == Read{});
  CHECK(InputReader::open("/dev/null").value()->next().value() == std::nullopt);
}

}  // namespace
}  // namespace weft
