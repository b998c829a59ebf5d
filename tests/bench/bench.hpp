// What a benchmark program needs: measure work, print rows that scripts/bench can keep.
//
// A program is one file tests/bench/THING_bench.cpp with a main of its own. It prints only
// rows: name, value, unit, parted by tabs.
#pragma once

#include <fmt/core.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <fstream>
#include <string_view>

namespace weft::bench {

inline void row(std::string_view name, double value, std::string_view unit) {
  fmt::print("{}\t{:.{}f}\t{}\n", name, value, value < 100 ? 2 : 0, unit);
}

// Things done per second, the best of three rounds. `work` does some and returns how many;
// it is called again until a round has lasted 0.3 s.
template <class Work>
double per_second(Work&& work) {
  using Clock = std::chrono::steady_clock;
  using Seconds = std::chrono::duration<double>;
  double best = 0;
  for (int round = 0; round < 3; ++round) {
    const auto start = Clock::now();
    std::size_t done = 0;
    Seconds spent{};
    do {
      done += work();
      spent = Clock::now() - start;
    } while (spent < std::chrono::milliseconds(300));
    best = std::max(best, static_cast<double>(done) / spent.count());
  }
  return best;
}

// Of this process, now.
inline double resident_bytes() {
  std::ifstream statm("/proc/self/statm");
  double pages = 0;
  statm >> pages >> pages;
  return pages * static_cast<double>(::sysconf(_SC_PAGESIZE));
}

// Keeps the compiler from dropping work whose result nobody reads.
template <class T>
void keep(const T& value) {
  asm volatile("" : : "g"(&value) : "memory");
}

}  // namespace weft::bench
