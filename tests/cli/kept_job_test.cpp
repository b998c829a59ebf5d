// What a job remembers of its start, and which directories are no job.
#include "cli/kept_job.hpp"

#include <doctest/doctest.h>

#include <filesystem>

#include "support/temp_dir.hpp"

namespace weft {
namespace {

CrawlOptions asked() {
  CrawlOptions options;
  options.to_save = {{"scope", "prefix"}, {"netrc", ""}};
  for (const char* seed : {"http://a/", "https://me:secret@b/x"}) {
    options.crawl.seeds.push_back(Url::parse(seed).value());
  }
  return options;
}

// A job as a run leaves it that was killed at once.
void make_job(const std::string& path, const CrawlOptions& options = asked()) {
  std::filesystem::create_directories(path);
  auto db = JobDb::create(path);
  REQUIRE_MESSAGE(db, db.error().message);
  REQUIRE(remember_crawl(**db, options));
}

std::string refusal(const std::string& path) {
  const auto job = open_kept_job(path);
  if (job) return "";
  CHECK(job.error().code == ExitCode::wrong_use);
  return job.error().message;
}

TEST_CASE("a job remembers its options, and the logins of its seeds") {
  const test::TempDir place;
  make_job(place / "job");
  const auto job = open_kept_job(place / "job");
  REQUIRE_MESSAGE(job, job.error().message);
  CHECK(job->options == asked().to_save);
  REQUIRE(job->logins.size() == 1);
  CHECK(job->logins[0].href() == "https://me:secret@b/x");
  CHECK_FALSE(job->must_judge_again);
}

TEST_CASE("what is given anew is remembered, and a changed scope until it has been judged") {
  const test::TempDir place;
  make_job(place / "job");
  const SavedOptions anew{{"scope", "any"}};
  for (const bool changes_scope : {true, false}) {
    auto job = open_kept_job(place / "job");
    REQUIRE(job);
    REQUIRE(remember_change(*job->db, {.options = anew, .changes_scope = changes_scope}));
    job = tl::unexpected(Refusal{});  // closed
    const auto again = open_kept_job(place / "job");
    REQUIRE(again);
    CHECK(again->options == anew);
    CHECK(again->must_judge_again == changes_scope);
    CHECK(again->logins.size() == 1);
  }
}

TEST_CASE("a directory that is no job is left as it is") {
  const test::TempDir place;
  std::filesystem::create_directory(place / "empty");
  for (const char* name : {"missing", "empty"}) {
    CHECK(refusal(place / name).starts_with("there is no job: no file '"));
  }
  CHECK(std::filesystem::is_empty(place / "empty"));
}

TEST_CASE("a job that is being worked on says by whom") {
  const test::TempDir place;
  make_job(place / "job");
  const auto first = open_kept_job(place / "job");
  REQUIRE(first);
  CHECK(refusal(place / "job").find("is being worked on by process") != std::string::npos);
}

TEST_CASE("a damaged database is told and left as it is") {
  const test::TempDir place;
  test::write_file(place / "job/job.db", "this is no database");
  CHECK(refusal(place / "job").find("is damaged") != std::string::npos);
  CHECK(test::contents(place / "job/job.db") == "this is no database");
}

TEST_CASE("a job of another command, or with options that nobody wrote, is refused") {
  const test::TempDir place;
  struct Meta {
    const char* key;
    const char* value;
    const char* says;
  };
  for (const Meta& meta : {Meta{"command", "get", "a job of 'weft get'"},
                           Meta{"command", "", "stopped before it had begun"},
                           Meta{"options", "{}", "no list"}, Meta{"logins", "[\"x\"]", "no URL"}}) {
    CAPTURE(meta.value);
    std::filesystem::remove_all(place / "job");
    make_job(place / "job");
    {
      auto db = JobDb::open(place / "job");
      REQUIRE(db);
      REQUIRE((*db)->put_meta(meta.key, meta.value));
      REQUIRE((*db)->commit());
    }
    CHECK(refusal(place / "job").find(meta.says) != std::string::npos);
  }
}

}  // namespace
}  // namespace weft
