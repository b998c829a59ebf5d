#include "get/segment_plan.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <random>

using namespace weft::get;

namespace {

using Ranges = std::vector<ByteRange>;

// The same as a plan, byte by byte: 0 free, -1 done, else whose it is.
class Bitmap {
 public:
  explicit Bitmap(std::size_t size) : bytes_(size, 0) {}

  std::vector<int>& bytes() { return bytes_; }

  std::optional<ByteRange> first(int state) const { return run_from(0, state); }

  // The first run of `state` at or after `from`.
  std::optional<ByteRange> run_from(std::size_t from, int state) const {
    while (from < bytes_.size() && bytes_[from] != state) ++from;
    if (from == bytes_.size()) return std::nullopt;
    std::size_t end = from;
    while (end < bytes_.size() && bytes_[end] == state) ++end;
    return ByteRange{from, end};
  }

  void set(ByteRange range, int state) {
    for (std::uint64_t i = range.begin; i < range.end; ++i) bytes_[i] = state;
  }

  Ranges runs(int state) const {
    Ranges all;
    for (auto run = first(state); run; run = run_from(run->end, state)) all.push_back(*run);
    return all;
  }

 private:
  std::vector<int> bytes_;
};

constexpr int kHands = 5;

// One step that both take; whatever happens they say the same.
class Pair {
 public:
  Pair(std::size_t size, unsigned seed) : random_(seed), plan_(size), map_(size) {}

  void step() {
    const int hand = 1 + below(kHands);
    const auto left = plan_.left(static_cast<HandId>(hand));
    REQUIRE(left == map_.first(hand));
    switch (below(5)) {
      case 0:
        return take(hand);
      case 1:
        return take_at(hand);
      case 2:
        return split(hand);
      case 3:
        return advance(hand);
      default:
        plan_.give_back(static_cast<HandId>(hand));
        if (left) map_.set(*left, 0);
    }
  }

  void compare() {
    CHECK(plan_.done() == map_.runs(-1));
    const auto free = map_.runs(0);
    std::uint64_t covered = plan_.done_bytes();
    for (const ByteRange& range : free) covered += range.size();
    for (int hand = 1; hand <= kHands; ++hand) {
      const auto left = plan_.left(static_cast<HandId>(hand));
      CHECK(left == map_.first(hand));
      covered += left ? left->size() : 0;
    }
    CHECK(covered == map_.bytes().size());
    const auto begins = [this](int state) { return map_.bytes().front() == state; };
    CHECK(plan_.done_prefix() == (begins(-1) ? map_.first(-1)->end : 0));
    CHECK(plan_.is_complete() == (covered == plan_.done_bytes()));
  }

  // Whatever came before, one hand that takes what there is fills the file.
  void finish() {
    for (int hand = 1; hand <= kHands; ++hand) plan_.give_back(static_cast<HandId>(hand));
    while (const auto range = plan_.take(1, 17)) plan_.advance(1, range->size());
    CHECK(plan_.is_complete());
    CHECK(plan_.done() == Ranges{{0, map_.bytes().size()}});
  }

 private:
  int below(int end) { return std::uniform_int_distribution<>(0, end - 1)(random_); }

  void take(int hand) {
    if (map_.first(hand)) return;
    const auto most = static_cast<std::uint64_t>(below(40));
    auto expected = map_.first(0);
    if (most == 0) expected.reset();
    if (expected) {
      expected->end = std::min(expected->end, expected->begin + most);
      map_.set(*expected, hand);
    }
    CHECK(plan_.take(static_cast<HandId>(hand), most) == expected);
  }

  void take_at(int hand) {
    if (map_.first(hand)) return;
    const auto at = static_cast<std::uint64_t>(below(static_cast<int>(map_.bytes().size()) + 3));
    std::optional<ByteRange> expected;
    if (at < map_.bytes().size() && map_.bytes()[at] == 0) {
      expected = map_.run_from(at, 0);
      expected->end = std::min(expected->end, expected->begin + 25);
      map_.set(*expected, hand);
    }
    CHECK(plan_.take_at(static_cast<HandId>(hand), at, 25) == expected);
  }

  void split(int hand) {
    if (map_.first(hand)) return;
    ByteRange largest;
    for (int other = 1; other <= kHands; ++other) {
      const auto run = map_.first(other);
      if (!run) continue;
      const bool is_larger = run->size() > largest.size() ||
                             (run->size() == largest.size() && run->begin < largest.begin);
      if (is_larger) largest = *run;
    }
    const auto least = static_cast<std::uint64_t>(below(12));
    const std::uint64_t half = largest.size() / 2;
    std::optional<ByteRange> expected;
    if (half > 0 && half >= least) {
      expected = ByteRange{largest.end - half, largest.end};
      map_.set(*expected, hand);
    }
    CHECK(plan_.split(static_cast<HandId>(hand), least) == expected);
  }

  void advance(int hand) {
    const auto left = map_.first(hand);
    if (!left) return;
    const auto bytes = static_cast<std::uint64_t>(below(static_cast<int>(left->size()) + 1));
    plan_.advance(static_cast<HandId>(hand), bytes);
    map_.set({left->begin, left->begin + bytes}, -1);
  }

  std::mt19937 random_;
  SegmentPlan plan_;
  Bitmap map_;
};

}  // namespace

TEST_CASE("whatever hands take, fill, split and give back, a plan covers the file exactly") {
  for (unsigned seed = 0; seed < 400; ++seed) {
    CAPTURE(seed);
    Pair pair(1 + seed % 150, seed);
    for (int i = 0; i < 60; ++i) {
      pair.step();
      pair.compare();
    }
    pair.finish();
  }
}

TEST_CASE("a plan goes on with what a former run had, in whatever order it is told") {
  const Ranges told{{50, 60}, {0, 10}, {8, 20}, {20, 25}, {90, 200}, {70, 70}};
  SegmentPlan plan(100, told);
  CHECK(plan.done() == Ranges{{0, 25}, {50, 60}, {90, 100}});
  CHECK(plan.done_prefix() == 25);
  CHECK(plan.take(1, 1000) == ByteRange{25, 50});
  CHECK(plan.take(2, 10) == ByteRange{60, 70});
  CHECK(SegmentPlan(100, {{0, 100}}).is_complete());
}

TEST_CASE("a file of unknown size is one hand's until it ends") {
  SegmentPlan plan;
  CHECK(plan.size() == SegmentPlan::kUnknown);
  REQUIRE(plan.take(1, SegmentPlan::kUnknown));
  plan.advance(1, 70);
  CHECK_FALSE(plan.split(2, 1));
  CHECK_FALSE(plan.is_complete());
  plan.end_at(70);
  CHECK(plan.is_complete());
  CHECK(plan.done() == Ranges{{0, 70}});
}

TEST_CASE("an empty file is complete from the beginning") {
  CHECK(SegmentPlan(0).is_complete());
  SegmentPlan plan;
  REQUIRE(plan.take(1, SegmentPlan::kUnknown));
  plan.end_at(0);
  CHECK(plan.is_complete());
  CHECK_FALSE(plan.left(1));
}
