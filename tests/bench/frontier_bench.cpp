// The frontier's cycle: push, take, settle, over 100,000 hosts and a million tasks.
#include <malloc.h>

#include <atomic>
#include <chrono>
#include <thread>
#include <vector>

#include "bench/bench.hpp"
#include "weft/engine/frontier.hpp"

using namespace weft;

namespace {

constexpr int kHosts = 100'000;
constexpr int kTasks = 1'000'000;

// Neighbouring tasks lie on hosts far apart, as links of many sites do.
std::vector<Task> tasks(int first, int count, int hosts = kHosts) {
  std::vector<Task> tasks;
  tasks.reserve(static_cast<std::size_t>(count));
  for (int i = first; i < first + count; ++i) {
    const int host = static_cast<int>(i * 7919LL % hosts);
    tasks.push_back(
        {.url = Url::parse(fmt::format(
                               "http://host{}.example/library/section-7/concurrent.futures-{}.html",
                               host, i))
                    .value()});
  }
  return tasks;
}

double seconds_of(auto&& work) {
  const auto start = std::chrono::steady_clock::now();
  work();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

// Each thread pushes its share, then all take and settle until nothing is left.
double cycles_per_second(int threads) {
  const SystemClock clock;
  Frontier frontier({.workers = threads, .robots_first = false}, clock);
  const int share = kTasks / threads;
  std::vector<std::vector<Task>> shares;
  for (int t = 0; t < threads; ++t) shares.push_back(tasks(t * share, share));

  std::atomic<int> left{threads * share};
  const auto work = [&](int t) {
    for (Task& task : shares[static_cast<std::size_t>(t)]) frontier.push(std::move(task));
    while (left > 0) {
      Taken taken = frontier.take(t);
      if (!taken.lease) {
        std::this_thread::yield();
        continue;
      }
      std::move(*taken.lease).settle({.feedback = Feedback::good});
      --left;
    }
  };
  const double spent = seconds_of([&] {
    std::vector<std::thread> pool;
    for (int t = 0; t < threads; ++t) pool.emplace_back(work, t);
    for (std::thread& thread : pool) thread.join();
  });
  return kTasks / spent;
}

// What is allocated now, whatever the allocator keeps for later.
double heap_bytes() {
  const auto heap = ::mallinfo2();
  return static_cast<double>(heap.uordblks + heap.hblkhd);
}

// What `count` tasks in memory take, on as many hosts as named.
double bytes_of(int hosts, int count) {
  constexpr int kPiece = 10'000;  // so that the tasks handed over hardly count
  const SystemClock clock;
  Frontier frontier({.robots_first = false}, clock);
  const double before = heap_bytes();
  for (int first = 0; first < count; first += kPiece) frontier.push(tasks(first, kPiece, hosts));
  return heap_bytes() - before;
}

}  // namespace

int main() {
  const double few = bytes_of(100, kTasks);
  const double many = bytes_of(kHosts, kTasks);
  bench::row("frontier.memory_per_task", few / kTasks, "bytes");
  bench::row("frontier.memory_per_host", (many - few) / kHosts, "bytes");
  for (const int threads : {1, 2, 8}) {
    bench::row(fmt::format("frontier.cycles_{}_threads", threads), cycles_per_second(threads),
               "cycles/s");
  }
}
