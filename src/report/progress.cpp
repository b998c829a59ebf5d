#include "weft/report/progress.hpp"

#include <fmt/core.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <chrono>
#include <cmath>
#include <cstdlib>
#include <string_view>
#include <utility>
#include <vector>

#include "report/layout.hpp"
#include "report/status_lines.hpp"

namespace weft {

namespace {

constexpr std::string_view kEraseLineEnd = "\x1b[K";
constexpr std::string_view kEraseBelow = "\x1b[J";

constexpr double kFine = 1000;  // SmoothedRate counts whole things

std::string_view environment(const char* name) {
  const char* const value = std::getenv(name);  // NOLINT(concurrency-mt-unsafe): at start
  return value == nullptr ? std::string_view() : value;
}

bool can_rewrite(int fd) {
  const std::string_view term = environment("TERM");
  return ::isatty(fd) == 1 && !term.empty() && term != "dumb";
}

// The status is a courtesy: where it cannot be written, the run goes on without.
void write_out(int fd, std::string_view text) {
  while (!text.empty()) {
    const ssize_t n = ::write(fd, text.data(), text.size());
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return;
    text.remove_prefix(static_cast<std::size_t>(n));
  }
}

}  // namespace

Result<ProgressMode> parse_progress_mode(std::string_view text) {
  constexpr std::array<std::string_view, 4> kNames{"auto", "bar", "plain", "none"};
  const auto found = std::find(kNames.begin(), kNames.end(), text);
  if (found == kNames.end()) {
    return fail("'{}' is no kind of progress: write auto, bar, plain or none", text);
  }
  return static_cast<ProgressMode>(found - kNames.begin());
}

void SmoothedRate::add(std::uint64_t count, Clock::time_point now) {
  if (last_at_) {
    constexpr double kForgetSeconds = 5;
    const double passed = std::chrono::duration<double>(now - *last_at_).count();
    if (passed <= 0) return;
    const double kept = std::exp(-passed / kForgetSeconds);
    grown_ = grown_ * kept + static_cast<double>(count - std::min(count, last_count_));
    seconds_ = seconds_ * kept + passed;
  }
  last_at_ = now;
  last_count_ = count;
}

std::optional<double> SmoothedRate::per_second() const {
  if (seconds_ <= 0) return std::nullopt;
  return grown_ / seconds_;
}

Progress::Progress(int fd, ProgressMode mode, const Clock& clock)
    : fd_(fd), clock_(clock), mode_(mode), plain_due_(clock.now() + kPlainInterval) {
  const bool rewritable = can_rewrite(fd);
  if (mode == ProgressMode::automatic) {
    mode_ = rewritable ? ProgressMode::bar : ProgressMode::plain;
  }
  has_colours_ = rewritable && environment("NO_COLOR").empty();
  const std::string_view columns = environment("COLUMNS");
  std::size_t given = 0;
  std::from_chars(columns.data(), columns.data() + columns.size(), given);
  if (given > 0) default_columns_ = given;
}

void Progress::draw(const ProgressState& state) {
  if (mode_ == ProgressMode::none) return;
  measure(state);
  if (mode_ == ProgressMode::bar) {
    draw_bar(status_lines(state, rates(state), screen()));
  } else if (clock_.now() >= plain_due_) {
    draw_plain(plain_status(state, rates(state)));
  }
}

// The first line comes at once: who calls has waited for it to be worth one.
void Progress::draw(const JobReading::State& reading) {
  if (mode_ == ProgressMode::none) return;
  const bool is_first = !std::exchange(has_read_, true);
  if (mode_ == ProgressMode::bar) {
    draw_bar({reading_line(reading, screen())});
  } else if (is_first || clock_.now() >= plain_due_) {
    draw_plain(reading_status(reading));
  }
}

void Progress::measure(const ProgressState& state) {
  const Clock::time_point now = clock_.now();
  pages_.add(state.pages, now);
  bytes_.add(state.bytes.count, now);
  settled_.add(
      static_cast<std::uint64_t>((static_cast<double>(state.settled) + state.begun) * kFine), now);
  std::map<std::uint64_t, SmoothedRate> transfers;
  for (const TransferState& transfer : state.transfers) {
    SmoothedRate& rate = transfers[transfer.id];
    if (const auto known = transfers_.find(transfer.id); known != transfers_.end()) {
      rate = known->second;
    }
    rate.add(transfer.done.count, now);
  }
  transfers_ = std::move(transfers);
}

Rates Progress::rates(const ProgressState& state) const {
  Rates rates{.pages = pages_.per_second(), .bytes = bytes_.per_second()};
  if (const auto fine = settled_.per_second()) rates.settled = *fine / kFine;
  for (const TransferState& transfer : state.transfers) {
    rates.transfers.push_back(transfers_.at(transfer.id).per_second());
  }
  return rates;
}

void Progress::clear() {
  if (drawn_.empty()) return;
  drawn_.clear();
  write_out(fd_, fmt::format("\r{}", kEraseBelow));
}

// All in one write, and erased only behind what is new, so that nothing flickers.
void Progress::draw_bar(std::vector<std::string> lines) {
  if (lines == drawn_) return;
  std::string text = "\r";
  for (const std::string& line : lines) {
    if (&line != &lines.front()) text += fmt::format("{}\r\n", kEraseLineEnd);
    text += line;
  }
  text += kEraseBelow;
  if (lines.size() > 1) text += fmt::format("\x1b[{}A", lines.size() - 1);
  text += '\r';
  write_out(fd_, text);
  drawn_ = std::move(lines);
}

void Progress::draw_plain(const std::string& line) {
  plain_due_ = clock_.now() + kPlainInterval;
  write_out(fd_, line + '\n');
}

Screen Progress::screen() const {
  winsize size{};
  const bool is_known = ::ioctl(fd_, TIOCGWINSZ, &size) == 0 && size.ws_col > 0;
  Screen screen{.columns = default_columns_, .has_colours = has_colours_};
  if (is_known) screen.columns = size.ws_col;
  if (is_known && size.ws_row > 0) screen.rows = size.ws_row;
  return screen;
}

}  // namespace weft
