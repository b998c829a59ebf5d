#include "weft/base/units.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <limits>
#include <string>

using namespace std::chrono_literals;

namespace weft {
namespace {

TEST_CASE("sizes are read as wget, curl and aria2 read them") {
  struct Row {
    std::string_view text;
    std::uint64_t count;
    std::string_view why;
  };
  const Row rows[]{
      {"700", 700, "a bare number is bytes"},
      {"700B", 700, "B is bytes"},
      {"0", 0, "nought is a size"},
      {"10k", 10 << 10, "k is 1024"},
      {"10K", 10 << 10, "case does not matter"},
      {"1.5M", 3 << 19, "fractions"},
      {".5k", 512, "no digit before the point"},
      {"2.k", 2048, "no digit after the point"},
      {"2GiB", 2ULL << 30, "IEC names"},
      {"2gib", 2ULL << 30, "IEC names in lower case"},
      {"1.5 MiB", 3 << 19, "as to_text writes it"},
      {"1T", 1ULL << 40, "T"},
      {"3TiB", 3ULL << 40, "TiB"},
      {"1kB", 1000, "kB is 1000"},
      {"5MB", 5'000'000, "MB is 1000 kB"},
      {"2GB", 2'000'000'000, "GB is 1000 MB"},
      {"1TB", 1'000'000'000'000, "TB is 1000 GB"},
      {"18446744073709551615", std::numeric_limits<std::uint64_t>::max(), "the largest is exact"},
      {"9007199254740993", 9007199254740993, "exact where a double is not"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.why);
    CAPTURE(row.text);
    const auto bytes = parse_bytes(row.text);
    REQUIRE(bytes);
    CHECK(bytes->count == row.count);
  }
}

TEST_CASE("what is not a size is refused by name") {
  for (const std::string_view text :
       {"", " ", "k", ".", "-1", "+1", "1e3", "1x", "1kk", "0x10", "1,5M", "1.2.3", "ten",
        "18446744073709551616", "18446744073709551615k", "99999999999TiB"}) {
    CAPTURE(text);
    const auto bytes = parse_bytes(text);
    REQUIRE_FALSE(bytes);
    CHECK(bytes.error().message.find("'" + std::string(text) + "'") != std::string::npos);
  }
}

TEST_CASE("durations are read with their units, and bare numbers as seconds") {
  struct Row {
    std::string_view text;
    Clock::duration time;
  };
  const Row rows[]{
      {"500ms", 500ms}, {"2s", 2s},      {"1m30s", 90s},
      {"1h", 1h},       {"1d", 24h},     {"1d2h3m4s5ms", 26h + 3min + 4s + 5ms},
      {"0", 0s},        {"30", 30s},     {"1.5", 1500ms},
      {"0.25s", 250ms}, {"1.5h", 90min}, {"2M", 2min},
      {"0.4ms", 400us}, {" 2s ", 2s},    {"9223372036", 9223372036s},
  };
  for (const Row& row : rows) {
    CAPTURE(row.text);
    const auto time = parse_duration(row.text);
    REQUIRE(time);
    CHECK(time->count() == row.time.count());
  }
}

TEST_CASE("what is not a duration is refused by name") {
  for (const std::string_view text :
       {"", "s", "-1s", "1x", "1 m", "1m 30s", "1m30", "30s1m", "1s1s", "1e3", "1..5s", "forever",
        "9223372037", "300000d", "200y"}) {
    CAPTURE(text);
    const auto time = parse_duration(text);
    REQUIRE_FALSE(time);
    CHECK(time.error().message.find("'" + std::string(text) + "'") != std::string::npos);
  }
}

TEST_CASE("a rate is the least time between two requests") {
  struct Row {
    std::string_view text;
    Clock::duration between;
  };
  const Row rows[]{
      {"5/s", 200ms}, {"5", 200ms}, {"30/m", 2s},      {"100/h", 36s}, {"0.5/s", 2s},
      {"0.5", 2s},    {"1/d", 24h}, {"2000/s", 500us}, {"0", 0s},      {"0/m", 0s},
  };
  for (const Row& row : rows) {
    CAPTURE(row.text);
    const auto between = parse_rate(row.text);
    REQUIRE(between);
    CHECK(between->count() == row.between.count());
  }
  for (const std::string_view text :
       {"", "/s", "5/", "5/x", "5s", "5 per s", "-1/s", "5/ms/s", "0.0000000000001/d"}) {
    CAPTURE(text);
    const auto between = parse_rate(text);
    REQUIRE_FALSE(between);
    CHECK(between.error().message.find("'" + std::string(text) + "'") != std::string::npos);
  }
}

TEST_CASE("sizes are written for people") {
  CHECK(to_text(Bytes{0}) == "0 B");
  CHECK(to_text(Bytes{812}) == "812 B");
  CHECK(to_text(Bytes{1023}) == "1023 B");
  CHECK(to_text(1_KiB) == "1.0 KiB");
  CHECK(to_text(Bytes{3 << 19}) == "1.5 MiB");
  CHECK(to_text(Bytes{(1 << 20) - 1}) == "1.0 MiB");  // not "1024.0 KiB"
  CHECK(to_text(32_MiB) == "32.0 MiB");
  CHECK(to_text(2_GiB) == "2.0 GiB");
  CHECK(to_text(Bytes{std::numeric_limits<std::uint64_t>::max()}) == "16.0 EiB");
}

TEST_CASE("durations are written for people") {
  CHECK(to_text(0s) == "0s");
  CHECK(to_text(400us) == "0.4ms");
  CHECK(to_text(Clock::duration(9'999'999)) == "10ms");
  CHECK(to_text(250ms) == "250ms");
  CHECK(to_text(999'900us) == "1s");
  CHECK(to_text(1500ms) == "1.5s");
  CHECK(to_text(30s) == "30s");
  CHECK(to_text(59'990ms) == "1m");  // not "60s"
  CHECK(to_text(90s) == "1m30s");
  CHECK(to_text(1h) == "1h");
  CHECK(to_text(25h + 1s) == "1d1h1s");
  CHECK(to_text(-90s) == "-1m30s");
}

TEST_CASE("what is written for people can be read back") {
  for (const Clock::duration time :
       {Clock::duration(0s), Clock::duration(250ms), Clock::duration(1500ms), Clock::duration(90s),
        Clock::duration(30h)}) {
    CHECK(parse_duration(to_text(time)).value() == time);
  }
  for (const Bytes bytes : {0_KiB, 1_KiB, 32_MiB, 2_GiB}) {
    CHECK(parse_bytes(to_text(bytes)).value() == bytes);
  }
}

TEST_CASE("times in records are RFC 3339 in UTC with milliseconds") {
  using std::chrono::sys_days;
  using std::chrono::year;
  const auto day = [](int y, unsigned m, unsigned d) {
    return sys_days(year(y) / static_cast<int>(m) / static_cast<int>(d));
  };
  CHECK(to_rfc3339(day(2026, 1, 2) + 3h + 4min + 5s + 678ms) == "2026-01-02T03:04:05.678Z");
  CHECK(to_rfc3339(day(1970, 1, 1)) == "1970-01-01T00:00:00.000Z");
  CHECK(to_rfc3339(day(2024, 2, 29) + 23h + 59min + 59s + 999ms + 999us) ==
        "2024-02-29T23:59:59.999Z");  // cut off, never rounded into the next day
  CHECK(to_rfc3339(day(1969, 12, 31) + 23h + 59min + 59s + 5ms) == "1969-12-31T23:59:59.005Z");
}

}  // namespace
}  // namespace weft
