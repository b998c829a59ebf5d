// What a job keeps of a batch of downloads.
#include <doctest/doctest.h>

#include "support/jobs.hpp"
#include "support/temp_dir.hpp"

namespace weft {
namespace {

using namespace weft::test;

PartNote part(std::uint64_t id, std::vector<std::pair<std::uint64_t, std::uint64_t>> done) {
  return {.id = id,
          .path = "a/b.iso",
          .size = 1000,
          .url = "http://m.example/b.iso",
          .validator = "\"v1\"",
          .done = std::move(done)};
}

StoredTask task(JobDb& job, std::uint32_t id) {
  const std::uint32_t ids[] = {id};
  auto tasks = must(job.tasks(ids));
  REQUIRE(tasks.size() == 1);
  return std::move(tasks.front());
}

TEST_CASE("entries, positions and parts are there for who goes on, of one commit or none") {
  const TempDir dir;
  {
    auto job = must(JobDb::create(dir.path()));
    must(
        job->write({.admitted = {admitted(0), admitted(1)},
                    .downloads = DownloadNews{
                        .entries = {{.id = 0, .input = 1, .line = 7},
                                    {.id = 1, .input = 1, .line = 9, .entry = "http://h/1\tout=x"}},
                        .position = InputPosition{1, "urls.txt", 2, false}}}));
    must(job->write({.downloads = DownloadNews{.parts = {part(1, {{0, 10}, {500, 1000}})}}}));
    must(job->commit());
    must(
        job->write({.downloads = DownloadNews{.position = InputPosition{1, "urls.txt", 3, true}}}));
  }
  auto job = must(JobDb::open(dir.path()));
  const StoredTask plain = task(*job, 0);
  REQUIRE(plain.download);
  CHECK(plain.download->line == 7);
  CHECK(plain.download->entry.empty());
  CHECK_FALSE(plain.part);
  const StoredTask partial = task(*job, 1);
  REQUIRE(partial.download);
  CHECK(partial.download->input == 1);
  CHECK(partial.download->entry == "http://h/1\tout=x");
  REQUIRE(partial.part);
  CHECK(partial.part->path == "a/b.iso");
  CHECK(partial.part->size == 1000);
  CHECK(partial.part->url == "http://m.example/b.iso");
  CHECK(partial.part->validator == "\"v1\"");
  CHECK(partial.part->done == part(1, {{0, 10}, {500, 1000}}).done);

  const auto inputs = must(job->inputs());
  REQUIRE(inputs.size() == 1);
  CHECK(inputs.front().path == "urls.txt");
  CHECK(inputs.front().position == 2);
  CHECK_FALSE(inputs.front().ended);
}

TEST_CASE("a part ends with its download; where bodies are is told by both") {
  const TempDir dir;
  auto job = must(JobDb::create(dir.path()));
  must(job->write({.admitted = {admitted(0), admitted(1)},
                   .downloads = DownloadNews{.parts = {part(0, {}), part(1, {{0, 5}})}}}));
  Record record = settled(0);
  record.file = "a/b.iso";
  must(job->write({.record = record}));
  must(job->commit());
  CHECK(ask(dir.path(), "SELECT url_id, done FROM part") == Rows{"1|0-5"});
  CHECK(ask(dir.path(), "SELECT url_id, file FROM fetch") == Rows{"0|a/b.iso"});
  Rows files;
  must(job->for_each_file([&](std::string_view path) { files.emplace_back(path); }));
  CHECK(files == Rows{"a/b.iso", "a/b.iso"});
}

TEST_CASE("a record that says nothing new of a file leaves where it is") {
  const TempDir dir;
  auto job = must(JobDb::create(dir.path()));
  Record record = settled(0);
  record.file = "x";
  must(job->write({.record = record}));
  must(job->write({.record = settled(0, Outcome::not_modified)}));
  must(job->commit());
  CHECK(ask(dir.path(), "SELECT file FROM fetch") == Rows{"x"});
}

}  // namespace
}  // namespace weft
