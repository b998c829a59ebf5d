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
#include <vector>

#include "report/layout.hpp"

namespace weft {

namespace {

constexpr std::string_view kEraseLine = "\r\x1b[K";
constexpr std::string_view kYellow = "\x1b[33m";
constexpr std::string_view kDim = "\x1b[2m";
constexpr std::string_view kReset = "\x1b[0m";

std::string_view environment(const char* name) {
  const char* const value = std::getenv(name);  // NOLINT(concurrency-mt-unsafe): at start
  return value == nullptr ? std::string_view() : value;
}

bool can_rewrite(int fd) {
  const std::string_view term = environment("TERM");
  return ::isatty(fd) == 1 && !term.empty() && term != "dumb";
}

// A part of the line; those with the greatest `spare` are left out first, 0 never.
struct Part {
  std::string text;
  int spare = 0;
  std::string_view colour{};
};

std::string rate_text(const std::optional<double>& rate) {
  if (!rate) return {};
  return *rate < 99.95 ? fmt::format("{:.1f}/s", *rate) : fmt::format("{:.0f}/s", *rate);
}

// Empty parts are left out.
std::vector<Part> parts_of(const ProgressState& state, const std::optional<double>& rate) {
  const auto elapsed = std::chrono::floor<std::chrono::seconds>(state.elapsed);
  std::vector<Part> parts{
      {to_text(Clock::duration(elapsed)), 4},
      {counted(state.pages, state.noun), 0},
      {rate_text(rate), 1},
      {fmt::format("{} in flight", state.in_flight), 3},
      {fmt::format("{} queued", state.queued), 2},
      {counted(state.hosts, "host"), 6},
      {state.errors > 0 ? counted(state.errors, "error") : "", 1, kYellow},
      {to_text(state.bytes), 5},
      {state.waiting_for.empty() ? "" : "waiting for " + printable(state.waiting_for), 0, kDim},
  };
  std::erase_if(parts, [](const Part& part) { return part.text.empty(); });
  return parts;
}

constexpr std::string_view kBetween = "  ";

std::size_t width_of(const std::vector<Part>& parts) {
  std::size_t width = 0;
  for (const Part& part : parts) width += display_width(part.text) + kBetween.size();
  return width - std::min(width, kBetween.size());
}

void leave_out_until_it_fits(std::vector<Part>& parts, std::size_t columns) {
  while (width_of(parts) > columns) {
    const auto least = std::max_element(
        parts.begin(), parts.end(), [](const Part& a, const Part& b) { return a.spare < b.spare; });
    if (least->spare == 0) return;
    parts.erase(least);
  }
}

std::string bar_line(const std::vector<Part>& parts, std::size_t columns, bool colours) {
  std::string line;
  std::size_t left = columns;
  for (const Part& part : parts) {
    const std::string_view gap = line.empty() ? std::string_view() : kBetween;
    if (left <= gap.size()) break;
    left -= gap.size();
    const std::string_view text = cut_to_width(part.text, left);
    left -= display_width(text);
    line += gap;
    if (colours && !part.colour.empty()) {
      line += fmt::format("{}{}{}", part.colour, text, kReset);
    } else {
      line += text;
    }
  }
  return line;
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
  colours_ = rewritable && environment("NO_COLOR").empty();
  const std::string_view columns = environment("COLUMNS");
  std::size_t given = 0;
  std::from_chars(columns.data(), columns.data() + columns.size(), given);
  if (given > 0) default_columns_ = given;
}

void Progress::draw(const ProgressState& state) {
  if (mode_ == ProgressMode::none) return;
  rate_.add(state.pages, clock_.now());
  if (mode_ == ProgressMode::bar) {
    draw_bar(state);
  } else {
    draw_plain(state);
  }
}

void Progress::clear() {
  if (drawn_.empty()) return;
  drawn_.clear();
  write_out(fd_, kEraseLine);
}

void Progress::draw_bar(const ProgressState& state) {
  // The last column stays free: a terminal may wrap when it is written to.
  const std::size_t width = columns() - 1;
  std::vector<Part> parts = parts_of(state, rate_.per_second());
  leave_out_until_it_fits(parts, width);
  std::string line = bar_line(parts, width, colours_);
  if (line == drawn_) return;
  write_out(fd_, fmt::format("\r{}\x1b[K", line));
  drawn_ = std::move(line);
}

void Progress::draw_plain(const ProgressState& state) {
  const Clock::time_point now = clock_.now();
  if (now < plain_due_) return;
  plain_due_ = now + kPlainInterval;

  std::string line;
  for (const Part& part : parts_of(state, rate_.per_second())) {
    line += (line.empty() ? "" : ", ") + part.text;
  }
  write_out(fd_, line + '\n');
}

std::size_t Progress::columns() const {
  winsize size{};
  const bool known = ::ioctl(fd_, TIOCGWINSZ, &size) == 0 && size.ws_col > 0;
  return known ? size.ws_col : default_columns_;
}

}  // namespace weft
