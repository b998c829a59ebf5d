#include "weft/base/outcome.hpp"

#include <doctest/doctest.h>

#include <set>
#include <string_view>

namespace weft {
namespace {

TEST_CASE("every outcome has the name records carry") {
  CHECK(name(Outcome::ok) == "ok");
  CHECK(name(Outcome::refused_robots) == "refused_robots");
  CHECK(name(Outcome::timeout) == "timeout");
  CHECK(name(Outcome::checksum_mismatch) == "checksum_mismatch");
  CHECK(name(Outcome::cancelled) == "cancelled");
  const std::set<std::string_view> names(kOutcomeNames.begin(), kOutcomeNames.end());
  CHECK(names.size() == kOutcomes);
  CHECK_FALSE(names.contains(""));
}

TEST_CASE("refusals by robots and scope, redirects and unchanged pages are not failures") {
  std::set<std::string_view> fine;
  for (std::size_t i = 0; i < kOutcomes; ++i) {
    const auto outcome = static_cast<Outcome>(i);
    if (!is_failure(outcome)) fine.insert(name(outcome));
  }
  CHECK(fine == std::set<std::string_view>{"ok", "redirect", "not_modified", "duplicate",
                                           "refused_robots", "refused_scope"});
}

}  // namespace
}  // namespace weft
