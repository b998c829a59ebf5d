// What a run did, for the person who started it: printed once, at its end.
//
// Threads: a function of its input.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "weft/base/clock.hpp"
#include "weft/report/tally.hpp"

namespace weft {

struct TroubledHost {
  std::string host;
  std::string reason;  // "6 timeouts in a row"
};

struct ResultPlace {
  std::string what;  // "records": at most 9 columns
  std::string path;
};

// How pages of HTML were read.
struct ReadCounts {
  std::uint64_t scanned = 0;
  std::uint64_t parsed = 0;
  std::uint64_t audited = 0;
  std::uint64_t differed = 0;
  std::uint64_t costly = 0;  // of those scanned: pages of hosts whose pages are not parsed
  std::uint64_t costly_hosts = 0;
};

struct SummaryInput {
  std::string_view noun = "page";  // what is counted
  TallySnapshot tally;
  std::uint64_t pages_before = 0;  // of the tally's, those of earlier runs of the job
  Clock::duration elapsed{};       // of this run
  std::map<std::string, std::uint64_t> refused{};  // URLs by the rule that refused them
  ReadCounts html{};
  std::vector<TroubledHost> set_aside{};
  std::string stopped_because{};  // empty: everything was settled
  std::uint64_t left_in_queue = 0;
  std::vector<ResultPlace> results{};
  std::string go_on{};  // the command that goes on, or looks closer; empty: nothing to do
};

// Lines of at most 80 columns, each with its newline; what is zero or empty is left out.
// Paths and commands alone are never broken or cut: they are there to be copied.
std::string summary_text(const SummaryInput& input);

}  // namespace weft
