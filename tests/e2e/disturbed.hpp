// Crawls that are disturbed, and what they have come to in the end.
#pragma once

#include <chrono>
#include <cstdint>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "e2e/weft_run.hpp"
#include "support/nginx.hpp"

namespace weft::test {

// Of so many pages, from /0.html on: each leads to three further down, back to some that are
// known, and to one of fifty that are missing.
Site linked_site(int pages);

// What a job has come to, as far as it does not depend on when things happened. Records of
// robots.txt are left out: it is asked for when it is needed.
struct EndState {
  std::multiset<std::string> records;
  std::vector<std::string> settled;
  bool operator==(const EndState&) const = default;
};

// Fails the test where a line of pages.jsonl is torn, or a URL stands there twice.
EndState end_state(const Workplace& here, const std::string& job = "job");

// Random numbers; their seed is told where the test fails (INFO), and may be given by the
// environment's WEFT_SEED to see the same again.
class Chance {
 public:
  Chance();
  std::string seed() const { return "WEFT_SEED=" + std::to_string(seed_); }
  std::uint64_t up_to(std::uint64_t most) {  // 0 to `most`
    return std::uniform_int_distribution<std::uint64_t>(0, most)(random_);
  }
  bool coin() { return up_to(1) == 1; }

 private:
  std::uint64_t seed_;
  std::mt19937_64 random_;
};

// Its bytes; 0 where there is none.
std::uint64_t size_of(const std::string& path);

// Waits until the file has so many bytes, or the program has ended.
void wait_until_written(const Process& process, const std::string& path, std::uint64_t bytes);

// Kills a program that runs these words at a moment between 0 and `longest` from its start.
void run_and_kill(const Command& command, Chance& chance, std::chrono::microseconds longest);

}  // namespace weft::test
