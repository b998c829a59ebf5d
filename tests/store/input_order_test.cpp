#include <doctest/doctest.h>

#include "store/sinks.hpp"
#include "weft/store/jsonl.hpp"

namespace weft {
namespace {

using test::record_of;
using test::SinkLog;
using test::SinkSpy;
using Sequences = std::vector<std::uint64_t>;

std::unique_ptr<Sink> ordered(SinkLog& log, std::uint64_t fail_at = ~0ULL) {
  return in_input_order(std::make_unique<SinkSpy>(log, fail_at));
}

TEST_CASE("records pass on in order of admission, however they were settled") {
  SinkLog log;
  const auto sink = ordered(log);
  for (const std::uint64_t sequence : {3, 1, 0, 4, 2, 5}) CHECK(sink->write(record_of(sequence)));
  CHECK(log.sequences == Sequences{0, 1, 2, 3, 4, 5});
}

TEST_CASE("a record is passed on as soon as all before it have been") {
  SinkLog log;
  const auto sink = ordered(log);
  CHECK(sink->write(record_of(1)));
  CHECK(log.sequences.empty());
  CHECK(sink->write(record_of(0)));
  CHECK(log.sequences == Sequences{0, 1});
  CHECK(sink->flush());
  CHECK(log.calls.back() == "flush");
}

TEST_CASE("a stopped run still writes what was held back, in order") {
  SinkLog log;
  const auto sink = ordered(log);
  for (const std::uint64_t sequence : {0, 9, 5, 7}) CHECK(sink->write(record_of(sequence)));
  CHECK(log.sequences == Sequences{0});
  CHECK(sink->close());
  CHECK(log.sequences == Sequences{0, 5, 7, 9});
  CHECK(log.calls.back() == "close");
}

TEST_CASE("no record is lost where two carry one sequence") {
  SinkLog log;
  const auto sink = ordered(log);
  for (const std::uint64_t sequence : {2, 2, 0, 0, 1, 1}) CHECK(sink->write(record_of(sequence)));
  CHECK(sink->close());
  CHECK(log.sequences == Sequences{0, 0, 1, 2, 2, 1});
}

TEST_CASE("a failure of the sink behind comes out, of early records too") {
  SinkLog log;
  const auto sink = ordered(log, 1);
  CHECK(sink->write(record_of(1)));
  const auto written = sink->write(record_of(0));
  REQUIRE_FALSE(written);
  CHECK(written.error().message == "no room for 1");
}

}  // namespace
}  // namespace weft
