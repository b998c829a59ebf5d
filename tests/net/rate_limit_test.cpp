#include "weft/net/rate_limit.hpp"

#include <doctest/doctest.h>

#include <thread>
#include <vector>

#include "support/manual_clock.hpp"

namespace weft {

using namespace std::chrono_literals;

namespace {

// Reads in pieces of `piece` as fast as the limit lets it, for `time` of the clock.
std::uint64_t bytes_read(RateLimit& limit, test::ManualClock& clock, std::size_t piece,
                         Clock::duration time) {
  std::uint64_t total = 0;
  const Clock::time_point end = clock.now() + time;
  while (clock.now() < end) {
    const Clock::time_point next = limit.take(piece);
    total += piece;
    if (next > clock.now()) clock.advance(next - clock.now());
  }
  return total;
}

}  // namespace

TEST_CASE("a rate is kept within five percent over ten seconds, whatever the pieces") {
  for (const std::size_t piece : {1u, 1000u, 16384u}) {
    CAPTURE(piece);
    test::ManualClock clock;
    RateLimit limit({100'000}, clock);
    const auto total = static_cast<double>(bytes_read(limit, clock, piece, 10s));
    CHECK(total >= 950'000);
    CHECK(total <= 1'050'000);
  }
}

TEST_CASE("an idle hour earns no burst") {
  test::ManualClock clock;
  RateLimit limit({100'000}, clock);
  clock.advance(1h);
  CHECK(bytes_read(limit, clock, 1000, 1s) <= 115'000);
}

TEST_CASE("what is read at once, and sent ahead, is a small share of the rate") {
  const test::ManualClock clock;
  const auto limited = [&](Bytes rate) { return RateLimit(rate, clock); };
  CHECK(limited(1_MiB).read_size() == (32_KiB).count);
  CHECK(limited(1_MiB).window() == (256_KiB).count);
  // Neither is so small that it costs more than it carries, nor larger than is of use.
  CHECK(limited({1}).read_size() == (1_KiB).count);
  CHECK(limited({1}).window() == (16_KiB).count);
  CHECK(limited(1_GiB).read_size() == (256_KiB).count);
  CHECK(limited(1_GiB).window() == (16_MiB).count);
}

TEST_CASE("no limit never waits") {
  test::ManualClock clock;
  RateLimit limit({0}, clock);
  CHECK(limit.unlimited());
  for (int i = 0; i < 100; ++i) CHECK(limit.take(1u << 30) <= clock.now());
}

TEST_CASE("threads share one bandwidth") {
  test::ManualClock clock;
  RateLimit limit({1'000'000}, clock);
  const Clock::time_point start = clock.now();
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      for (int n = 0; n < 1000; ++n) limit.take(1000);
    });
  }
  for (std::thread& thread : threads) thread.join();
  const auto paid = limit.take(0) - start;  // four million bytes, less the burst allowed
  CHECK(paid <= 4s);
  CHECK(paid >= 3900ms);
}

}  // namespace weft
