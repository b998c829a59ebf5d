#include "weft/net/retry_after.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <array>

#include "weft/base/text.hpp"

namespace weft {

namespace {

using std::chrono::seconds;

constexpr std::array<std::string_view, 12> kMonths{"jan", "feb", "mar", "apr", "may", "jun",
                                                   "jul", "aug", "sep", "oct", "nov", "dec"};

struct Fields {
  int year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0;
};

// Reads a date from left to right; after the first thing missing every read fails.
class DateScanner {
 public:
  explicit DateScanner(std::string_view text) : rest_(text) {}

  bool done() const { return ok_ && rest_.empty(); }

  std::string_view word() {
    std::size_t size = 0;
    while (size < rest_.size() && is_ascii_alpha(rest_[size])) ++size;
    return take(size, size > 0);
  }

  void literal(std::string_view text) { take(text.size(), rest_.starts_with(text)); }

  int digits(std::size_t count) {
    int value = 0;
    for (const char c : take(count, rest_.size() >= count)) {
      if (!is_ascii_digit(c)) ok_ = false;
      value = value * 10 + (c - '0');
    }
    return value;
  }

  int month() {
    const auto found = std::ranges::find(kMonths, to_lower(word()));
    if (found == kMonths.end()) ok_ = false;
    return static_cast<int>(found - kMonths.begin()) + 1;
  }

  void time(Fields& fields) {
    fields.hour = digits(2);
    literal(":");
    fields.minute = digits(2);
    literal(":");
    fields.second = digits(2);
  }

  bool next_is(char c) const { return rest_.starts_with(c); }

 private:
  std::string_view take(std::size_t size, bool there) {
    if (!there) ok_ = false;
    if (!ok_) return {};
    const std::string_view taken = rest_.substr(0, size);
    rest_.remove_prefix(size);
    return taken;
  }

  std::string_view rest_;
  bool ok_ = true;
};

// "Sun Nov  6 08:49:37 1994", after "Sun".
void read_asctime(DateScanner& scan, Fields& fields) {
  scan.literal(" ");
  fields.month = scan.month();
  scan.literal(" ");
  if (scan.next_is(' ')) {
    scan.literal(" ");
    fields.day = scan.digits(1);
  } else {
    fields.day = scan.digits(2);
  }
  scan.literal(" ");
  scan.time(fields);
  scan.literal(" ");
  fields.year = scan.digits(4);
}

// "Sun, 06 Nov 1994 08:49:37 GMT" or "Sunday, 06-Nov-94 08:49:37 GMT", after the comma.
void read_gmt(DateScanner& scan, Fields& fields, int this_year) {
  scan.literal(" ");
  fields.day = scan.digits(2);
  const bool two_digit_year = scan.next_is('-');
  const std::string_view gap = two_digit_year ? "-" : " ";
  scan.literal(gap);
  fields.month = scan.month();
  scan.literal(gap);
  fields.year = scan.digits(two_digit_year ? 2 : 4);
  if (two_digit_year) {
    // RFC 9110 §5.6.7: more than 50 years ahead means the century before.
    fields.year += this_year / 100 * 100;
    if (fields.year > this_year + 50) fields.year -= 100;
  }
  scan.literal(" ");
  scan.time(fields);
  scan.literal(" GMT");
}

// The far future and past stop where the clock's own range ends (1677 to 2262).
std::optional<Clock::wall_time> to_time(const Fields& fields) {
  using namespace std::chrono;
  const year_month_day date{year(fields.year), month(static_cast<unsigned>(fields.month)),
                            day(static_cast<unsigned>(fields.day))};
  const bool leap_second = fields.second == 60;
  if (!date.ok() || fields.hour > 23 || fields.minute > 59 || fields.second > 60) {
    return std::nullopt;
  }
  const seconds since_epoch = sys_days(date).time_since_epoch() + hours(fields.hour) +
                              minutes(fields.minute) + seconds(leap_second ? 59 : fields.second);
  constexpr auto kFirst = duration_cast<seconds>(Clock::wall_time::min().time_since_epoch());
  constexpr auto kLast = duration_cast<seconds>(Clock::wall_time::max().time_since_epoch());
  return Clock::wall_time(std::clamp(since_epoch, kFirst, kLast));
}

// Seconds as digits alone; what does not fit is the longest wait.
std::optional<seconds> parse_delay(std::string_view digits) {
  if (digits.empty()) return std::nullopt;
  seconds delay{0};
  for (const char c : digits) {
    if (!is_ascii_digit(c)) return std::nullopt;
    delay = std::min(delay * 10 + seconds(c - '0'), kLongestRetryAfter);
  }
  return delay;
}

}  // namespace

std::optional<Clock::wall_time> parse_http_date(std::string_view text, Clock::wall_time now) {
  const std::chrono::year_month_day today(std::chrono::floor<std::chrono::days>(now));
  DateScanner scan(trim(text));
  Fields fields;
  scan.word();  // the weekday follows from the date; a wrong one is no reason to fail
  if (scan.next_is(',')) {
    scan.literal(",");
    read_gmt(scan, fields, static_cast<int>(today.year()));
  } else {
    read_asctime(scan, fields);
  }
  if (!scan.done()) return std::nullopt;
  return to_time(fields);
}

std::optional<seconds> parse_retry_after(std::string_view value, Clock::wall_time now) {
  value = trim(value);
  if (const auto delay = parse_delay(value)) return delay;
  const auto date = parse_http_date(value, now);
  if (!date) return std::nullopt;
  const auto delay = std::chrono::ceil<seconds>(*date - std::min(now, *date));
  return std::min(delay, kLongestRetryAfter);
}

std::string to_http_date(Clock::wall_time time) {
  constexpr std::array<std::string_view, 7> kDays{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  const auto second = floor<seconds>(time);
  const auto day = floor<std::chrono::days>(second);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss clock(second - day);
  std::string month(kMonths[static_cast<unsigned>(date.month()) - 1]);
  month.front() = static_cast<char>(month.front() - 'a' + 'A');
  return fmt::format("{}, {:02} {} {:04} {:02}:{:02}:{:02} GMT",
                     kDays[std::chrono::weekday(day).c_encoding()],
                     static_cast<unsigned>(date.day()), month, static_cast<int>(date.year()),
                     clock.hours().count(), clock.minutes().count(), clock.seconds().count());
}

}  // namespace weft
