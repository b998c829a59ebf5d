#include "report/status_lines.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <string_view>

#include "report/layout.hpp"

namespace weft {

namespace {

constexpr std::string_view kYellow = "\x1b[33m";
constexpr std::string_view kDim = "\x1b[2m";
constexpr std::string_view kReset = "\x1b[0m";
constexpr std::string_view kBetween = "  ";

// --- what is said ---

std::string rate_text(const std::optional<double>& rate) {
  if (!rate) return {};
  return *rate < 99.95 ? fmt::format("{:.1f}/s", *rate) : fmt::format("{:.0f}/s", *rate);
}

std::string byte_rate_text(const std::optional<double>& rate) {
  if (!rate) return {};
  return to_text(Bytes{static_cast<std::uint64_t>(*rate)}) + "/s";
}

// Empty where nobody can tell, or would want to know.
std::string time_left(double left, const std::optional<double>& rate) {
  constexpr double kLongest = 100.0 * 3600;
  if (!rate || *rate <= 0 || left / *rate > kLongest) return {};
  std::chrono::seconds time(static_cast<std::int64_t>(std::ceil(left / *rate)));
  if (time >= std::chrono::hours(1)) time = std::chrono::ceil<std::chrono::minutes>(time);
  return to_text(Clock::duration(time)) + " left";
}

std::string bar_of(double fraction, std::size_t width) {
  const auto full = static_cast<std::size_t>(fraction * static_cast<double>(width));
  std::string bar(std::min(full, width), '=');
  if (full < width) bar += '>';
  bar.resize(width, ' ');
  return '[' + bar + ']';
}

// Never 100 before the end.
std::string percent_of(double fraction) {
  return fmt::format("{:>3}%", std::min(99, static_cast<int>(fraction * 100)));
}

double progressed(const ProgressState& state) {
  return static_cast<double>(state.settled) + state.begun;
}

// By bytes where all that is left has a size, else by files.
std::optional<double> fraction_of(const ProgressState& state) {
  if (!state.total || *state.total == 0) return std::nullopt;
  if (state.left && state.had.count + state.left->count > 0) {
    const auto had = static_cast<double>(state.had.count);
    return had / (had + static_cast<double>(state.left->count));
  }
  return std::clamp(progressed(state) / static_cast<double>(*state.total), 0.0, 1.0);
}

std::string time_left(const ProgressState& state, const Rates& rates) {
  if (!state.total) return {};
  if (state.left) return time_left(static_cast<double>(state.left->count), rates.bytes);
  return time_left(static_cast<double>(*state.total) - progressed(state), rates.settled);
}

// --- the whole ---

// A part of the line; those with the greatest `spare` are left out first, 0 never.
struct Part {
  std::string text;
  int spare = 0;
  std::string_view colour{};
};

std::string pages_text(const ProgressState& state) {
  if (!state.total) return counted(state.pages, state.noun);
  return fmt::format("{} of {}", state.pages, counted(*state.total, state.noun));
}

// Empty parts are left out. `bar_width`: 0 for none.
std::vector<Part> parts_of(const ProgressState& state, const Rates& rates, std::size_t bar_width) {
  const auto elapsed = std::chrono::floor<std::chrono::seconds>(state.elapsed);
  const auto fraction = fraction_of(state);
  // Where files come, that something is waited for is no news.
  const bool is_news = !state.counts_bytes || state.in_flight == 0;
  const bool shows_bar = fraction && bar_width > 0;
  std::vector<Part> parts{
      {to_text(Clock::duration(elapsed)), 5},
      {shows_bar ? bar_of(*fraction, bar_width) : "", 3},
      {fraction ? percent_of(*fraction) : "", 1},
      {pages_text(state), 0},
      {rate_text(rates.pages), state.counts_bytes ? 6 : 1},
      {state.counts_bytes ? to_text(state.bytes) : "", 4},
      {state.counts_bytes ? byte_rate_text(rates.bytes) : "", 1},
      {time_left(state, rates), 1},
      {fmt::format("{} in flight", state.in_flight), state.counts_bytes ? 7 : 3},
      {state.total ? "" : fmt::format("{} queued", state.queued), 2},
      {counted(state.hosts, "host"), 8},
      {state.errors > 0 ? counted(state.errors, "error") : "", 1, kYellow},
      {state.counts_bytes ? "" : to_text(state.bytes), 6},
      {state.waiting_for.empty() ? "" : "waiting for " + printable(state.waiting_for),
       is_news ? 0 : 9, kDim},
  };
  std::erase_if(parts, [](const Part& part) { return part.text.empty(); });
  return parts;
}

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

std::string line_of(const std::vector<Part>& parts, std::size_t columns, bool has_colours) {
  std::string line;
  std::size_t left = columns;
  for (const Part& part : parts) {
    const std::string_view gap = line.empty() ? std::string_view() : kBetween;
    if (left <= gap.size()) break;
    left -= gap.size();
    const std::string_view text = cut_to_width(part.text, left);
    left -= display_width(text);
    line += gap;
    if (has_colours && !part.colour.empty()) {
      line += fmt::format("{}{}{}", part.colour, text, kReset);
    } else {
      line += text;
    }
  }
  return line;
}

std::string total_line(const ProgressState& state, const Rates& rates, const Screen& screen,
                       std::size_t width) {
  constexpr std::size_t kLeastBar = 10;
  constexpr std::size_t kMostBar = 30;
  std::vector<Part> parts = parts_of(state, rates, std::clamp(width / 5, kLeastBar, kMostBar));
  leave_out_until_it_fits(parts, width);
  return line_of(parts, width, screen.has_colours);
}

// --- what is under way ---

// A column of the lines below; those with the greatest `spare` are left out first.
struct Column {
  std::size_t width;
  int spare;
  bool is_shown = true;
};

constexpr std::size_t kIndent = 2;
constexpr std::size_t kLeastName = 14;
constexpr std::size_t kMostTransferBar = 24;

struct Columns {
  std::size_t name = 0;
  Column bar{12, 3};
  Column percent{4, 0};
  Column size{10, 4};  // "1023.9 MiB"
  Column rate{12, 1};  // "1023.9 MiB/s"
  Column time{12, 2};  // "59m59s left"

