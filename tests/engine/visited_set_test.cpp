#include "weft/engine/visited_set.hpp"

#include <doctest/doctest.h>

#include <atomic>
#include <random>
#include <thread>
#include <vector>

using namespace weft;

TEST_CASE("a fingerprint is new once") {
  VisitedSet set;
  CHECK(set.insert(42));
  CHECK_FALSE(set.insert(42));
  CHECK(set.insert(43));
  CHECK(set.size() == 2);
}

TEST_CASE("the fingerprint that stands for an empty slot is a fingerprint like any other") {
  VisitedSet set;
  CHECK(set.insert(0));
  CHECK_FALSE(set.insert(0));
}

TEST_CASE("a million fingerprints are each found again, in at most 16 bytes a URL") {
  VisitedSet set;
  std::mt19937_64 random(7);
  std::vector<Fingerprint> all(1'000'000);
  for (Fingerprint& fingerprint : all) fingerprint = random();
  for (const Fingerprint fingerprint : all) REQUIRE(set.insert(fingerprint));
  for (const Fingerprint fingerprint : all) REQUIRE_FALSE(set.insert(fingerprint));
  CHECK(set.size() == all.size());
  CHECK(set.memory() <= 16 * all.size());
}

TEST_CASE("of threads that insert the same fingerprints each is new for exactly one") {
  VisitedSet set;
  constexpr std::uint64_t kCount = 20'000;
  std::atomic<std::uint64_t> news{0};
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&] {
      std::mt19937_64 random(1);
      for (std::uint64_t i = 0; i < kCount; ++i) {
        const Fingerprint fingerprint = random();
        set.expect(fingerprint);  // whatever others do to the set meanwhile
        news += set.insert(fingerprint) ? 1 : 0;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  CHECK(news == kCount);
}

TEST_CASE("what was inserted is contained, to be asked in any state of the table") {
  VisitedSet set;
  CHECK_FALSE(set.contains(0));
  for (Fingerprint fingerprint = 0; fingerprint < 1000; ++fingerprint) {
    set.insert(fingerprint * 0x9e3779b97f4a7c15u);
    CHECK(set.contains(fingerprint * 0x9e3779b97f4a7c15u));
  }
  CHECK_FALSE(set.contains(5));
}
