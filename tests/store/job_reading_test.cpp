// A large job that somebody watches, and stops.
#include "weft/store/job_reading.hpp"

#include <doctest/doctest.h>

#include <array>
#include <filesystem>
#include <functional>

#include "support/jobs.hpp"
#include "support/temp_dir.hpp"

namespace weft {
namespace {

using test::admitted;
using test::ask;
using test::must;
using test::queued;
using test::Rows;
using test::settled;
using test::TempDir;

// Many times as many as are read between two looks at whether to stop.
constexpr std::uint64_t kUrls = 5000;

enum class State : std::uint8_t { queued, settled };

void make_job(const std::string& directory, State state) {
  auto job = must(JobDb::create(directory));
  for (std::uint64_t id = 0; id < kUrls; ++id) {
    JournalEntry entry{.admitted = {admitted(id)}};
    if (state == State::settled) entry.record = settled(id);
    must(job->write(entry));
  }
  must(job->commit());
}

TEST_CASE("who watches a job sees how far it is read") {
  const TempDir dir;
  make_job(dir.path(), State::queued);
  JobReading reading;
  auto job = must(JobDb::open(dir.path()));
  job->watch(&reading);
  CHECK(reading.state().total == 0);
  must(job->for_each_url([&](const KnownUrl& url) {
    const JobReading::State state = reading.state();
    if (url.id % 1000 != 0) return;
    CHECK(state.step == JobReading::Step::restoring);
    CHECK(state.read == url.id);
    CHECK(state.total == kUrls);
  }));
}

TEST_CASE("a job whose reading is stopped is not read to its end, and is as it was") {
  const TempDir dir;
  make_job(dir.path(), State::queued);
  JobReading reading;
  auto job = must(JobDb::open(dir.path()));
  job->watch(&reading);
  std::uint64_t read = 0;
  const auto done = job->for_each_url([&](const KnownUrl&) {
    if (++read == 10) reading.stop();
  });
  CHECK_FALSE(done);
  CHECK(job->is_stopped());
  CHECK(read >= 10);
  CHECK(read < kUrls / 2);
  CHECK_FALSE(job->for_each_url([](const KnownUrl&) {}));  // it stays stopped
  job.reset();
  CHECK(queued(*must(JobDb::open(dir.path()))).size() == kUrls);
}

TEST_CASE("a job that nobody watches any more is read and written whatever was stopped") {
  const TempDir dir;
  make_job(dir.path(), State::queued);
  JobReading reading;
  auto job = must(JobDb::open(dir.path()));
  job->watch(&reading);
  job->watch(nullptr);
  reading.stop();
  CHECK(queued(*job).size() == kUrls);
  must(job->put_meta("a", "b"));
  must(job->commit());
}

TEST_CASE("what takes long in a stopped job is undone, still due, and done by the next run") {
  using Judge = std::function<std::optional<std::string>(const StoredTask&)>;
  struct Long {
    const char* what;
    State state;
    std::string_view due;
    std::function<bool(JobDb& job, JobReading* stopped)> run;  // was it done?
    const char* done;                                          // what is asked then
    Rows before, after;
  };
  const auto judge = [](JobDb& job, JobReading* stopped) {
    const Judge refuse_all = [stopped, n = 0](const StoredTask&) mutable {
      if (stopped != nullptr && ++n == 10) stopped->stop();
      return std::optional<std::string>("scope");
    };
    return job.judge_again(refuse_all).has_value();
  };
  const auto visit = [](JobDb& job, JobReading* stopped) {
    if (stopped != nullptr) stopped->stop();
    return job.begin_visit().has_value();
  };
  const std::array longs{Long{"judging",
                              State::queued,
                              kJudgeAgain,
                              judge,
                              "SELECT state, count(*) FROM url",
                              {"queued|5000"},
                              {"refused|5000"}},
                         Long{"visit",
                              State::settled,
                              kBeginVisit,
                              visit,
                              "SELECT state, count(*) FROM url",
                              {"settled|5000"},
                              {"queued|5000"}}};
  for (const Long& one : longs) {
    CAPTURE(one.what);
    const TempDir dir;
    make_job(dir.path(), one.state);
    {
      JobReading reading;
      auto job = must(JobDb::open(dir.path()));
      must(job->put_meta(one.due, "yes"));
      must(job->commit());
      job->watch(&reading);
      CHECK_FALSE(one.run(*job, &reading));
    }
    CHECK(ask(dir.path(), one.done) == one.before);
    auto job = must(JobDb::open(dir.path()));
    CHECK(must(job->meta(one.due)) == "yes");
    CHECK(one.run(*job, nullptr));
    CHECK(ask(dir.path(), one.done) == one.after);
    CHECK(must(job->meta(one.due)) == "");
  }
}

TEST_CASE("a wait ends when the reading is stopped") {
  JobReading reading;
  CHECK_FALSE(reading.wait_until_stopped({}));
  reading.stop();
  CHECK(reading.wait_until_stopped(std::chrono::hours(1)));
}

TEST_CASE("a job is done until something of it is queued again") {
  const auto take_back = [](JobDb& job) { must(job.take_back_past(0)); };
  const auto visit = [](JobDb& job) { must(job.begin_visit()); };
  const auto judge = [](JobDb& job) {
    must(job.judge_again([](const StoredTask&) { return std::nullopt; }));
  };
  const auto judge_the_same = [](JobDb& job) {
    must(job.judge_again([](const StoredTask&) { return "pattern"; }));
  };
  struct Change {
    std::function<void(JobDb&)> make;
    bool is_done;
  };
  for (const Change& change : {Change{take_back, false}, Change{visit, false}, Change{judge, false},
                               Change{judge_the_same, true}}) {
    const TempDir dir;
    auto job = must(JobDb::create(dir.path()));
    job->set_output_end(dir / "pages.jsonl", 100);
    must(job->write(
        {.record = settled(0),
         .admitted = {admitted(0)},
         .refused = {{.url = "http://h.example/x", .rule = "scope", .fingerprint = 7}}}));
    CHECK_FALSE(must(job->is_done()));
    must(job->put_done());
    must(job->commit());
    CHECK(must(job->is_done()));
    change.make(*job);
    CHECK(must(job->is_done()) == change.is_done);
  }
}

}  // namespace
}  // namespace weft
