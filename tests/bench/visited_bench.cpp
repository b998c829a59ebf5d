// The visited set at 10 million URLs: bytes a URL, inserts a second.
#include <chrono>
#include <thread>
#include <vector>

#include "bench/bench.hpp"
#include "weft/engine/visited_set.hpp"

using namespace weft;

namespace {

constexpr std::uint64_t kUrls = 10'000'000;

// Fingerprints are as good as random; this is random and costs nothing.
Fingerprint fingerprint_of(std::uint64_t i) {
  i = (i + 1) * 0x9E3779B97F4A7C15;
  i = (i ^ (i >> 30)) * 0xBF58476D1CE4E5B9;
  i = (i ^ (i >> 27)) * 0x94D049BB133111EB;
  return i ^ (i >> 31);
}

double seconds_of(auto&& work) {
  const auto start = std::chrono::steady_clock::now();
  work();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

}  // namespace

int main() {
  VisitedSet set;
  double most_bytes = 0;
  const double filling = seconds_of([&] {
    for (std::uint64_t i = 0; i < kUrls; ++i) {
      set.insert(fingerprint_of(i));
      if (i >= 1'000'000 && i % 500'000 == 0) {
        most_bytes =
            std::max(most_bytes, static_cast<double>(set.memory()) / static_cast<double>(i));
      }
    }
  });
  bench::row("visited.bytes_per_url_at_10M", static_cast<double>(set.memory()) / kUrls, "bytes");
  bench::row("visited.most_bytes_per_url_from_1M_on", most_bytes, "bytes");
  bench::row("visited.insert_new", filling * 1e9 / kUrls, "ns");
  const double known = seconds_of([&] {
    for (std::uint64_t i = 0; i < kUrls; ++i) bench::keep(set.insert(fingerprint_of(i)));
  });
  bench::row("visited.insert_known", known * 1e9 / kUrls, "ns");

  for (const std::uint64_t threads : {1, 8}) {
    VisitedSet shared;
    const double spent = seconds_of([&] {
      std::vector<std::thread> pool;
      for (std::uint64_t t = 0; t < threads; ++t) {
        pool.emplace_back([&, t] {
          for (std::uint64_t i = t; i < kUrls; i += threads) shared.insert(fingerprint_of(i));
        });
      }
      for (std::thread& thread : pool) thread.join();
    });
    bench::row(fmt::format("visited.inserts_{}_threads", threads), kUrls / spent, "URLs/s");
  }
}
