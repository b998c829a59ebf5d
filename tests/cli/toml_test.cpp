#include "cli/toml.hpp"

#include <doctest/doctest.h>

namespace weft {
namespace {

// "table.key=value|value", strings in quotes.
std::string read(std::string_view text) {
  const auto entries = parse_toml(text);
  if (!entries) return "error " + entries.error().message;
  std::string all;
  for (const TomlEntry& entry : *entries) {
    all += std::to_string(entry.line) + " " + entry.table + "." + entry.key + "=";
    for (const TomlValue& value : entry.values) {
      all += value.quoted ? "'" + value.text + "'|" : value.text + "|";
    }
    all += "\n";
  }
  return all;
}

TEST_CASE("values are strings, numbers, booleans and arrays of them") {
  CHECK(read("wait = \"500ms\"") == "1 .wait='500ms'|\n");
  CHECK(read("wait='500ms'") == "1 .wait='500ms'|\n");
  CHECK(read("jobs = 16\n") == "1 .jobs=16|\n");
  CHECK(read("max-pages = 1_000") == "1 .max-pages=1000|\n");
  CHECK(read("x = 1.5") == "1 .x=1.5|\n");
  CHECK(read("http2 = true") == "1 .http2=true|\n");
  CHECK(read("header = [\"A: b\", 'C: d',]") == "1 .header='A: b'|'C: d'|\n");
  CHECK(read("header = []") == "1 .header=\n");
}

TEST_CASE("comments, blank lines, CRLF, a byte order mark and tables") {
  CHECK(read("\xEF\xBB\xBF# a comment\r\n\r\njobs = 1 # more\r\n[crawl]\r\ndepth = 2\r\n") ==
        "3 .jobs=1|\n5 crawl.depth=2|\n");
  CHECK(read("") == "");
  CHECK(read("\n\n# nothing") == "");
  CHECK(read("\"jobs\" = 1") == "1 .jobs=1|\n");
}

TEST_CASE("what begins a comment elsewhere stands in a string as it is") {
  CHECK(read("include = 'a#b' # c") == "1 .include='a#b'|\n");
  CHECK(read("include = '\\d[,\"]'") == "1 .include='\\d[,\"]'|\n");
}

TEST_CASE("escapes of basic strings") {
  CHECK(read(R"(a = "x\ty\\\"\n")") == "1 .a='x\ty\\\"\n'|\n");
  CHECK(read(R"(a = "\u00e9\u20AC\U0001F600")") ==
        "1 .a='\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80'|\n");
}

TEST_CASE("arrays run over lines, and the lines after are still right") {
  CHECK(read("h = [\n  'a', # one\n\n  'b'\n]\njobs = 1") == "1 .h='a'|'b'|\n6 .jobs=1|\n");
}

TEST_CASE("what is no such TOML is an error in its line") {
  CHECK(read("a = 1\nwait = 500ms x") == "error 2: more than one value on a line");
  CHECK(read("wait = soon") == "error 1: strings are written in quotes: \"500ms\"");
  CHECK(read("wait =") == "error 1: strings are written in quotes: \"500ms\"");
  CHECK(read("\njobs") == "error 2: an option is written name = value");
  CHECK(read("= 3") == "error 1: an option is written name = value");
  CHECK(read("a.b = 3") == "error 1: an option is written name = value");
  CHECK(read("[crawl") == "error 1: a table is written [name]");
  CHECK(read("[[crawl]]") == "error 1: a table is written [name]");
  CHECK(read("a = \"x\nb = 1") == "error 1: a string has no closing \"");
  CHECK(read("a = 'x") == "error 1: a string has no closing '");
  CHECK(read(R"(a = "\d")") == "error 1: unknown escape in a string; '...' knows none");
  CHECK(read(R"(a = "\ud800")") == "error 1: unknown escape in a string; '...' knows none");
  CHECK(read("a = ['x'\n'y']") == "error 2: a ',' or ']' is missing in an array");
  CHECK(read("a = ['x',\n") == "error 2: an array has no ']'");
  CHECK(read("a = {b = 1}") == "error 1: strings are written in quotes: \"500ms\"");
  CHECK(read("a = 1\nb = 2\na = 3") == "error 3: 'a' is set in line 1 already");
}

TEST_CASE("the same key may stand in two tables") {
  CHECK(read("jobs = 1\n[crawl]\njobs = 2") == "1 .jobs=1|\n3 crawl.jobs=2|\n");
}

}  // namespace
}  // namespace weft
