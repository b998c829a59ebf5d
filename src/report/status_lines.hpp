// What the status of a run says, laid out for a screen.
//
//   12s  [======>             ]  34%  41 of 120 files  1.2 GiB  35.2 MiB/s  1m10s left
//     debian-12.iso      [=====>      ]  45%  627.0 MiB  11.9 MiB/s  29s left
//     kernel/linux.tar   [==>         ]  21%  131.2 MiB   2.1 MiB/s  49s left
//
// The first line is of the whole; below it stand the largest transfers under way. Where there is
// little room the less telling parts are left out first; the lines below are aligned.
//
// Threads: functions of their input.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "weft/report/progress.hpp"

namespace weft {

struct Screen {
  std::size_t columns = 80;
  std::size_t rows = 24;
  bool has_colours = false;
};

// Per second; nothing where that is not known yet.
struct Rates {
  std::optional<double> pages{};
  std::optional<double> bytes{};
  std::optional<double> settled{};                 // of the total, parts of pages counting
  std::vector<std::optional<double>> transfers{};  // bytes of each, in their order
};

// At least one line; none is wider than the screen, less the last column: a terminal may wrap
// when that is written to. No more lines than a third of its rows.
std::vector<std::string> status_lines(const ProgressState& state, const Rates& rates,
                                      const Screen& screen);

// The whole in one line, for where there is no screen.
std::string plain_status(const ProgressState& state, const Rates& rates);

// How far the reading of a job is; the line is cut as those above.
std::string reading_status(const JobReading::State& reading);
std::string reading_line(const JobReading::State& reading, const Screen& screen);

}  // namespace weft
