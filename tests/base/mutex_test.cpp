#include "weft/base/mutex.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <thread>
#include <vector>

namespace weft {
namespace {

struct Counter {
  Mutex mutex;
  Condition changed;
  int value GUARDED_BY(mutex) = 0;
};

TEST_CASE("what a mutex guards is changed by one thread at a time") {
  Counter counter;
  {
    std::vector<std::jthread> threads;
    for (int t = 0; t < 4; ++t) {
      threads.emplace_back([&counter] {
        for (int i = 0; i < 1000; ++i) {
          const Lock lock(counter.mutex);
          ++counter.value;
        }
      });
    }
  }
  const Lock lock(counter.mutex);
  CHECK(counter.value == 4000);
}

TEST_CASE("a waiter sees what was done before it was notified") {
  Counter counter;
  const std::jthread other([&counter] {
    Lock lock(counter.mutex);
    counter.value = 1;
    lock.unlock();  // and the destructor leaves the mutex alone
    counter.changed.notify_one();
  });
  Lock lock(counter.mutex);
  while (counter.value == 0) counter.changed.wait(lock);
  CHECK(counter.value == 1);
}

TEST_CASE("a wait ends when its time has passed, holding the lock") {
  Counter counter;
  Lock lock(counter.mutex);
  const auto past = std::chrono::steady_clock::now();
  counter.changed.wait_until(lock, past);
  counter.value = 2;
  CHECK(counter.value == 2);
}

}  // namespace
}  // namespace weft
