// Where a job's files go on, whatever state a kill or a power cut has left them in.
#include "cli/reopened_outputs.hpp"

#include <doctest/doctest.h>

#include <filesystem>

#include "support/temp_dir.hpp"
#include "weft/store/jsonl.hpp"

namespace weft {
namespace {

namespace fs = std::filesystem;
using test::contents;
using test::write_file;
using Strings = std::vector<std::string>;

Record record_of(std::uint64_t id) {
  Record record;
  record.sequence = id;
  record.url = "http://a/" + std::to_string(id);
  record.host = "a";
  return record;
}

// A job in a directory of its own, with as many records as it is told to make.
class Job {
 public:
  explicit Job(std::uint64_t records) {
    fs::create_directory(path());
    auto db = JobDb::create(path());
    REQUIRE_MESSAGE(db, db.error().message);
    CrawlOptions options;
    REQUIRE(remember_crawl(**db, options));
    settle(**db, records);
  }

  std::string path() const { return place_ / "job"; }
  std::string pages() const { return path() + "/pages.jsonl"; }
  std::string pages_of_visit(int visit) const {
    return path() + "/pages." + std::to_string(visit) + ".jsonl";
  }
  std::string copy() const { return place_ / "copy.jsonl"; }

  Started<Outputs> reopen(bool with_copy = false, RecordOrder order = RecordOrder::completion) {
    auto job = open_kept_job(path());
    REQUIRE_MESSAGE(job, job.error().message);
    OutputOptions options;
    options.log_level = LogLevel::off;
    options.order = order;
    if (with_copy) options.jsonl = copy();
    notices.clear();
    return reopen_outputs(options, std::move(*job), WhichBatch::same,
                          [this](const std::string& notice) { notices.push_back(notice); });
  }

  // Reopens, and gives the number of the visit.
  enum class Visit : std::uint8_t { same, next };
  std::uint64_t visit_after(Visit which) {
    auto outputs = reopen();
    REQUIRE_MESSAGE(outputs, outputs.error().message);
    if (which == Visit::next) REQUIRE(weft::begin_visit(*outputs, {}));
    return outputs->db->visit().value();
  }

  // The beginning of the next visit in the database alone: where the program was killed.
  void begin_visit() {
    auto db = JobDb::open(path());
    REQUIRE(db);
    REQUIRE((*db)->begin_visit());
    REQUIRE((*db)->commit());
  }

  std::string lines;  // what pages.jsonl holds by the database
  Strings notices;

 private:
  void settle(JobDb& db, std::uint64_t records) {
    for (std::uint64_t id = 0; id < records; ++id) {
      const Record record = record_of(id);
      REQUIRE(db.write(
          {.admitted = {{.id = id, .url = record.url, .fingerprint = id + 1, .host = "a"}}}));
      lines += to_json(record) + "\n";
      db.set_output_end(pages(), lines.size());
      db.set_output_end(copy(), lines.size());
      REQUIRE(db.write({.record = record}));
    }
    REQUIRE(db.commit());
    write_file(pages(), lines);
    write_file(copy(), lines);
  }

