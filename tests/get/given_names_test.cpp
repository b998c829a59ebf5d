#include "get/given_names.hpp"

#include <doctest/doctest.h>

#include <vector>

#include "support/jobs.hpp"
#include "support/temp_dir.hpp"

namespace weft::get {
namespace {

using test::contents;
using test::must;
using test::TempDir;
using test::write_file;
using Paths = std::vector<std::string>;

const auto kNothing = [](std::string_view) {};

TEST_CASE("names are known to the next run, of the downloads that it asks for") {
  const TempDir here;
  const std::string path = here / "names";
  {
    const auto names = must(GivenNames::open(path, GivenNames::Open::afresh));
    must(names->add(1, "get"));
    must(names->add(2, "get.1"));
    must(names->add(30, "a b/c"));
    CHECK(names->of(1) == nullptr);  // no former run
  }
  const auto names = must(GivenNames::open(path, GivenNames::Open::to_go_on));
  Paths told;
  must(names->recall([](std::uint64_t id) { return id != 2; },
                     [&told](std::string_view name) { told.emplace_back(name); }));
  CHECK(told == Paths{"get", "a b/c"});
  REQUIRE(names->of(30) != nullptr);
  CHECK(*names->of(30) == "a b/c");
  CHECK(names->of(2) == nullptr);
  const auto afresh = must(GivenNames::open(path, GivenNames::Open::afresh));
  CHECK(contents(path).empty());
}

TEST_CASE("a line that a killed run has not written to its end is as if it were not there") {
  const TempDir here;
  write_file(here / "names", "1\ta\n2\tget.1");
  const auto names = must(GivenNames::open(here / "names", GivenNames::Open::to_go_on));
  must(names->recall([](std::uint64_t) { return true; }, kNothing));
  CHECK(names->of(2) == nullptr);
  must(names->add(3, "b"));
  CHECK(contents(here / "names") == "1\ta\n3\tb\n");
}

TEST_CASE("names whose reading is stopped stand as they were") {
  const TempDir here;
  write_file(here / "names", "1\ta\n2\tb\n");
  const auto names = must(GivenNames::open(here / "names", GivenNames::Open::to_go_on));
  const auto is_any = [](std::uint64_t) { return true; };
  int looks = 0;
  CHECK_FALSE(names->recall(is_any, kNothing, [&looks] { return ++looks == 2; }));
  CHECK(contents(here / "names") == "1\ta\n2\tb\n");
}

TEST_CASE("where names cannot be written down, why is said") {
  const TempDir here;
  const auto none = GivenNames::open(here / "missing/names", GivenNames::Open::afresh);
  REQUIRE_FALSE(none);
  CHECK(none.error().message.find("missing/names': No such file") != std::string::npos);
  const auto full = must(GivenNames::open("/dev/full", GivenNames::Open::to_go_on));
  const auto added = full->add(1, "a");
  REQUIRE_FALSE(added);
  CHECK(added.error().message.find("No space left") != std::string::npos);
}

}  // namespace
}  // namespace weft::get
