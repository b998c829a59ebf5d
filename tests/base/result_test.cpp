#include "weft/base/result.hpp"

#include <doctest/doctest.h>

#include <memory>
#include <string>

namespace weft {
namespace {

Result<int> parse_digit(char c) {
  if (c < '0' || c > '9') return fail("'{}' is not a digit", c);
  return c - '0';
}

Result<std::string> spell(char c) {
  Result<int> digit = parse_digit(c);
  if (!digit) return fail("cannot spell: {}", digit.error().message);
  return std::string(static_cast<std::size_t>(*digit), '|');
}

TEST_CASE("a result is a value or the reason why there is none") {
  CHECK(parse_digit('7').value() == 7);
  const auto wrong = parse_digit('x');
  REQUIRE_FALSE(wrong);
  CHECK(wrong.error().message == "'x' is not a digit");
}

TEST_CASE("a reason becomes the reason of any other result") {
  CHECK(spell('3').value() == "|||");
  CHECK(spell('x').error().message == "cannot spell: 'x' is not a digit");
}

TEST_CASE("a result may own what cannot be copied, or hold nothing") {
  Result<std::unique_ptr<int>> owned = std::make_unique<int>(5);
  CHECK(*std::move(owned).value() == 5);
  const auto done = [](bool ok) -> Result<void> {
    if (!ok) return fail("not done");
    return {};
  };
  CHECK(done(true));
  CHECK(done(false).error().message == "not done");
}

}  // namespace
}  // namespace weft
