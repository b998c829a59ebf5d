// CSV as RFC 4180 has it, and as spreadsheets write it.
#include <doctest/doctest.h>

#include <string>

#include "get/inputs.hpp"

namespace weft {
namespace {

using test::Read;
using test::read_text;

TEST_CASE("a CSV file's header says what its columns are") {
  CHECK(
      read_text("URL,Filename,checksum,Dir,Priority,Referer,header,size\r\n"
                "http://a/x,one.iso,md5:d41d8cd98f00b204e9800998ecf8427e,d,low,http://r/,A: b,7\r\n"
                "http://b/y,,,,,,,\r\n") ==
      Read{"2: http://a/x\tout=one.iso\tdir=d\tchecksum=md5:d41d8cd98f00b204e9800998ecf8427e"
           "\theader=A: b\theader=Referer: http://r/\tpriority=low\tsize=7",
           "3: http://b/y"});
  CHECK(read_text("out,url\nx,http://a/") == Read{"2: http://a/\tout=x"});
  CHECK(read_text("url\nhttp://a/\n") == Read{"2: http://a/"});
  CHECK(read_text("\xEF\xBB\xBF\"url\",\"out\"\nhttp://a/,x\n") == Read{"2: http://a/\tout=x"});
  CHECK(read_text("url,out") == Read{});
  CHECK(read_text("", InputFormat::csv) == Read{});
}

struct Row {
  std::string record;
  std::string read;
};

TEST_CASE("quoted fields of CSV hold what parts fields and records otherwise") {
  const Row table[] = {
      {"http://a/,\"x,y\"", "http://a/\tout=x,y"},
      {"http://a/,\"x\"\"y\"", "http://a/\tout=x\"y"},
      {"\"http://a/\",\"\"", "http://a/"},
      {"http://a/, \"x\" ", "http://a/\tout=x"},  // spaces around quotes are forgiven
      {"http://a/,x\"y", "http://a/\tout=x\"y"},  // only a field's first quote opens it
      {"http://a/,5\" disk", "http://a/\tout=5\" disk"},
      {"http://a/,\"x\ny\"", "http://a/\tout=x_y"},  // over two lines
      {"http://a/,\"x\r\n\r\ny,\"\"z\"", "http://a/\tout=x__y,\"z"},
      {"http://a/,x,", "http://a/\tout=x"},
      {"http://a/", "http://a/"},  // fields left out at the end
  };
  for (const Row& row : table) {
    CAPTURE(row.record);
    const Read read = read_text("url,out\n" + row.record + "\nhttp://last/,z\n");
    REQUIRE(read.size() == 2);
    CHECK(read[0] == "2: " + row.read);
    CHECK(read[1].ends_with(": http://last/\tout=z"));
  }
}

TEST_CASE("a bad record of CSV is told with its first line, and the rest goes on") {
  const Row table[] = {
      {",x", "it has no URL"},
      {"example.org,x", "'example.org' has no scheme: did you mean https://example.org/?"},
      {"http://a/x,y,z", "it has more fields than the header's 2: quote what holds a ','"},
      {"http://a/,\"x\"y", "a field goes on after its closing quote"},
      {"\"http://a/\nhttp://b/\",x", "'http://a/?http://b/' is no URL to fetch: it holds a"},
      {"http://a/," + std::string(2'000'000, 'x'), "'http://a/,xxx"},
  };
  for (const Row& row : table) {
    CAPTURE(row.record.substr(0, 100));
    const Read read = read_text("url,out\n" + row.record + "\nhttp://last/,z\n");
    REQUIRE(read.size() == 2);
    CHECK(read[0].starts_with("bad 2: " + row.read));
    CHECK(read[1].ends_with(": http://last/\tout=z"));
  }
}

TEST_CASE("a quote that is never closed takes what follows it with it, but not for ever") {
  std::string text = "url,out\nhttp://a/,\"x\n";
  for (int i = 0; i < 2000; ++i) text += "http://b/,y\n";
  const Read read = read_text(text);
  REQUIRE(read.size() == 1002);
  CHECK(read[0] ==
        "bad 2: a quoted field is not closed; the 1000 lines from here on are lost to it");
  CHECK(read[1] == "1002: http://b/\tout=y");
  CHECK(read_text("url,out\nhttp://a/,\"x\n") ==
        Read{"bad 2: a quoted field is not closed; the 1 lines from here on are lost to it"});
}

TEST_CASE("blank lines and empty records of CSV are no entries") {
  CHECK(read_text("\n# a comment\nurl,out\n\nhttp://a/,x\n,,\r\n , \n\"\"\n") ==
        Read{"5: http://a/\tout=x", "bad 8: it has no URL"});
}

TEST_CASE("where a header has no comma, semicolons or tabs part the fields") {
  CHECK(read_text("url;out\nhttp://a/x,y;\"a;b\"\n") == Read{"2: http://a/x,y\tout=a;b"});
  CHECK(read_text("out\turl\nx\thttp://a/\n") == Read{"2: http://a/\tout=x"});
}

TEST_CASE("a CSV file without a column of URLs is refused at once") {
  const std::string why =
      "error: cannot read the list 'F': line 1: a header with a column 'url' is wanted, and this "
      "is '";
  CHECK(read_text("filename,checksum\nx,y\n") == Read{why + "filename,checksum'"});
  CHECK(read_text("link,name\nx,y\n", InputFormat::csv) == Read{why + "link,name'"});
  // But a list's first line is none.
  CHECK(read_text("http://a/?x,y\n") == Read{"1: http://a/?x,y"});
}

TEST_CASE("columns of CSV that mean nothing are told once") {
  CHECK(read_text("title,url,year\nx,http://a/,1\n") ==
        Read{"note 1: nothing is made of the columns title, year", "2: http://a/"});
}

TEST_CASE("columns of CSV that name the same thing: headers and mirrors add up") {
  CHECK(read_text("url,url,header,header\nhttp://a/,http://b/,A: 1,B: 2\nhttp://a/,,,B: 2\n") ==
        Read{"2: http://a/\thttp://b/\theader=A: 1\theader=B: 2", "3: http://a/\theader=B: 2"});
}

TEST_CASE("records of CSV can be passed over by those that read them before") {
  const std::string text = "url,out\nhttp://a/,\"x\ny\"\n\nbad\n,,\nhttp://b/,\"z\"\n";
  const Read all = read_text(text);
  REQUIRE(all.size() == 3);
  for (std::size_t skip = 0; skip <= 3; ++skip) {
    CHECK(read_text(text, InputFormat::automatic, skip) == Read(all.begin() + skip, all.end()));
  }
}

}  // namespace
}  // namespace weft
