#include "weft/base/ring.hpp"

#include <doctest/doctest.h>

#include <memory>

using weft::Ring;

TEST_CASE("a ring gives back what was pushed in the same order, however it wraps") {
  Ring<std::unique_ptr<int>> ring;
  int pushed = 0;
  int popped = 0;
  for (int round = 1; round <= 50; ++round) {
    for (int i = 0; i < round; ++i) ring.push(std::make_unique<int>(pushed++));
    for (int i = 0; i < round - 1; ++i) CHECK(*ring.pop() == popped++);
  }
  CHECK(ring.size() == 50);
  while (!ring.empty()) CHECK(*ring.pop() == popped++);
  CHECK(popped == pushed);
}

TEST_CASE("a ring destroys what was never popped") {
  const auto counted = std::make_shared<int>(0);
  {
    Ring<std::shared_ptr<int>> ring;
    for (int i = 0; i < 20; ++i) ring.push(counted);
    ring.pop();
    CHECK(counted.use_count() == 20);
  }
  CHECK(counted.use_count() == 1);
}
