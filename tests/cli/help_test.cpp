#include "cli/help.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <sstream>

#include "cli/crawl_command.hpp"
#include "cli/get_command.hpp"

namespace weft {
namespace {

using Strings = std::vector<std::string>;

TEST_CASE("text is broken at spaces") {
  CHECK(wrap("one two three", 7) == Strings{"one two", "three"});
  CHECK(wrap("one two three", 80) == Strings{"one two three"});
  CHECK(wrap("incomprehensibilities so", 5) == Strings{"incomprehensibilities", "so"});
  CHECK(wrap("", 5) == Strings{""});
}

TEST_CASE("an option's help stands beside it, or below where it is long; the default last") {
  const OptionTable table{
      {"Speed",
       {{.name = "jobs", .letter = 'j', .value = "N", .help = "transfers", .otherwise = "64"},
        {.name = "a-very-long-name-for-one", .value = "X", .help = "something"}}}};
  CHECK(to_text({.usage = {"weft x", "weft y"},
                 .about = "Does x.",
                 .table = &table,
                 .examples = {"weft x 1", "weft x 2"}}) ==
        "usage: weft x\n"
        "       weft y\n"
        "\n"
        "Does x.\n"
        "\n"
        "Speed\n"
        "  -j, --jobs N              transfers (default: 64)\n"
        "      --a-very-long-name-for-one X\n"
        "                            something\n"
        "\n"
        "Examples\n"
        "  weft x 1\n"
        "  weft x 2\n");
}

void check_help(const std::string& help, const OptionTable& table) {
  std::istringstream lines(help);
  for (std::string line; std::getline(lines, line);) {
    CAPTURE(line);
    CHECK(line.size() <= kHelpColumns);
    CHECK_FALSE(line.ends_with(' '));
  }
  for (const OptionGroup& group : table) {
    CHECK(help.find("\n" + group.title + "\n") != std::string::npos);
    for (const Option& option : group.options) {
      CAPTURE(option.name);
      CHECK(help.find("--" + option.name) != std::string::npos);
      CHECK_FALSE(option.help.empty());
    }
  }
}

TEST_CASE("help fits 80 columns and names every option with its default") {
  CrawlOptions crawl;
  GetOptions get;
  check_help(crawl_help(), crawl_options(crawl));
  check_help(get_help(), get_options(get));
  const std::string help = crawl_help();
  CHECK(help.find("-x, --per-host N          transfers in flight to one host (default: 4)\n") !=
        std::string::npos);
}

void check_names(const OptionTable& table) {
  std::string letters;
  Strings names{"help"};
  for (const OptionGroup& group : table) {
    for (const Option& option : group.options) {
      CAPTURE(option.name);
      CHECK(option.set != nullptr);
      CHECK(std::find(names.begin(), names.end(), option.name) == names.end());
      names.push_back(option.name);
      if (option.letter == 0) continue;
      CHECK(letters.find(option.letter) == std::string::npos);
      letters += option.letter;
    }
  }
}

TEST_CASE("no two options have one name or one letter, and each one works") {
  CrawlOptions crawl;
  GetOptions get;
  check_names(crawl_options(crawl));
  check_names(get_options(get));
}

}  // namespace
}  // namespace weft
