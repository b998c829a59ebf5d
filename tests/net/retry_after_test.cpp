#include "weft/net/retry_after.hpp"

#include <doctest/doctest.h>

#include <string>

#include "support/vectors.hpp"

namespace weft {

using std::chrono::seconds;

TEST_CASE("Retry-After is seconds or a date (RFC 9110 §10.2.3)") {
  const auto vectors = test::load_vectors("http/retry-after.json");
  if (!vectors) return;
  for (const auto& row : vectors->at("cases")) {
    const std::string value = row.at("retry_after");
    CAPTURE(value);
    const Clock::wall_time now(seconds(row.at("now_unix").get<std::int64_t>()));
    const auto wait = parse_retry_after(value, now);
    const auto& expected = row.at("wait_seconds");
    if (expected.is_null()) {
      CHECK_FALSE(wait);
    } else if (expected.is_string()) {  // "cap": the caller's, and it is well below a year
      REQUIRE(wait);
      CHECK(*wait >= std::chrono::hours(24 * 365));
      CHECK(*wait <= kLongestRetryAfter);
    } else {
      REQUIRE(wait);
      CHECK(wait->count() == expected.get<std::int64_t>());
    }
  }
}

namespace {

// 2026-01-02T03:00:00Z
constexpr Clock::wall_time kNow(seconds(1767322800));

std::optional<std::int64_t> unix_time(std::string_view date) {
  const auto time = parse_http_date(date, kNow);
  if (!time) return std::nullopt;
  return std::chrono::duration_cast<seconds>(time->time_since_epoch()).count();
}

}  // namespace

TEST_CASE("a date has one of three forms (RFC 9110 §5.6.7)") {
  CHECK(unix_time("Sun, 06 Nov 1994 08:49:37 GMT") == 784111777);
  CHECK(unix_time("Sunday, 06-Nov-94 08:49:37 GMT") == 784111777);
  CHECK(unix_time("Sun Nov  6 08:49:37 1994") == 784111777);
  CHECK(unix_time("Wed Nov 16 08:49:37 1994") == 784975777);
}

TEST_CASE("a date is written in the first of them") {
  for (const char* text : {"Sun, 06 Nov 1994 08:49:37 GMT", "Thu, 01 Jan 1970 00:00:00 GMT",
                           "Thu, 29 Feb 2024 23:59:59 GMT", "Wed, 31 Dec 1969 23:59:59 GMT"}) {
    CHECK(to_http_date(parse_http_date(text, kNow).value()) == text);
  }
}

TEST_CASE("two digits of a year are at most fifty years ahead") {
  CHECK(unix_time("Friday, 02-Jan-76 03:02:00 GMT") == 3345159720);   // 2076
  CHECK(unix_time("Saturday, 02-Jan-77 03:02:00 GMT") == 221022120);  // 1977
}

TEST_CASE("a date far out of range stops at the clock's own ends") {
  CHECK(unix_time("Fri, 31 Dec 9999 23:59:59 GMT") > 9'000'000'000);
  CHECK(unix_time("Mon, 01 Jan 0001 00:00:00 GMT") < -9'000'000'000);
}

TEST_CASE("what is nearly a date is none") {
  for (const char* text :
       {"", "Sun", "Sun,", "Sun, 06 Nov 1994", "Sun, 06 Nov 1994 08:49:37",
        "Sun, 06 Nov 1994 08:49:37 GMT+1", "Sun, 6 Nov 1994 08:49:37 GMT",
        "Sun, 06 Now 1994 08:49:37 GMT", "Sun, 06 Nov 1994 24:00:00 GMT",
        "Sun, 06 Nov 1994 08:60:00 GMT", "Sun, 06 Nov 1994 08:49:61 GMT",
        "Sun, 31 Feb 2026 08:49:37 GMT", "Sun, 00 Nov 1994 08:49:37 GMT",
        "Sun, -6 Nov 1994 08:49:37 GMT", "06 Nov 1994 08:49:37 GMT", "1994-11-06T08:49:37Z"}) {
    CAPTURE(text);
    CHECK_FALSE(parse_http_date(text, kNow));
  }
}

}  // namespace weft