  std::vector<Column*> all() { return {&bar, &percent, &size, &rate, &time}; }
};

std::size_t width_besides_name(Columns& columns) {
  std::size_t width = kIndent;
  for (const Column* column : columns.all()) {
    if (column->is_shown) width += kBetween.size() + column->width;
  }
  return width;
}

Columns columns_for(std::size_t width, std::size_t longest_name) {
  Columns columns;
  const std::size_t least = std::min(kLeastName, longest_name);
  while (width_besides_name(columns) + least > width) {
    Column* first = nullptr;
    for (Column* column : columns.all()) {
      if (column->is_shown && (first == nullptr || column->spare > first->spare)) first = column;
    }
    if (first == nullptr) break;
    first->is_shown = false;
  }
  const std::size_t besides = width_besides_name(columns);
  columns.name = std::min(longest_name, width - std::min(width, besides));
  const std::size_t left = width - std::min(width, besides + columns.name);
  if (columns.bar.is_shown) {
    columns.bar.width = std::min(kMostTransferBar, columns.bar.width + left);
  }
  return columns;
}

// Names of one batch differ at their ends.
std::string end_of_name(const std::string& name, std::size_t columns) {
  constexpr std::string_view kCut = "...";
  if (display_width(name) <= columns) return name;
  if (columns <= kCut.size()) return std::string(cut_to_width(name, columns));
  std::string_view end = name;
  while (display_width(end) > columns - kCut.size()) {
    end.remove_prefix(1);
    while (!end.empty() && (static_cast<unsigned char>(end.front()) & 0xC0) == 0x80) {
      end.remove_prefix(1);
    }
  }
  return std::string(kCut).append(end);
}

std::string padded(const std::string& text, std::size_t columns) {
  return text + std::string(columns - std::min(columns, display_width(text)), ' ');
}

std::string transfer_line(const TransferState& transfer, const std::optional<double>& rate,
                          const Columns& columns) {
  std::string line(kIndent, ' ');
  line += padded(end_of_name(printable(transfer.name), columns.name), columns.name);
  const bool is_sized = transfer.size && transfer.size->count > 0;
  const double fraction = is_sized ? std::min(1.0, static_cast<double>(transfer.done.count) /
                                                       static_cast<double>(transfer.size->count))
                                   : 0;
  const auto add = [&line](const Column& column, const std::string& text) {
    if (column.is_shown) line += fmt::format("  {:>{}}", text, column.width);
  };
  if (columns.bar.is_shown) {
    const std::size_t width = columns.bar.width;
    line += is_sized ? "  " + bar_of(fraction, width - 2) : std::string(width + 2, ' ');
  }
  add(columns.percent, is_sized ? percent_of(fraction) : "");
  add(columns.size, to_text(transfer.size.value_or(transfer.done)));
  add(columns.rate, byte_rate_text(rate));
  const std::uint64_t left = is_sized ? transfer.size->count - transfer.done.count : 0;
  add(columns.time, is_sized ? time_left(static_cast<double>(left), rate) : "");
  line.erase(line.find_last_not_of(' ') + 1);
  return line;
}

// --- a job that is read ---

// In groups of three digits: such numbers are read while they change.
std::string grouped(std::uint64_t number) {
  std::string text = fmt::format("{}", number);
  for (std::size_t at = text.size(); at > 3;) text.insert(at -= 3, 1, ',');
  return text;
}

std::string_view name_of(JobReading::Step step) {
  switch (step) {
    case JobReading::Step::opening:
    case JobReading::Step::restoring:
      return "reading the job";
    case JobReading::Step::queueing:
      return "queueing the job's pages again";
    case JobReading::Step::counting:
      return "counting the job's records";
    case JobReading::Step::judging:
      return "judging the job's URLs by the new scope";
  }
  return "";
}

}  // namespace

std::vector<std::string> status_lines(const ProgressState& state, const Rates& rates,
                                      const Screen& screen) {
  const std::size_t width = screen.columns - std::min<std::size_t>(screen.columns, 1);
  std::vector<std::string> lines{total_line(state, rates, screen, width)};
  const std::size_t room = screen.rows / 3;
  const std::size_t shown = std::min(state.transfers.size(), room - std::min<std::size_t>(room, 1));
  std::size_t longest = 0;
  for (std::size_t i = 0; i < shown; ++i) {
    longest = std::max(longest, display_width(printable(state.transfers[i].name)));
  }
  const Columns columns = columns_for(width, longest);
  for (std::size_t i = 0; i < shown; ++i) {
    const auto rate = i < rates.transfers.size() ? rates.transfers[i] : std::nullopt;
    const std::string line = transfer_line(state.transfers[i], rate, columns);
    lines.emplace_back(cut_to_width(line, width));
  }
  return lines;
}

std::string plain_status(const ProgressState& state, const Rates& rates) {
  std::string line;
  for (const Part& part : parts_of(state, rates, 0)) {
    const std::string_view text = part.text;
    line += line.empty() ? "" : ", ";
    line += text.substr(text.find_first_not_of(' '));
  }
  return line;
}

std::string reading_status(const JobReading::State& reading) {
  const std::string_view name = name_of(reading.step);
  if (reading.total == 0) return std::string(name);
  return fmt::format("{}: {} of {} URLs", name, grouped(std::min(reading.read, reading.total)),
                     grouped(reading.total));
}

std::string reading_line(const JobReading::State& reading, const Screen& screen) {
  const std::size_t width = screen.columns - std::min<std::size_t>(screen.columns, 1);
  return std::string(cut_to_width(reading_status(reading), width));
}

}  // namespace weft
