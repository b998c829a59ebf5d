#include "cli/shell_words.hpp"

#include <doctest/doctest.h>

namespace weft {
namespace {

TEST_CASE("a word that a shell takes as it stands is not quoted") {
  CHECK(shell_word("example.org.weft") == "example.org.weft");
  CHECK(shell_word("/var/jobs/a_b-c,d+e:f@g=h") == "/var/jobs/a_b-c,d+e:f@g=h");
}

TEST_CASE("any other word is quoted, so that it can be copied") {
  CHECK(shell_word("") == "''");
  CHECK(shell_word("my job") == "'my job'");
  CHECK(shell_word("\\.pdf$") == "'\\.pdf$'");
  CHECK(shell_word("~/a") == "'~/a'");
  CHECK(shell_word("it's") == "'it'\\''s'");
  CHECK(shell_word("größe") == "'größe'");
}

TEST_CASE("a path that begins as an option does is named from here") {
  CHECK(shell_path("-job") == "./-job");
  CHECK(shell_path("--my job") == "'./--my job'");
  CHECK(shell_path("job-1") == "job-1");
}

}  // namespace
}  // namespace weft
