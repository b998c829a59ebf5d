#include "cli/command_line.hpp"

#include <doctest/doctest.h>

#include <vector>

namespace weft {
namespace {

using Strings = std::vector<std::string>;

const OptionTable kTable{{"Options",
                          {{.name = "jobs", .letter = 'j', .value = "N"},
                           {.name = "header", .letter = 'H', .value = "S"},
                           {.name = "jsonl", .value = "FILE"},
                           {.name = "quiet", .letter = 'q'},
                           {.name = "verbose", .letter = 'v'}}}};

CommandLine read(const Strings& words) {
  auto line = read_command_line(kTable, words);
  REQUIRE_MESSAGE(line, line.error().message);
  return std::move(*line);
}

Strings given(const Strings& words) {
  Strings all;
  for (const Given& one : read(words).given) all.push_back(one.option->name + "=" + one.value);
  return all;
}

std::string refusal(const Strings& words) {
  const auto line = read_command_line(kTable, words);
  return line ? "" : line.error().message;
}

TEST_CASE("options are written as getopt has them") {
  CHECK(given({"--jobs", "3"}) == Strings{"jobs=3"});
  CHECK(given({"--jobs=3"}) == Strings{"jobs=3"});
  CHECK(given({"-j", "3"}) == Strings{"jobs=3"});
  CHECK(given({"-j3"}) == Strings{"jobs=3"});
  CHECK(given({"-qv"}) == Strings{"quiet=", "verbose="});
  CHECK(given({"-qj3"}) == Strings{"quiet=", "jobs=3"});
}

TEST_CASE("values are taken as they are") {
  CHECK(given({"--jsonl", "-"}) == Strings{"jsonl=-"});
  CHECK(given({"--jsonl=-"}) == Strings{"jsonl=-"});
  CHECK(given({"-H", "-X: y"}) == Strings{"header=-X: y"});
  CHECK(given({"-H", "a=b"}) == Strings{"header=a=b"});
  CHECK(given({"--header", "[a,b]"}) == Strings{"header=[a,b]"});
  CHECK(given({"--header", "{}"}) == Strings{"header={}"});
  CHECK(given({"-H", ""}) == Strings{"header="});
}

TEST_CASE("what is given is kept in order, however often") {
  CHECK(given({"-j", "1", "-H", "a", "--jobs", "2", "-q", "-H", "b"}) ==
        Strings{"jobs=1", "header=a", "jobs=2", "quiet=", "header=b"});
}

TEST_CASE("the other words are left, options among them or not") {
  CHECK(read({"http://a/", "-q", "http://b/"}).rest == Strings{"http://a/", "http://b/"});
  CHECK(read({"-q", "http://a/", "-j", "3", "http://b/"}).rest ==
        Strings{"http://a/", "http://b/"});
  CHECK(read({"-q", "--", "-j", "--jobs"}).rest == Strings{"-j", "--jobs"});
  CHECK(read({"-"}).rest == Strings{"-"});
}

TEST_CASE("help is asked for by -h and --help") {
  CHECK(read({"--help"}).help);
  CHECK(read({"http://a/", "-h"}).help);
  CHECK_FALSE(read({"http://a/"}).help);
}

TEST_CASE("an unknown option is named, and the one that was meant") {
  CHECK(refusal({"--jbos", "3"}) == "unknown option '--jbos': did you mean --jobs?");
  CHECK(refusal({"--qiet=3"}) == "unknown option '--qiet': did you mean --quiet?");
  CHECK(refusal({"--hepl"}) == "unknown option '--hepl': did you mean --help?");
  CHECK(refusal({"--nothing-like-it"}) ==
        "unknown option '--nothing-like-it'. --help lists the options.");
  CHECK(refusal({"-z"}) == "unknown option '-z'. --help lists the options.");
  CHECK(refusal({"-qz", "http://a/"}) == "unknown option '-z'. --help lists the options.");
}

TEST_CASE("a missing value is said to be missing, a superfluous one to be so") {
  CHECK(refusal({"http://a/", "--jobs"}) == "--jobs needs a value: --jobs N");
  CHECK(refusal({"--long-j"}).starts_with("unknown option '--long-j'"));
  CHECK(refusal({"-j"}) == "-j needs a value: -j N");
  CHECK(refusal({"-qj"}) == "-qj needs a value: -qj N");
  CHECK(refusal({"--quiet=yes"}).find("takes no value") != std::string::npos);
}

TEST_CASE("the error of a setter carries the option's name") {
  const OptionTable table{{"Options",
                           {{.name = "jobs",
                             .letter = 'j',
                             .value = "N",
                             .set = [](std::string_view value) -> Result<void> {
                               return fail("'{}' is odd", value);
                             }}}}};
  const auto line = read_command_line(table, Strings{"-j", "3"});
  REQUIRE(line);
  const auto set = apply(line->given);
  REQUIRE_FALSE(set);
  CHECK(set.error().message == "--jobs: '3' is odd");
}

}  // namespace
}  // namespace weft
