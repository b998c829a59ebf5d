#include "weft/base/units.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <limits>
#include <optional>
#include <span>
#include <system_error>

#include "weft/base/text.hpp"

namespace weft {
namespace {

using std::chrono::days;
using std::chrono::duration_cast;
using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::nanoseconds;
using std::chrono::seconds;

// A decimal number as written: exact in its whole part however large it is.
struct Number {
  std::uint64_t whole = 0;
  double fraction = 0;  // in [0, 1)
};

// Takes "12", "1.5" or ".5" from the front of `text`; no sign and no exponent.
std::optional<Number> take_number(std::string_view& text) {
  Number number;
  const char* const end = text.data() + text.size();
  const auto [rest, error] = std::from_chars(text.data(), end, number.whole);
  if (error == std::errc::result_out_of_range) return std::nullopt;
  bool digits = rest != text.data();
  text.remove_prefix(static_cast<std::size_t>(rest - text.data()));

  if (text.starts_with('.')) {
    text.remove_prefix(1);
    double scale = 1;
    for (; !text.empty() && is_ascii_digit(text.front()); text.remove_prefix(1)) {
      scale /= 10;
      number.fraction += scale * (text.front() - '0');
      digits = true;
    }
  }
  return digits ? std::optional(number) : std::nullopt;
}

// number × unit, or nothing when it is more than `most`.
std::optional<std::uint64_t> scaled(const Number& number, std::uint64_t unit, std::uint64_t most) {
  std::uint64_t whole = 0;
  if (__builtin_mul_overflow(number.whole, unit, &whole)) return std::nullopt;
  const auto part = std::llround(number.fraction * static_cast<double>(unit));
  std::uint64_t sum = 0;
  if (__builtin_add_overflow(whole, static_cast<std::uint64_t>(part), &sum)) return std::nullopt;
  return sum <= most ? std::optional(sum) : std::nullopt;
}

struct Unit {
  std::string_view name;
  std::uint64_t size;
};

const Unit* find_unit(std::span<const Unit> units, std::string_view name) {
  for (const Unit& unit : units) {
    if (equals_ignoring_case(unit.name, name)) return &unit;
  }
  return nullptr;
}

constexpr std::array<Unit, 14> kByteUnits{{
    {"", 1},
    {"B", 1},
    {"k", 1ULL << 10},
    {"M", 1ULL << 20},
    {"G", 1ULL << 30},
    {"T", 1ULL << 40},
    {"KiB", 1ULL << 10},
    {"MiB", 1ULL << 20},
    {"GiB", 1ULL << 30},
    {"TiB", 1ULL << 40},
    {"kB", 1000},
    {"MB", 1000 * 1000},
    {"GB", 1000 * 1000 * 1000},
    {"TB", 1000ULL * 1000 * 1000 * 1000},
}};

constexpr std::uint64_t in_nanoseconds(nanoseconds time) {
  return static_cast<std::uint64_t>(time.count());
}
constexpr std::array<Unit, 5> kTimeUnits{{
    {"ms", in_nanoseconds(milliseconds(1))},
    {"s", in_nanoseconds(seconds(1))},
    {"m", in_nanoseconds(minutes(1))},
    {"h", in_nanoseconds(hours(1))},
    {"d", in_nanoseconds(days(1))},
}};

constexpr auto kLongest = static_cast<std::uint64_t>(std::numeric_limits<nanoseconds::rep>::max());

Clock::duration to_duration(std::uint64_t count) {
  return duration_cast<Clock::duration>(nanoseconds(static_cast<nanoseconds::rep>(count)));
}

std::string_view take_letters(std::string_view& text) {
  std::size_t n = 0;
  while (n < text.size() && is_ascii_alpha(text[n])) ++n;
  const std::string_view letters = text.substr(0, n);
  text.remove_prefix(n);
  return letters;
}

// "1h30m": every number with its unit, the larger unit first.
std::optional<std::uint64_t> parse_parts(std::string_view text) {
  std::uint64_t total = 0;
  std::uint64_t unit_before = kLongest;
  while (!text.empty()) {
    const auto number = take_number(text);
    const Unit* const unit = find_unit(kTimeUnits, take_letters(text));
    if (!number || unit == nullptr || unit->size >= unit_before) return std::nullopt;
    const auto part = scaled(*number, unit->size, kLongest - total);
    if (!part) return std::nullopt;
    total += *part;
    unit_before = unit->size;
  }
  return total;
}

}  // namespace

Result<Bytes> parse_bytes(std::string_view text) {
  std::string_view rest = trim(text);
  const auto number = take_number(rest);
  const Unit* const unit = find_unit(kByteUnits, trim(rest));
  if (!number || unit == nullptr) {
    return fail("'{}' is not a size: write 700, 10k, 1.5M or 2GiB", text);
  }
  const auto count = scaled(*number, unit->size, std::numeric_limits<std::uint64_t>::max());
  if (!count) return fail("'{}' is more bytes than can be counted", text);
  return Bytes{*count};
}

Result<Clock::duration> parse_duration(std::string_view text) {
  const std::string_view whole = trim(text);
  std::string_view rest = whole;
  const auto number = take_number(rest);
  const auto count = number && rest.empty() ? scaled(*number, in_nanoseconds(seconds(1)), kLongest)
                     : whole.empty()        ? std::nullopt
                                            : parse_parts(whole);
  if (!count) return fail("'{}' is not a duration: write 500ms, 2s, 1m30s or 1h", text);
  return to_duration(*count);
}

Result<Clock::duration> parse_rate(std::string_view text) {
  const auto wrong = [&] { return fail("'{}' is not a rate: write 5/s, 30/m or 100/h", text); };
  std::string_view rest = trim(text);
  const auto number = take_number(rest);
  if (!number) return wrong();
  const Unit* per = find_unit(kTimeUnits, "s");
  if (!rest.empty()) {
    per = rest.starts_with('/') ? find_unit(kTimeUnits, rest.substr(1)) : nullptr;
    if (per == nullptr) return wrong();
  }
  const double rate = static_cast<double>(number->whole) + number->fraction;
  if (rate == 0) return Clock::duration::zero();
  const double between = static_cast<double>(per->size) / rate;
  if (between >= static_cast<double>(kLongest)) return wrong();
  return to_duration(static_cast<std::uint64_t>(std::llround(between)));
}

std::string to_text(Bytes bytes) {
  if (bytes.count < 1024) return fmt::format("{} B", bytes.count);
  constexpr std::array<std::string_view, 6> kNames{"KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};
  double value = static_cast<double>(bytes.count) / 1024;
  std::size_t i = 0;
  for (; value >= 1023.95 && i + 1 < kNames.size(); ++i) value /= 1024;  // never "1024.0 KiB"
  return fmt::format("{:.1f} {}", value, kNames[i]);
}

std::string to_text(Clock::duration duration) {
  if (duration < Clock::duration::zero()) return "-" + to_text(-duration);
  if (duration == Clock::duration::zero()) return "0s";

  using Milliseconds = std::chrono::duration<double, std::milli>;
  using Seconds = std::chrono::duration<double>;
  if (duration < milliseconds(10)) return fmt::format("{:.2g}ms", Milliseconds(duration).count());
  if (const auto ms = round<milliseconds>(duration); ms < seconds(1)) {
    return fmt::format("{}ms", ms.count());
  }
  if (const auto tenths = std::round(Seconds(duration).count() * 10); tenths < 600) {
    return fmt::format("{:g}s", tenths / 10);
  }

  auto rest = round<seconds>(duration);
  std::string text;
  const auto take = [&](seconds unit, char letter) {
    if (rest >= unit) text += fmt::format("{}{}", rest / unit, letter);
    rest %= unit;
  };
  take(days(1), 'd');
  take(hours(1), 'h');
  take(minutes(1), 'm');
  take(seconds(1), 's');
  return text;
}

// Written out by hand: every record carries a time, and a general formatter costs as much as
// the rest of the record.
std::string to_rfc3339(Clock::wall_time time) {
  const auto ms = floor<milliseconds>(time);
  const auto day = floor<days>(ms);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss clock(ms - day);
  std::string text = "0000-00-00T00:00:00.000Z";
  const auto put = [&text](std::size_t last, auto value) {  // its digits, right to left
    for (auto rest = static_cast<std::uint64_t>(value); rest > 0; rest /= 10) {
      text[last--] = static_cast<char>('0' + rest % 10);
    }
  };
  put(3, std::clamp(static_cast<int>(date.year()), 0, 9999));
  put(6, static_cast<unsigned>(date.month()));
  put(9, static_cast<unsigned>(date.day()));
  put(12, clock.hours().count());
  put(15, clock.minutes().count());
  put(18, clock.seconds().count());
  put(22, clock.subseconds().count());
  return text;
}

}  // namespace weft
