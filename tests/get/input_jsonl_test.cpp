// JSON lines: RFC 8259 objects, one a line.
#include <doctest/doctest.h>

#include <string>

#include "get/inputs.hpp"

namespace weft {
namespace {

using test::Read;
using test::read_text;

TEST_CASE("an object of JSON lines says with the keys of a list what is wanted") {
  CHECK(read_text(R"({"url":"http://a/x","out":"n \u00e9","dir":"d","checksum":)"
                  R"("md5:d41d8cd98f00b204e9800998ecf8427e","referer":"http://r/",)"
                  R"("priority":"high","size":7})"
                  "\r\n\n  {\"filename\": \"y\", \"url\": \"http://b/\"}") ==
        Read{"1: http://a/x\tout=n \u00e9\tdir=d\tchecksum=md5:d41d8cd98f00b204e9800998ecf8427e"
             "\theader=Referer: http://r/\tpriority=high\tsize=7",
             "3: http://b/\tout=y"});
}

TEST_CASE("JSON lines: headers are an object or a list, URLs a string or a list") {
  CHECK(read_text(R"({"url":["http://a/","http://b/"],"headers":{"A":"b: c","D":2}})"
                  "\n"
                  R"({"urls":["http://a/"],"header":["A: b","C:d"]})"
                  "\n"
                  R"({"url":"http://a/","header":"A: b"})") ==
        Read{"1: http://a/\thttp://b/\theader=A: b: c\theader=D: 2",
             "2: http://a/\theader=A: b\theader=C: d", "3: http://a/\theader=A: b"});
}

TEST_CASE("JSON lines: null says nothing, a number is its digits, the last of a key counts") {
  CHECK(read_text(R"({"url":"http://a/","out":null,"dir":12,"size":"9"})"
                  "\n"
                  R"({"url":"http://a/","out":"x","out":"y"})") ==
        Read{"1: http://a/\tdir=12\tsize=9", "2: http://a/\tout=y"});
}

TEST_CASE("JSON lines: keys that mean nothing are told once, whatever they hold") {
  CHECK(read_text(R"({"id":1,"url":"http://a/","meta":{"url":"x","list":[1,{"out":[]}]}})"
                  "\n"
                  R"({"id":2,"url":"http://b/","meta":null})") ==
        Read{"1: http://a/", "note 1: nothing is made of id, meta", "2: http://b/"});
}

struct Bad {
  std::string line;
  std::string why;
};

TEST_CASE("a bad line of JSON is told with the reason, and the rest goes on") {
  const std::string kind = "' is of another kind than it should be";
  const Bad table[] = {
      {"{\"url\":\"http://a/\"",
       "it is no JSON object on one line: there is a mistake at its byte 19"},
      {"{\"url\":\"http://a/\"} x",
       "it is no JSON object on one line: there is a mistake at its byte 21"},
      {"{\"url\":\"http://a/\xE9\"}",
       "it is no JSON object on one line: there is a mistake at its byte 19"},
      {std::string("{\"url\":\"\0\"}", 11), "it is no JSON object on one line"},
      {"[\"http://a/\"]", "it is no JSON object: write {\"url\": \"https://...\"}"},
      {"\"http://a/\"", "it is no JSON object: write {\"url\": \"https://...\"}"},
      {"null", "it is no JSON object: write"},
      {"http://a/", "it is no JSON object on one line"},
      {"{}", "it has no URL"},
      {"{\"url\":\"\"}", "it has no URL"},
      {"{\"url\":\"a/b\"}", "'a/b' has no scheme"},
      {"{\"url\":\"http://a/\\u0000\"}",
       "'http://a/?' is no URL to fetch: it holds a control character"},
      {"{\"url\":true}", "the value of 'url" + kind},
      {"{\"url\":{\"x\":1}}", "the value of 'url" + kind},
      {"{\"url\":\"http://a/\",\"out\":[1]}", "the value of 'out" + kind},
      {"{\"url\":\"http://a/\",\"headers\":[[]]}", "the value of 'headers" + kind},
      {"{\"url\":\"http://a/\",\"headers\":{\"a\":{}}}", "the value of 'headers" + kind},
      {"{\"url\":\"http://a/\",\"headers\":{\"a b\":\"c\"}}", "'a b: c' is no header"},
      {"{\"url\":\"http://a/\",\"headers\":{\"a\":\"b\\r\\nc: d\"}}", "'a: b??c: d' is no header"},
      {"{\"url\":\"http://a/\",\"size\":-1}", "the size '-1' is no number of bytes"},
      {"{\"url\":\"http://a/\",\"out\":\"" + std::string(2'000'000, 'x') + "\"}", "'{\"url\":"},
      {"{\"x\":" + std::string(500'000, '['), "it is no JSON object on one line"},
  };
  for (const Bad& row : table) {
    CAPTURE(row.line.substr(0, 100));
    const Read read = test::without_notes(
        read_text("{\"url\":\"http://a/\"}\n" + row.line + "\n{\"url\":\"http://b/\"}\n"));
    REQUIRE(read.size() == 3);
    CHECK(read[1].substr(0, 7 + row.why.size()) == "bad 2: " + row.why);
    CHECK(read[2] == "3: http://b/");
  }
}

TEST_CASE("a JSON array is no JSON lines") {
  CHECK(read_text("[\n{\"url\":\"http://a/\"}\n]\n") ==
        Read{"error: cannot read the list 'F': it is a JSON array: write one object a line, as jq "
             "-c does"});
}

TEST_CASE("lines of JSON can be passed over by those that read them before") {
  const std::string text = "{\"url\":\"http://a/\"}\n\n{\n{\"url\":\"http://b/\",\"x\":1}\n";
  const Read all = test::without_notes(read_text(text));
  REQUIRE(all.size() == 3);
  for (std::size_t skip = 0; skip <= 3; ++skip) {
    CHECK(test::without_notes(read_text(text, InputFormat::automatic, skip)) ==
          Read(all.begin() + skip, all.end()));
  }
}

}  // namespace
}  // namespace weft
