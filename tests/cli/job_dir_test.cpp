#include "cli/job_dir.hpp"

#include <doctest/doctest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <utility>

#include "cli/outputs.hpp"

namespace weft {
namespace {

namespace fs = std::filesystem;

// A directory of its own, removed at the end.
class Place {
 public:
  Place() { fs::create_directories(path_); }
  ~Place() { fs::remove_all(path_); }
  Place(const Place&) = delete;
  Place& operator=(const Place&) = delete;

  std::string operator/(const std::string& name) const { return path_ / name; }

 private:
  const fs::path path_ = fs::temp_directory_path() / ("weft-job-" + std::to_string(::getpid()));
};

void write(const std::string& path) { std::ofstream(path) << "x"; }

std::string name_for(std::string_view url) { return job_name(Url::parse(url).value()); }

CrawlOptions into(const std::string& directory) {
  CrawlOptions options;
  options.crawl.seeds = {Url::parse("http://example.org/").value()};
  options.output.directory = directory;
  options.output.log_level = LogLevel::off;
  return options;
}

TEST_CASE("a job is named after its first seed's host") {
  CHECK(name_for("https://example.org/a/b?c") == "example.org.weft");
  CHECK(name_for("http://127.0.0.2:8081/") == "127.0.0.2.weft");
  CHECK(name_for("http://[::1]/") == "___1_.weft");
  CHECK(name_for("http://" + std::string(250, 'a') + "/").size() <= 255);
}

TEST_CASE("a job directory is made, with those above it") {
  const Place place;
  auto job = JobDir::create(place / "a/b/c");
  REQUIRE(job);
  job->keep();
  CHECK(fs::is_directory(place / "a/b/c"));
  CHECK(job->pages() == place / "a/b/c/pages.jsonl");
}

TEST_CASE("a run that did not start leaves nothing") {
  const Place place;
  { REQUIRE(open_outputs(into(place / "job"))); }
  CHECK_FALSE(fs::exists(place / "job"));
}

TEST_CASE("what was there before a run that did not start is left") {
  const Place place;
  fs::create_directory(place / "job");
  write(place / "job/notes");
  { REQUIRE(open_outputs(into(place / "job"))); }
  CHECK(fs::exists(place / "job/notes"));
  CHECK_FALSE(fs::exists(place / "job/pages.jsonl"));
}

TEST_CASE("a job is never overwritten") {
  for (const char* file : {"pages.jsonl", "job.db", "weft.log"}) {
    CAPTURE(file);
    const Place place;
    fs::create_directory(place / "job");
    write(place / "job/" + file);
    const auto job = JobDir::create(place / "job");
    REQUIRE_FALSE(job);
    CHECK(job.error().code == ExitCode::wrong_use);
    CHECK(job.error().message.find("holds a job already") != std::string::npos);
    CHECK(job.error().message.find("-o") != std::string::npos);
    const bool can_be_resumed = std::string_view(file) == "job.db";
    CHECK((job.error().message.find("weft resume " + (place / "job")) != std::string::npos) ==
          can_be_resumed);
    CHECK(fs::file_size(place / "job/" + file) == 1);
  }
}

TEST_CASE("a job directory is held by one run at a time") {
  const Place place;
  const auto first = JobDir::create(place / "job");
  REQUIRE(first);
  const Started<JobDir> others[] = {JobDir::create(place / "job"), JobDir::open(place / "job")};
  for (const auto& second : others) {
    REQUIRE_FALSE(second);
    CHECK(second.error().code == ExitCode::wrong_use);
    CHECK(second.error().message.find("by process " + std::to_string(::getpid())) !=
          std::string::npos);
  }
}

TEST_CASE("a job that was opened is left as it was") {
  const Place place;
  fs::create_directory(place / "job");
  write(place / "job/job.db");
  { REQUIRE(JobDir::open(place / "job")); }
  CHECK(fs::exists(place / "job/job.db"));
  CHECK_FALSE(fs::exists(place / "job/.lock"));
}

TEST_CASE("a file where the directory should be is wrong use") {
  const Place place;
  write(place / "file");
  for (const std::string& path : {place / "file", place / "file/below"}) {
    CAPTURE(path);
    const auto job = JobDir::create(path);
    REQUIRE_FALSE(job);
    CHECK(job.error().code == ExitCode::wrong_use);
    CHECK(job.error().message.find("a file has that name") != std::string::npos);
  }
}

TEST_CASE("a place that cannot be written is told apart from wrong use") {
  const auto job = JobDir::create("/proc/weft/job");
  REQUIRE_FALSE(job);
  CHECK(job.error().code == ExitCode::cannot_write);
  CHECK(job.error().message.starts_with("cannot create the job directory '/proc/weft/job': "));
}

TEST_CASE("records and links go where they are asked to, besides the job") {
  const Place place;
  CrawlOptions options = into(place / "job");
  options.output.jsonl = place / "records.jsonl";
  options.output.links = place / "links.jsonl";
  auto outputs = open_outputs(options);
  REQUIRE(outputs);
  CHECK(outputs->sinks.size() == 3);
  CHECK(outputs->db);
  CHECK(fs::exists(place / "job/job.db"));
  CHECK(fs::exists(place / "job/pages.jsonl"));
  CHECK(fs::exists(place / "records.jsonl"));
  CHECK(fs::exists(place / "links.jsonl"));
}

TEST_CASE("without a job nothing is written but what is asked for") {
  const Place place;
  CrawlOptions options = into("");
  options.output.keep_job = false;
  options.output.jsonl = place / "records.jsonl";
  const auto outputs = open_outputs(options);
  REQUIRE(outputs);
  CHECK(outputs->sinks.size() == 1);
  CHECK_FALSE(outputs->job);
  CHECK_FALSE(outputs->db);
}

TEST_CASE("an output that cannot be opened takes the new job directory with it") {
  const Place place;
  CrawlOptions options = into(place / "job");
  options.output.jsonl = place / "missing/records.jsonl";
  const auto outputs = open_outputs(options);
  REQUIRE_FALSE(outputs);
  CHECK(outputs.error().code == ExitCode::cannot_write);
  CHECK_FALSE(fs::exists(place / "job"));
}

TEST_CASE("two outputs in one place are wrong use, however it is spelt") {
  const Place place;
  for (const auto& places : {std::pair<std::string, std::string>{"-", "-"},
                             {place / "x", place / "x"},
                             {place / "x", place / "./x"},
                             {place / "job/pages.jsonl", ""}}) {
    CAPTURE(places.first);
    CrawlOptions options = into(place / "job");
    options.output.jsonl = places.first;
    options.output.links = places.second;
    const auto outputs = open_outputs(options);
    REQUIRE_FALSE(outputs);
    CHECK(outputs.error().code == ExitCode::wrong_use);
    CHECK_FALSE(fs::exists(place / "job"));
  }
}

}  // namespace
}  // namespace weft
