#include "weft/net/content_range.hpp"

#include <doctest/doctest.h>

namespace weft {

TEST_CASE("a Content-Range says which bytes, and of how many") {
  CHECK(parse_content_range("bytes 0-499/1234") == ContentRange{0, 499, 1234});
  CHECK(parse_content_range("bytes 42-1233/*") == ContentRange{42, 1233, std::nullopt});
  CHECK(parse_content_range("bytes 7-7/8")->size() == 1);
  CHECK(parse_content_range(" BYTES  0-0/1 ") == ContentRange{0, 0, 1});
  // Beyond 4 GiB, up to the last byte that can be counted.
  CHECK(parse_content_range("bytes 4294967296-4294967299/5000000000")->size() == 4);
  CHECK(parse_content_range("bytes 1-18446744073709551614/18446744073709551615"));
}

TEST_CASE("what is no Content-Range is none") {
  for (const char* value : {"",
                            "bytes",
                            "bytes ",
                            "bytes 0-1",
                            "bytes 0/1",
                            "bytes -/1",
                            "bytes 0-/1",
                            "bytes -1/1",
                            "bytes 2-1/3",
                            "bytes 0-3/3",
                            "bytes 0-0/0",
                            "bytes 0-1/",
                            "bytes 0-1/x",
                            "bytes 0-1/+2",
                            "bytes 0-1/2/3",
                            "bytes 0 - 1/2",
                            "bytes=0-1/2",
                            "items 0-1/2",
                            "bytes a-b/c",
                            "bytes 0-18446744073709551615/*",
                            "bytes 0-18446744073709551616/*",
                            "bytes */5",
                            "bytes 0x0-0x1/2",
                            "bytes 0-1,3-4/9"}) {
    CAPTURE(value);
    CHECK_FALSE(parse_content_range(value));
  }
}

TEST_CASE("a range that cannot be had says how much there is") {
  CHECK(parse_unsatisfied_range("bytes */1234") == 1234U);
  CHECK(parse_unsatisfied_range("bytes */0") == 0U);
  for (const char* value : {"", "bytes */", "bytes */*", "bytes 0-1/2", "*/1", "bytes * /1"}) {
    CAPTURE(value);
    CHECK_FALSE(parse_unsatisfied_range(value));
  }
}

}  // namespace weft
