#include "cli/seeds.hpp"

#include <doctest/doctest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <sstream>

namespace weft {
namespace {

using Strings = std::vector<std::string>;

struct Read {
  Strings urls;
  Strings complaints;
  std::size_t bad_lines = 0;
};

Read read(const std::string& text) {
  std::istringstream in(text);
  Read result;
  Seeds seeds;
  read_list(
      in, "list.txt", [&](const std::string& line) { result.complaints.push_back(line); }, seeds);
  for (const Url& url : seeds.urls) result.urls.push_back(url.href());
  result.bad_lines = seeds.bad_lines;
  return result;
}

std::string refusal(std::string_view text) {
  const auto url = parse_seed(text);
  return url ? "" : url.error().message;
}

TEST_CASE("a list holds one URL a line") {
  CHECK(read("http://a/\nhttps://b/c?d\n").urls == Strings{"http://a/", "https://b/c?d"});
  CHECK(read("http://a/").urls == Strings{"http://a/"});  // no newline at the end
  CHECK(read("").urls.empty());
}

TEST_CASE("comments, blank lines, CRLF, spaces and a byte order mark are no URLs") {
  const Read result =
      read("\xEF\xBB\xBFhttp://a/\r\n\r\n# http://no/\r\n  # nor this\r\n \t http://b/ \r\n");
  CHECK(result.urls == Strings{"http://a/", "http://b/"});
  CHECK(result.complaints.empty());
}

TEST_CASE("a URL twice is twice a seed: the crawl knows it is one") {
  CHECK(read("http://a/\nhttp://a/\n").urls.size() == 2);
}

TEST_CASE("a bad line is named, and the rest goes on") {
  const Read result = read("http://a/\nexample.org/x\nhttp://b/\n");
  CHECK(result.urls == Strings{"http://a/", "http://b/"});
  CHECK(result.bad_lines == 1);
  CHECK(result.complaints == Strings{"list.txt:2: 'example.org/x' has no scheme: did you mean "
                                     "https://example.org/x?"});
}

TEST_CASE("a very long line is one bad line") {
  const Read result = read("http://a/\nhttp://h/" + std::string(5'000'000, 'x') + "\nhttp://b/\n");
  CHECK(result.urls == Strings{"http://a/", "http://b/"});
  REQUIRE(result.complaints.size() == 1);
  CHECK(result.complaints[0].starts_with("list.txt:2: 'http://h/xxx"));
  CHECK(result.complaints[0].size() < 300);
}

TEST_CASE("a file that is no list does not flood the terminal") {
  std::string text;
  for (int i = 0; i < 1000; ++i) text += "mailto:x\n";
  const Read result = read(text);
  CHECK(result.bad_lines == 1000);
  CHECK(result.complaints.size() == 21);
  CHECK(result.complaints.back() == "list.txt: 980 more lines are no URLs");
}

TEST_CASE("what is no http URL is refused with the reason") {
  CHECK(
      refusal("ftp://example.org/").starts_with("'ftp://example.org/' is no URL to start from: "));
  CHECK(refusal("mailto:a@b").starts_with("'mailto:a@b' is no URL to start from: "));
  CHECK(refusal("http://").starts_with("'http://' is no URL to start from: "));
  CHECK(refusal("http://h:99999/").starts_with("'http://h:99999/' is no URL to start from: "));
}

TEST_CASE("seeds are those of the command line, then those of the lists") {
  const std::string path = std::filesystem::temp_directory_path() /
                           ("weft-seeds-" + std::to_string(::getpid()) + ".txt");
  std::ofstream(path) << "http://b/\nbad\n";
  std::size_t complaints = 0;
  const auto seeds =
      read_seeds(Strings{"http://a/"}, Strings{path}, [&](const std::string&) { ++complaints; });
  std::filesystem::remove(path);
  REQUIRE(seeds);
  REQUIRE(seeds->urls.size() == 2);
  CHECK(seeds->urls[0].href() == "http://a/");
  CHECK(seeds->urls[1].href() == "http://b/");
  CHECK(seeds->bad_lines == 1);
  CHECK(complaints == 1);
}

std::string no_seeds(const Strings& urls, const Strings& files) {
  const auto seeds = read_seeds(urls, files, [](const std::string&) {});
  return seeds ? "" : seeds.error().message;
}

TEST_CASE("without a seed nothing starts") {
  CHECK(no_seeds({}, {}).starts_with("no URL to start from: write one"));
  CHECK(no_seeds({}, {"/dev/null"}) == "no URL to start from: '/dev/null' holds none");
  CHECK(no_seeds({"example.org"}, {}).starts_with("'example.org' has no scheme"));
}

TEST_CASE("a list that cannot be read is named, with the reason") {
  CHECK(no_seeds({"http://a/"}, {"/no/such/list"}) ==
        "cannot read the list '/no/such/list': No such file or directory");
  CHECK(no_seeds({"http://a/"}, {"/tmp"}) == "cannot read the list '/tmp': it is a directory");
  CHECK(no_seeds({"http://a/"}, {"-", "-"}) == "standard input can be read only once");
}

}  // namespace
}  // namespace weft
