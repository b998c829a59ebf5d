// What the status of a batch says, for screens of several sizes.
#include "report/status_lines.hpp"

#include <doctest/doctest.h>

#include <algorithm>

#include "report/layout.hpp"

namespace weft {
namespace {

using namespace std::chrono_literals;

ProgressState batch() {
  return {.noun = "file",
          .pages = 418,
          .in_flight = 12,
          .queued = 580,
          .hosts = 3,
          .errors = 2,
          .bytes = 1228_MiB,
          .elapsed = 34s,
          .counts_bytes = true,
          .total = 1000,
          .settled = 420,
          .begun = 1.5,
          .transfers = {{1, "debian-12.iso", 300_MiB, 600_MiB},
                        {2, "kernel/linux-6.1.tar.xz", 30_MiB, 120_MiB},
                        {3, "stream", 5_MiB, std::nullopt}}};
}

Rates rates() {
  return {.pages = 12.0,
          .bytes = 35.25 * 1024 * 1024,
          .settled = 10.0,
          .transfers = {10.0 * 1024 * 1024, 1024.0 * 1024, std::nullopt}};
}

std::string joined(const std::vector<std::string>& lines) {
  std::string text;
  for (const std::string& line : lines) text += line + '\n';
  return text;
}

std::string total(const ProgressState& state, std::size_t columns, const Rates& known = rates()) {
  return status_lines(state, known, {.columns = columns}).front();
}

TEST_CASE("a wide screen shows the whole and what is under way") {
  CHECK(joined(status_lines(batch(), rates(), {.columns = 160, .rows = 50})) ==
        R"(34s  [============>                 ]   42%  418 of 1000 files  12.0/s  1.2 GiB  )"
        R"(35.2 MiB/s  58s left  12 in flight  3 hosts  2 errors
  debian-12.iso            [===========>          ]   50%   600.0 MiB    10.0 MiB/s      30s left
  kernel/linux-6.1.tar.xz  [=====>                ]   25%   120.0 MiB     1.0 MiB/s    1m30s left
  stream                                                      5.0 MiB
)");
}

TEST_CASE("a screen of 80 columns shows what tells most, names cut at their beginning") {
  ProgressState state = batch();
  state.transfers[1].name = "pub/linux/kernel/v6.x/linux-6.1.tar.xz";
  CHECK(joined(status_lines(state, rates(), {.columns = 80, .rows = 24})) ==
        R"([======>        ]   42%  418 of 1000 files  35.2 MiB/s  58s left  2 errors
  debian-12.iso      [=====>    ]   50%   600.0 MiB    10.0 MiB/s      30s left
  ...nux-6.1.tar.xz  [==>       ]   25%   120.0 MiB     1.0 MiB/s    1m30s left
  stream                                    5.0 MiB
)");
}

TEST_CASE("a small screen shows the largest alone, and little of each") {
  CHECK(joined(status_lines(batch(), rates(), {.columns = 40, .rows = 10})) ==
        R"(418 of 1000 files  58s left  2 errors
  debian-12.iso       50%    10.0 MiB/s
  ...nux-6.1.tar.xz   25%     1.0 MiB/s
)");
}

TEST_CASE("no line is wider than the screen, nor are there more than a third of its rows") {
  ProgressState state = batch();
  state.waiting_for = "slow.example: 2s between requests";
  state.transfers[0].name = "\xE6\x97\xA5\xE6\x9C\xAC\xE8\xAA\x9E.iso";
  for (std::size_t columns = 1; columns <= 220; ++columns) {
    for (const std::size_t rows : {1, 3, 6, 9, 24, 60}) {
      CAPTURE(columns);
      CAPTURE(rows);
      const auto lines = status_lines(state, rates(), {.columns = columns, .rows = rows});
      CHECK(!lines.empty());
      CHECK(lines.size() <= std::max<std::size_t>(1, rows / 3));
      for (const std::string& line : lines) CHECK(display_width(line) < columns);
    }
  }
}

TEST_CASE("while the end of the lists is not known there are counts alone") {
  ProgressState state = batch();
  state.total.reset();
  CHECK(total(state, 120) ==
        "34s  418 files  12.0/s  1.2 GiB  35.2 MiB/s  12 in flight  580 queued  3 hosts  2 errors");
}

TEST_CASE("the bar is of bytes where all that is left has a size, else of files") {
  ProgressState state = batch();
  state.had = 100_MiB;
  CHECK(total(state, 80).starts_with("[======>        ]   42%"));
  state.left = 300_MiB;
  CHECK(total(state, 80).starts_with("[===>           ]   25%"));
}

TEST_CASE("the time left is by bytes where all that is left has a size, else by files") {
  ProgressState state = batch();
  CHECK(total(state, 70).find("58s left") != std::string::npos);  // 578.5 files at 10/s
  state.left = 705_MiB;
  CHECK(total(state, 70).find("  20s left") != std::string::npos);
  CHECK(total(state, 70, {.settled = 10.0}).find("left") == std::string::npos);
}

TEST_CASE("what nobody can tell, or would wait for, is not said") {
  ProgressState state = batch();
  CHECK(total(state, 80, {}) ==
        "34s  [======>        ]   42%  418 of 1000 files  1.2 GiB  2 errors");
  CHECK(total(state, 80, {.settled = 0.0}).find("left") == std::string::npos);
  CHECK(total(state, 80, {.settled = 0.0001}).find("left") == std::string::npos);
  state.total = 0;
  CHECK(total(state, 80).find('%') == std::string::npos);
}

TEST_CASE("a time of hours is said in minutes") {
  ProgressState state = batch();
  CHECK(total(state, 120, {.settled = 0.1}).find("1h37m left") != std::string::npos);
}

TEST_CASE("nothing is a hundred per cent before its end") {
  ProgressState state = batch();
  state.settled = 999;
  state.begun = 0.99999;
  CHECK(total(state, 80).find(" 99%") != std::string::npos);
}

TEST_CASE("what is waited for is told where nothing comes") {
  ProgressState state = batch();
  state.waiting_for = "slow.example: set aside";
  CHECK(total(state, 80).find("waiting") == std::string::npos);
  state.in_flight = 0;
  CHECK(total(state, 80).find("waiting for slow.example: set aside") != std::string::npos);
}

TEST_CASE("a name cannot steer the terminal") {
  ProgressState state = batch();
  state.transfers = {{1, "\x1b[2Jevil", 1_MiB, 2_MiB}};
  CHECK(status_lines(state, {}, {.columns = 80}).at(1).find("?[2Jevil") != std::string::npos);
}

TEST_CASE("colours take no columns") {
  const auto lines = status_lines(batch(), rates(), {.columns = 160, .has_colours = true});
  std::string line = lines.front();
  for (const char* colour : {"\x1b[33m", "\x1b[0m"}) {
    REQUIRE(line.find(colour) != std::string::npos);
    line.erase(line.find(colour), std::string_view(colour).size());
  }
  CHECK(line == total(batch(), 160));
}

}  // namespace
}  // namespace weft
