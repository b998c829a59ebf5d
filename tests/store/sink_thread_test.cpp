#include <doctest/doctest.h>

#include <algorithm>
#include <atomic>
#include <numeric>
#include <semaphore>
#include <thread>

#include "store/sinks.hpp"

namespace weft {
namespace {

using test::entry_of;
using test::SinkLog;
using test::SinkSpy;
using Calls = std::vector<std::string>;
using Sequences = std::vector<std::uint64_t>;

template <class... S>
std::vector<std::unique_ptr<Sink>> sinks(std::unique_ptr<S>... each) {
  std::vector<std::unique_ptr<Sink>> all;
  (all.push_back(std::move(each)), ...);
  return all;
}

// Says when it is writing and goes on when let, so that a test owns the order of events.
class GatedSink final : public Sink {
 public:
  GatedSink(std::counting_semaphore<>& entered, std::counting_semaphore<>& let, SinkLog& log)
      : entered_(entered), let_(let), log_(log) {}

  Result<void> write(const Record& record) override {
    entered_.release();
    let_.acquire();
    log_.sequences.push_back(record.sequence);
    log_.calls.push_back("write");
    return {};
  }
  Result<void> flush() override {
    log_.calls.emplace_back("flush");
    return {};
  }

 private:
  std::counting_semaphore<>& entered_;
  std::counting_semaphore<>& let_;
  SinkLog& log_;
};

TEST_CASE("every record pushed reaches every sink, in one order") {
  SinkLog first;
  SinkLog second;
  SinkThread thread(sinks(std::make_unique<SinkSpy>(first), std::make_unique<SinkSpy>(second)),
                    nullptr, 4, nullptr);
  for (std::uint64_t i = 0; i < 1000; ++i) REQUIRE(thread.push(entry_of(i)));
  CHECK(thread.close());
  Sequences expected(1000);
  std::iota(expected.begin(), expected.end(), 0);
  CHECK(first.sequences == expected);
  CHECK(second.sequences == expected);
  CHECK(first.calls.back() == "close");
  CHECK(std::count(first.calls.begin(), first.calls.end(), "close") == 1);
}

TEST_CASE("many threads push through a narrow queue and nothing is lost") {
  constexpr std::uint64_t kThreads = 4;
  constexpr std::uint64_t kEach = 2000;
  SinkLog log;
  SinkThread thread(sinks(std::make_unique<SinkSpy>(log)), nullptr, 2, nullptr);
  std::vector<std::thread> workers;
  std::atomic<int> refused = 0;
  for (std::uint64_t worker = 0; worker < kThreads; ++worker) {
    workers.emplace_back([&, worker] {
      for (std::uint64_t i = 0; i < kEach; ++i) {
        if (!thread.push(entry_of(worker * kEach + i))) ++refused;
      }
    });
  }
  for (std::thread& worker : workers) worker.join();
  CHECK(thread.close());
  CHECK(refused == 0);

  for (std::uint64_t worker = 0; worker < kThreads; ++worker) {
    Sequences of_worker;
    std::copy_if(log.sequences.begin(), log.sequences.end(), std::back_inserter(of_worker),
                 [&](std::uint64_t sequence) { return sequence / kEach == worker; });
    CHECK(of_worker.size() == kEach);
    CHECK(std::is_sorted(of_worker.begin(), of_worker.end()));
  }
}

TEST_CASE("a full queue makes push wait until the sink has taken what is there") {
  std::counting_semaphore<> entered(0);
  std::counting_semaphore<> let(0);
  SinkLog log;
  SinkThread thread(sinks(std::make_unique<GatedSink>(entered, let, log)), nullptr, 1, nullptr);
  REQUIRE(thread.push(entry_of(0)));
  entered.acquire();                  // 0 is being written
  REQUIRE(thread.push(entry_of(1)));  // fills the queue
  std::atomic<bool> pushed = false;
  std::thread worker([&] { pushed = thread.push(entry_of(2)); });
  // 2 cannot be in before 0 has been written, which waits for us.
  CHECK_FALSE(pushed);
  let.release(3);
  worker.join();
  CHECK(pushed);
  CHECK(thread.close());
  CHECK(log.sequences == Sequences{0, 1, 2});
}

TEST_CASE("sinks are flushed when the queue has run empty, not for every record") {
  std::counting_semaphore<> entered(0);
  std::counting_semaphore<> let(0);
  SinkLog log;
  SinkThread thread(sinks(std::make_unique<GatedSink>(entered, let, log)), nullptr, 8, nullptr);
  REQUIRE(thread.push(entry_of(0)));
  entered.acquire();
  for (const std::uint64_t sequence : {1, 2, 3}) REQUIRE(thread.push(entry_of(sequence)));
  let.release(4);
  CHECK(thread.close());
  REQUIRE(log.calls.size() >= 5);
  CHECK(Calls(log.calls.begin(), log.calls.begin() + 5) ==
        Calls{"write", "write", "write", "write", "flush"});
}

TEST_CASE("after a failure no sink gets another record, and all are closed") {
  SinkLog before;
  SinkLog failing;
  SinkLog after;
  std::vector<std::string> failures;
  std::thread::id failed_on;
  SinkThread thread(sinks(std::make_unique<SinkSpy>(before), std::make_unique<SinkSpy>(failing, 2),
                          std::make_unique<SinkSpy>(after)),
                    nullptr, 8, [&](const Error& error) {
                      failures.push_back(error.message);
                      failed_on = std::this_thread::get_id();
                    });
  for (std::uint64_t i = 0; i < 100; ++i) (void)thread.push(entry_of(i));
  const auto closed = thread.close();
  REQUIRE_FALSE(closed);
  CHECK(closed.error().message == "no room for 2");
  CHECK(failures == Calls{"no room for 2"});
  CHECK(failed_on != std::this_thread::get_id());
  CHECK(before.sequences == Sequences{0, 1, 2});
  CHECK(failing.sequences == Sequences{0, 1});
  CHECK(after.sequences == Sequences{0, 1});
  for (const SinkLog* log : {&before, &failing, &after}) CHECK(log->calls.back() == "close");
}

TEST_CASE("after a failure push refuses, and those who waited go on") {
  SinkLog log;
  std::binary_semaphore failed(0);
  SinkThread thread(sinks(std::make_unique<SinkSpy>(log, 0)), nullptr, 1,
                    [&](const Error&) { failed.release(); });
  std::vector<std::thread> workers;
  for (int worker = 0; worker < 3; ++worker) {
    workers.emplace_back([&] {
      while (thread.push(entry_of(0))) {
      }
    });
  }
  for (std::thread& worker : workers) worker.join();  // hangs if anyone were left waiting
  failed.acquire();
  CHECK_FALSE(thread.push(entry_of(1)));
  CHECK_FALSE(thread.close());
}

TEST_CASE("a failure to close is reported like one to write") {
  class BadEnd final : public Sink {
    Result<void> write(const Record&) override { return {}; }
    Result<void> close() override { return fail("the disk went away"); }
  };
  int failures = 0;
  SinkThread thread(sinks(std::make_unique<BadEnd>()), nullptr, 1,
                    [&](const Error&) { ++failures; });
  CHECK(thread.push(entry_of(0)));
  const auto closed = thread.close();
  REQUIRE_FALSE(closed);
  CHECK(closed.error().message == "the disk went away");
  CHECK(failures == 1);
}

TEST_CASE("close says the same when asked again, and push after it is refused") {
  SinkLog log;
  SinkThread thread(sinks(std::make_unique<SinkSpy>(log)), nullptr, 1, nullptr);
  CHECK(thread.push(entry_of(0)));
  CHECK(thread.close());
  CHECK(thread.close());
  CHECK_FALSE(thread.push(entry_of(1)));
  CHECK(log.sequences == Sequences{0});
}

TEST_CASE("a thread destroyed without close still writes what was pushed") {
  SinkLog log;
  {
    SinkThread thread(sinks(std::make_unique<SinkSpy>(log)), nullptr, 100, nullptr);
    for (std::uint64_t i = 0; i < 50; ++i) REQUIRE(thread.push(entry_of(i)));
  }
  CHECK(log.sequences.size() == 50);
}

}  // namespace
}  // namespace weft
