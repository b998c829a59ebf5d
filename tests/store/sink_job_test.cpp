// The sink thread with a job: what is committed together, who may ask, what a failure leaves.
#include <doctest/doctest.h>

#include <chrono>
#include <filesystem>
#include <future>
#include <memory>
#include <semaphore>

#include "store/sinks.hpp"
#include "support/jobs.hpp"
#include "support/temp_dir.hpp"
#include "weft/store/jsonl.hpp"

namespace weft {
namespace {

using namespace std::chrono_literals;
using test::admitted;
using test::ask;
using test::contents;
using test::must;
using test::queued;
using test::Rows;
using test::settled;
using test::SinkLog;
using test::SinkSpy;
using test::TempDir;
using Ids = std::vector<std::uint64_t>;

constexpr Gather kForEver{.longest = 24h};  // that only something else than time can end

// Tells how many records were written when the first commit came.
class FirstFlush final : public Sink {
 public:
  explicit FirstFlush(std::promise<std::size_t>& written) : answer_(written) {}
  Result<void> write(const Record&) override {
    ++written_;
    return {};
  }
  Result<void> flush() override {
    if (!std::exchange(told_, true)) answer_.set_value(written_);
    return {};
  }

 private:
  std::size_t written_ = 0;
  bool told_ = false;
  std::promise<std::size_t>& answer_;
};

JournalEntry entry_of(std::uint64_t id) {
  return {.record = settled(id), .admitted = {admitted(id), admitted(100 + id)}};
}

std::string pages_of(const TempDir& dir) { return dir / "pages.jsonl"; }

std::vector<std::unique_ptr<Sink>> record_file(const TempDir& dir) {
  std::vector<std::unique_ptr<Sink>> sinks;
  sinks.push_back(must(open_record_file(pages_of(dir), OpenMode::create_new)));
  return sinks;
}

// What the thread answers when asked to look; waits for it.
template <class Look>
auto look(SinkThread& thread, Look look_at) {
  std::promise<decltype(look_at(std::declval<JobDb&>()))> answer;
  thread.ask([&](JobDb& job) -> Result<void> {
    answer.set_value(look_at(job));
    return {};
  });
  return answer.get_future().get();
}

// Goes on with the job: its output cut where the job says, each line a committed record.
void check_resumable(const TempDir& dir, const Ids& committed) {
  auto job = must(JobDb::open(dir.path()));
  const std::uint64_t end = must(job->output_end());
  REQUIRE(std::filesystem::file_size(pages_of(dir)) >= end);
  must(reopen_record_file(pages_of(dir), end));
  std::string lines;
  Rows ids;
  for (const std::uint64_t id : committed) {
    lines += to_json(settled(id)) + "\n";
    ids.push_back(std::to_string(id));
  }
  CHECK(contents(pages_of(dir)) == lines);
  CHECK(ask(dir.path(), "SELECT url_id FROM fetch") == ids);
}

TEST_CASE("entries reach the job with the records that brought the output so far") {
  const TempDir dir;
  SinkThread thread(record_file(dir), must(JobDb::create(dir.path())), 8, nullptr);
  for (const std::uint64_t id : {0, 1, 2}) REQUIRE(thread.push(entry_of(id)));
  REQUIRE(thread.push({.host = HostNote{.host = "h.example", .slots = 3}}));
  REQUIRE(thread.close());
  CHECK(ask(dir.path(), "SELECT max(output_end) FROM fetch") ==
        Rows{std::to_string(std::filesystem::file_size(pages_of(dir)))});
  check_resumable(dir, {0, 1, 2});
  auto job = must(JobDb::open(dir.path()));
  CHECK(must(job->hosts()).size() == 1);
  CHECK(queued(*job) == Ids{100, 101, 102});
}

TEST_CASE("the job is free for others when close returns") {
  const TempDir dir;
  SinkThread thread({}, must(JobDb::create(dir.path())), 8, nullptr, kForEver);
  REQUIRE(thread.push(entry_of(0)));
  REQUIRE(thread.close());  // and waits for nothing more to come
  CHECK_FALSE(std::filesystem::exists(dir / "job.db-wal"));
  CHECK(queued(*must(JobDb::open(dir.path()))) == Ids{100});
}

TEST_CASE("a question is asked when all before it is written, and waits for no commit") {
  const TempDir dir;
  SinkThread thread(record_file(dir), must(JobDb::create(dir.path())), 8, nullptr, kForEver);
  for (const std::uint64_t id : {0, 1}) REQUIRE(thread.push(entry_of(id)));
  CHECK(look(thread, [](JobDb& job) { return queued(job); }) == Ids{100, 101});
  REQUIRE(thread.push(entry_of(2)));
  CHECK(look(thread, [](JobDb& job) { return queued(job); }) == Ids{100, 101, 102});
}

TEST_CASE("a question waits for no room") {
  const TempDir dir;
  SinkThread thread({}, must(JobDb::create(dir.path())), 1, nullptr);
  std::binary_semaphore entered(0);
  std::binary_semaphore let(0);
  thread.ask([&](JobDb&) -> Result<void> {
    entered.release();
    let.acquire();
    return {};
  });
  entered.acquire();
  REQUIRE(thread.push(entry_of(0)));  // fills the queue
  Ids answer;
  for (int i = 0; i < 3; ++i) {
    thread.ask([&](JobDb& job) -> Result<void> {
      answer = queued(job);
      return {};
    });
  }
  let.release();
  REQUIRE(thread.close());
  CHECK(answer == Ids{100});
}

TEST_CASE("entries are gathered for one commit until there are enough of them") {
  const TempDir dir;
  std::promise<std::size_t> written;
  std::vector<std::unique_ptr<Sink>> sinks;
  sinks.push_back(std::make_unique<FirstFlush>(written));
  SinkThread thread(std::move(sinks), must(JobDb::create(dir.path())), 1024, nullptr, kForEver);
  for (std::uint64_t id = 0; id < kForEver.enough; ++id) REQUIRE(thread.push(entry_of(id)));
  CHECK(written.get_future().get() == kForEver.enough);  // hangs if they waited for more
}

TEST_CASE("who is to be told of a commit does not hasten it") {
  const TempDir dir;
  std::promise<std::size_t> written;
  std::promise<void> committed;
  std::vector<std::unique_ptr<Sink>> sinks;
  sinks.push_back(std::make_unique<FirstFlush>(written));
  SinkThread thread(std::move(sinks), must(JobDb::create(dir.path())), 8, nullptr,
                    {.longest = 24h, .enough = 2});
  REQUIRE(thread.push(entry_of(0)));
  thread.after_commit([&committed] { committed.set_value(); });
  REQUIRE(thread.push(entry_of(1)));
  committed.get_future().wait();  // hangs if nobody is told
  CHECK(written.get_future().get() == 2);
  CHECK(thread.uncommitted() == 0);
}

TEST_CASE("a sink that fails leaves the job as its last commit, and the output no shorter") {
  const TempDir dir;
  SinkLog log;
  auto sinks = record_file(dir);
  sinks.push_back(std::make_unique<SinkSpy>(log, 3));
  SinkThread thread(std::move(sinks), must(JobDb::create(dir.path())), 8, nullptr, kForEver);
  for (const std::uint64_t id : {0, 1}) REQUIRE(thread.push(entry_of(id)));
  look(thread, [](JobDb&) { return 0; });  // ends the batch
  look(thread, [](JobDb&) { return 0; });  // and comes after its commit
  for (const std::uint64_t id : {2, 3, 4}) REQUIRE(thread.push(entry_of(id)));
  CHECK(thread.close().error().message == "no room for 3");
  check_resumable(dir, {0, 1});
}

TEST_CASE("entries that belong together are committed together, or not at all") {
  const TempDir dir;
  auto job = must(JobDb::create(dir.path()));
  {
    SinkThread thread({}, std::move(job), 8, nullptr);
    REQUIRE(thread.push({.admitted = {admitted(0)}, .more_follows = true}));
    REQUIRE(thread.close());  // the rest never came
  }
  job = must(JobDb::open(dir.path()));
  CHECK(queued(*job).empty());
  SinkThread thread({}, std::move(job), 8, nullptr);
  REQUIRE(thread.push({.admitted = {admitted(0)}, .more_follows = true}));
  look(thread, [](JobDb&) { return 0; });
  look(thread, [](JobDb&) { return 0; });  // the batch before has ended
  CHECK(ask(dir.path(), "SELECT * FROM url").empty());
  REQUIRE(thread.push({.admitted = {admitted(1)}}));
  REQUIRE(thread.close());
  CHECK(ask(dir.path(), "SELECT id FROM url") == Rows{"0", "1"});
}

TEST_CASE("what cannot be flushed is not committed") {
  class Unwilling final : public Sink {
    Result<void> write(const Record&) override { return {}; }
    Result<void> flush() override { return fail("no room"); }
  };
  const TempDir dir;
  std::vector<std::unique_ptr<Sink>> sinks;
  sinks.push_back(std::make_unique<Unwilling>());
  SinkThread thread(std::move(sinks), must(JobDb::create(dir.path())), 8, nullptr);
  REQUIRE(thread.push(entry_of(0)));
  CHECK(thread.close().error().message == "no room");
  CHECK(ask(dir.path(), "SELECT * FROM url").empty());
}

TEST_CASE("a job that fails is told like a sink that does, and the outputs keep what they took") {
  const TempDir dir;
  std::vector<std::string> failures;
  SinkThread thread(
      record_file(dir), must(JobDb::create(dir.path())), 8,
      [&](const Error& error) { failures.push_back(error.message); }, kForEver);
  REQUIRE(thread.push(entry_of(0)));
  look(thread, [](JobDb&) { return 0; });
  look(thread, [](JobDb&) { return 0; });
  REQUIRE(thread.push(entry_of(1)));
  REQUIRE(thread.push({.record = settled(2), .admitted = {admitted(std::uint64_t{1} << 40)}}));
  const auto closed = thread.close();
  REQUIRE_FALSE(closed);
  CHECK(failures == Rows{closed.error().message});
  CHECK(contents(pages_of(dir)).size() == 3 * to_json(settled(0)).size() + 3);
  check_resumable(dir, {0});
}

TEST_CASE("a question that fails is a failure of the thread") {
  const TempDir dir;
  std::binary_semaphore failed(0);
  SinkThread thread(record_file(dir), must(JobDb::create(dir.path())), 8,
                    [&](const Error&) { failed.release(); });
  thread.ask([](JobDb&) -> Result<void> { return fail("no answer"); });
  failed.acquire();
  CHECK_FALSE(thread.push(entry_of(0)));
  bool asked = false;
  thread.ask([&](JobDb&) -> Result<void> {
    asked = true;
    return {};
  });
  CHECK(thread.close().error().message == "no answer");
  CHECK_FALSE(asked);
}

TEST_CASE("questions are dropped where no job is kept, and after close") {
  const TempDir dir;
  bool asked = false;
  const auto question = [&](JobDb&) -> Result<void> {
    asked = true;
    return {};
  };
  SinkThread without({}, nullptr, 8, nullptr);
  without.ask(question);
  REQUIRE(without.close());
  SinkThread thread({}, must(JobDb::create(dir.path())), 8, nullptr);
  REQUIRE(thread.close());
  thread.ask(question);
  CHECK_FALSE(asked);
}

TEST_CASE("without a job an entry is its record, and one without is nothing") {
  SinkLog log;
  std::vector<std::unique_ptr<Sink>> sinks;
  sinks.push_back(std::make_unique<SinkSpy>(log));
  SinkThread thread(std::move(sinks), nullptr, 8, nullptr);
  REQUIRE(thread.push({.admitted = {admitted(1)}}));
  REQUIRE(thread.push(entry_of(7)));
  REQUIRE(thread.close());
  CHECK(log.sequences == Ids{7});
}

}  // namespace
}  // namespace weft
