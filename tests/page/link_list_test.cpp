#include <doctest/doctest.h>

#include <string>
#include <utility>

#include "weft/page/link.hpp"

namespace weft::test {

TEST_CASE("a list of links keeps their texts, however many and wherever it is moved") {
  LinkList links;
  for (int i = 0; i < 5'000; ++i) {
    const std::string reference = "page-" + std::to_string(i);  // gone at once
    links.add({.reference = reference, .kind = LinkKind::area, .nofollow = true});
  }
  links.add({.reference = std::string(200'000, 'x'), .text = "text"});
  links.set_text(7, std::string("seven"));
  const LinkList moved = std::move(links);

  REQUIRE(moved.size() == 5'001);
  CHECK(moved.front().reference == "page-0");
  CHECK(moved[7].text == "seven");
  CHECK(moved[4'999].reference == "page-4999");
  CHECK(moved[4'999].kind == LinkKind::area);
  CHECK(moved[4'999].nofollow);
  CHECK(moved.back().reference == std::string(200'000, 'x'));
  CHECK(moved.back().text == "text");
}

TEST_CASE("a list of links that was moved from can be filled again") {
  LinkList links;
  links.add({.reference = "first"});
  const LinkList moved = std::move(links);
  links = {};
  links.add({.reference = "second"});
  CHECK(moved.at(0).reference == "first");
  CHECK(links.at(0).reference == "second");
}

}  // namespace weft::test
