// What a job remembers, and what may be given to it anew.
#include "cli/saved_options.hpp"

#include <doctest/doctest.h>

#include <filesystem>

#include "cli/crawl_command.hpp"
#include "cli/options.hpp"
#include "support/temp_dir.hpp"

namespace weft {
namespace {

using Strings = std::vector<std::string>;

SavedOptions saved_of(const Strings& words) {
  const auto options = read_crawl_options(words);
  REQUIRE_MESSAGE(options, options.error().message);
  return (*options)->to_save;
}

TEST_CASE("a job remembers options as they were given, in order") {
  CHECK(saved_of({"-s", "prefix", "--exclude", "x", "http://a/", "--include", "y", "--netrc"}) ==
        SavedOptions{{"scope", "prefix"}, {"exclude", "x"}, {"include", "y"}, {"netrc", ""}});
  CHECK(saved_of({"http://a/"}).empty());
  CHECK(saved_of({"--dns-servers", "192.0.2.1", "http://a/"}) ==
        SavedOptions{{"dns-servers", "192.0.2.1"}});
}

TEST_CASE("it remembers what a configuration file held, not the file") {
  const test::TempDir place;
  test::write_file(place / "weft.toml", "jobs = 8\nwait = '1s'\nsitemaps = false\nquiet = true\n");
  CHECK(saved_of({"--config", place / "weft.toml", "-j", "2"}) ==
        SavedOptions{{"wait", "1s"}, {"no-sitemaps", ""}, {"jobs", "2"}});
}

TEST_CASE("what belongs to one run, and where a job lies, is not remembered") {
  CHECK(saved_of({"-q", "-v", "--progress", "none", "-o", "job", "-i", "list"}).empty());
}

TEST_CASE("files are remembered wherever the job is gone on from") {
  const std::string here = std::filesystem::current_path();
  CHECK(saved_of({"--jsonl", "a.jsonl", "--links", "-", "--log-file", "../w.log", "--cacert",
                  "/etc/ca.pem", "--load-cookies", "./c"}) ==
        SavedOptions{{"jsonl", here + "/a.jsonl"},
                     {"links", "-"},
                     {"log-file", std::filesystem::path(here).parent_path() / "w.log"},
                     {"cacert", "/etc/ca.pem"},
                     {"load-cookies", here + "/c"}});
}

TEST_CASE("what is remembered comes back from JSON as it was") {
  const SavedOptions options{
      {"scope", "host"}, {"header", "X: \"ü\"\\\n"}, {"netrc", ""}, {"exclude", "[a]"}};
  const auto json = to_json(options);
  REQUIRE(json);
  CHECK(to_json({{"scope", "host"}, {"exclude", "x"}}) == R"([["scope","host"],["exclude","x"]])");
  CHECK(parse_saved_options(*json) == options);
  CHECK(to_json(SavedOptions{}) == "[]");
  CHECK(parse_texts(to_json(Strings{"http://u:p@a/", ""})) == Strings{"http://u:p@a/", ""});
}

TEST_CASE("what JSON cannot carry is refused when a job begins") {
  const auto json = to_json(SavedOptions{{"exclude", "\xFF"}});
  REQUIRE_FALSE(json);
  CHECK(json.error().message.find("not UTF-8") != std::string::npos);
}

TEST_CASE("what is no list of pairs of texts is refused, not guessed at") {
  for (const char* text : {"", "{", "{}", "[[]]", "[[\"a\"]]", "[[\"a\",1]]", "[[1,\"a\"]]",
                           "[\"a\",\"b\"]", "[[\"a\",\"b\",\"c\"]]"}) {
    CAPTURE(text);
    CHECK_FALSE(parse_saved_options(text));
  }
  for (const char* text : {"", "{}", "[1]"}) CHECK_FALSE(parse_texts(text));
}

TEST_CASE("an option given anew takes the place of the one remembered") {
  const SavedOptions saved{{"jobs", "4"}, {"scope", "host"}, {"jobs", "5"}};
  CHECK(replaced(saved, {{"jobs", "8"}}) == SavedOptions{{"scope", "host"}, {"jobs", "8"}});
  CHECK(replaced(saved, {}) == saved);
}

TEST_CASE("patterns given anew take the place of all patterns, of both kinds") {
  const SavedOptions saved{{"exclude", "a"}, {"include", "b"}, {"scope", "any"}};
  CHECK(replaced(saved, {{"exclude", "c"}, {"exclude", "d"}}) ==
        SavedOptions{{"scope", "any"}, {"exclude", "c"}, {"exclude", "d"}});
}

TEST_CASE("an option that is no longer known is named") {
  CrawlOptions options;
  const OptionTable table = crawl_options(options);
  const auto given = given_again({{"jobs", "3"}, {"teleport", "now"}}, table);
  REQUIRE_FALSE(given);
  CHECK(given.error().message.find("--teleport") != std::string::npos);
}

TEST_CASE("what is given is told as it would be written") {
  CHECK(to_text(SavedOptions{{"jobs", "8"}, {"exclude", "a b"}, {"no-adapt", ""}}) ==
        "--jobs 8 --exclude 'a b' --no-adapt");
}

}  // namespace
}  // namespace weft
