#include "cli/suggest.hpp"

#include <doctest/doctest.h>

#include <vector>

namespace weft {
namespace {

TEST_CASE("a slip of a finger is one edit") {
  CHECK(edit_distance("crawl", "crawl") == 0);
  CHECK(edit_distance("crawl", "crwl") == 1);    // dropped
  CHECK(edit_distance("crawl", "craawl") == 1);  // added
  CHECK(edit_distance("crawl", "crewl") == 1);   // changed
  CHECK(edit_distance("crawl", "cralw") == 1);   // swapped with its neighbour
  CHECK(edit_distance("", "abc") == 3);
  CHECK(edit_distance("abc", "") == 3);
  CHECK(edit_distance("kitten", "sitting") == 3);
}

TEST_CASE("the nearest word is proposed, and none where none is near") {
  const std::vector<std::string> known{"--depth", "--exclude", "--max-pages",
                                       "--max-pages-per-host"};
  CHECK(nearest("--dpeth", known) == "--depth");
  CHECK(nearest("--excude", known) == "--exclude");
  CHECK(nearest("--max-page", known) == "--max-pages");
  CHECK(nearest("--max-pages-per", known) == "--max-pages-per-host");  // the beginning of one
  CHECK(nearest("--zzzzzz", known).empty());
  CHECK(nearest("x", known).empty());
  CHECK(nearest(std::string(10'000, 'x'), known).empty());
}

}  // namespace
}  // namespace weft