  const test::TempDir place_;
};

void append(const std::string& path, std::string_view text) {
  write_file(path, contents(path) + std::string(text));
}

TEST_CASE("what the database does not count is cut off, and the next record follows") {
  Job job(3);
  append(job.pages(), R"({"url":"http://a/3","kind":)");
  {
    auto outputs = job.reopen();
    REQUIRE_MESSAGE(outputs, outputs.error().message);
    REQUIRE(outputs->sinks.front()->write(record_of(7)));
    REQUIRE(outputs->sinks.front()->close());
  }
  CHECK(contents(job.pages()) == job.lines + to_json(record_of(7)) + "\n");
  CHECK(job.notices.empty());
}

TEST_CASE("records that a power cut took are queued again, and the user is told") {
  Job job(3);
  const std::string first = to_json(record_of(0)) + "\n";
  write_file(job.pages(), job.lines.substr(0, first.size() + 20));
  const auto outputs = job.reopen();
  REQUIRE_MESSAGE(outputs, outputs.error().message);
  CHECK(contents(job.pages()) == first);
  CHECK(outputs->db->output_end() == first.size());
  REQUIRE(job.notices.size() == 1);
  CHECK(job.notices[0].find("2 records are gone, whose URLs are queued again") !=
        std::string::npos);
}

TEST_CASE("a job whose pages.jsonl is missing says what to do, and fetches nothing again") {
  Job job(3);
  fs::remove(job.pages());
  {
    const auto outputs = job.reopen();
    REQUIRE_FALSE(outputs);
    CHECK(outputs.error().code == ExitCode::wrong_use);
    CHECK(outputs.error().message.find("pages.jsonl' is missing") != std::string::npos);
    CHECK(outputs.error().message.find("Put it back") != std::string::npos);
  }
  write_file(job.pages(), job.lines);
  CHECK(job.reopen());
}

TEST_CASE("a job that was killed before its first record goes on") {
  Job job(0);
  fs::remove(job.pages());
  CHECK(job.reopen());
  CHECK(fs::exists(job.pages()));
}

TEST_CASE("a job goes on in its copies too, from where it counted") {
  Job job(2);
  append(job.copy(), "torn");
  {
    auto outputs = job.reopen(true);
    REQUIRE_MESSAGE(outputs, outputs.error().message);
    REQUIRE(outputs->sinks.size() == 2);
    REQUIRE(outputs->sinks[1]->write(record_of(7)));
    REQUIRE(outputs->sinks[1]->close());
  }
  CHECK(contents(job.copy()) == job.lines + to_json(record_of(7)) + "\n");
}

TEST_CASE("a copy that is shorter than it was left is added to, after its last whole line") {
  Job job(2);
  write_file(job.copy(), "somebody's own\nand torn");
  {
    auto outputs = job.reopen(true);
    REQUIRE_MESSAGE(outputs, outputs.error().message);
    REQUIRE(outputs->sinks[1]->write(record_of(7)));
    REQUIRE(outputs->sinks[1]->close());
  }
  CHECK(contents(job.copy()) == "somebody's own\n" + to_json(record_of(7)) + "\n");
  REQUIRE(job.notices.size() == 1);
  CHECK(job.notices[0].find(job.copy()) != std::string::npos);
}

TEST_CASE("a copy that is gone is begun anew") {
  Job job(2);
  fs::remove(job.copy());
  CHECK(job.reopen(true));
  CHECK(fs::exists(job.copy()));
}

TEST_CASE("the order of a list holds for the first run alone, which is said") {
  Job job(2);
  CHECK(job.reopen(true, RecordOrder::input));
  REQUIRE(job.notices.size() == 1);
  CHECK(job.notices[0].find("in order of completion from here on") != std::string::npos);
  CHECK(job.reopen(false, RecordOrder::input));  // it has no copies
  CHECK(job.notices.empty());
}

TEST_CASE("a new visit keeps the records of the one before under its number") {
  Job job(3);
  append(job.pages(), "torn");
  CHECK(job.visit_after(Job::Visit::next) == 2);
  CHECK(contents(job.pages_of_visit(1)) == job.lines);
  CHECK(contents(job.pages()).empty());
  CHECK(job.visit_after(Job::Visit::next) == 3);
  CHECK(fs::exists(job.pages_of_visit(2)));
}

TEST_CASE("a visit whose files were not renamed before the program was killed is put right") {
  Job job(3);
  job.begin_visit();
  CHECK(job.visit_after(Job::Visit::same) == 2);
  CHECK(contents(job.pages_of_visit(1)) == job.lines);
  CHECK(contents(job.pages()).empty());
  CHECK(job.visit_after(Job::Visit::same) == 2);  // and once is enough
  CHECK(contents(job.pages_of_visit(1)) == job.lines);
}

TEST_CASE("a visit that a power cut took out of the database never began") {
  Job job(3);
  fs::rename(job.pages(), job.pages_of_visit(1));
  write_file(job.pages(), "lines of the visit that was\n");
  CHECK(job.visit_after(Job::Visit::same) == 1);
  CHECK(contents(job.pages()) == job.lines);
  CHECK_FALSE(fs::exists(job.pages_of_visit(1)));
}

}  // namespace
}  // namespace weft
