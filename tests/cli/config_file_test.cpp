#include "cli/config_file.hpp"

#include <doctest/doctest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <vector>

#include "cli/crawl_command.hpp"

namespace weft {
namespace {

using namespace std::chrono_literals;
using Strings = std::vector<std::string>;

// A file of its own, removed at the end.
class ConfigFile {
 public:
  explicit ConfigFile(std::string_view text) { std::ofstream(path_) << text; }
  ~ConfigFile() { std::filesystem::remove(path_); }
  ConfigFile(const ConfigFile&) = delete;
  ConfigFile& operator=(const ConfigFile&) = delete;

  std::string path() const { return path_; }

  Result<std::optional<CrawlOptions>> read(Strings words = {}) const {
    words.insert(words.end(), {"--config", path_});
    return read_crawl_options(words);
  }

 private:
  const std::string path_ = std::filesystem::temp_directory_path() /
                            ("weft-config-" + std::to_string(::getpid()) + ".toml");
};

CrawlOptions read(std::string_view text, Strings words = {}) {
  auto options = ConfigFile(text).read(std::move(words));
  REQUIRE_MESSAGE(options, options.error().message);
  return std::move(**options);
}

std::string refusal(std::string_view text) {
  const ConfigFile file(text);
  const auto options = file.read();
  if (options) return "";
  REQUIRE(options.error().message.starts_with(file.path() + ":"));
  return options.error().message.substr(file.path().size() + 1);
}

TEST_CASE("a configuration file holds options under their long names") {
  const CrawlOptions options = read(
      "jobs = 8\n"
      "wait = \"2s\"\n"
      "header = [\"A: b\", \"C: d\"]\n"
      "no-robots = true\n"
      "http2 = false\n"
      "[crawl]\n"
      "depth = 3\n");
  CHECK(options.crawl.jobs == 8);
  CHECK(options.crawl.wait == 2s);
  CHECK(options.net.headers.size() == 2);
  CHECK_FALSE(options.crawl.robots);
  CHECK(options.net.http == HttpVersion::http1);
  CHECK(options.crawl.limit_depth);
  CHECK(options.crawl.depth == 3);
}

TEST_CASE("false turns an option to its opposite where it has one") {
  CHECK_FALSE(read("sitemaps = false").crawl.sitemaps);
  CHECK(read("no-sitemaps = false").crawl.sitemaps);
  CHECK(read("no-adapt = false").crawl.adaptive);
}

TEST_CASE("the command line wins, wherever --config stands") {
  CHECK(read("jobs = 8", {"-j", "2"}).crawl.jobs == 2);
  CHECK(read("no-sitemaps = true", {"--sitemaps"}).crawl.sitemaps);
  CHECK(read("allow-private = true", {"--deny-private"}).crawl.private_addresses ==
        PrivateAddresses::deny);
  const CrawlOptions options = read("header = 'A: file'", {"-H", "A: line"});
  REQUIRE(options.net.headers.size() == 1);
  CHECK(options.net.headers[0].value == "line");
}

TEST_CASE("the file's patterns stand before those of the command line") {
  const auto patterns = read("exclude = ['a', 'b']", {"--include", "c"}).crawl.patterns;
  REQUIRE(patterns.size() == 3);
  CHECK(patterns[0].regex == "a");
  CHECK(patterns[1].regex == "b");
  CHECK(patterns[2].regex == "c");
}

TEST_CASE("an error names file and line") {
  CHECK(refusal("jobs = 8\nwait = \"soon\"") ==
        "2: wait: 'soon' is not a duration: write 500ms, 2s, 1m30s or 1h");
  CHECK(refusal("\njbos = 8") == "2: there is no option 'jbos': did you mean jobs?");
  CHECK(refusal("quite-other = 8") == "1: there is no option 'quite-other'");
  CHECK(refusal("netrc = 'yes'") == "1: netrc is either true or false");
  CHECK(refusal("netrc = 1") == "1: netrc is either true or false");
  CHECK(refusal("netrc = [true, true]") == "1: netrc is either true or false");
  CHECK(refusal("[get]\nsplit = 3") == "2: [get] is no command of this program: write [crawl]");
  CHECK(refusal("jobs 8") == "1: an option is written name = value");
  CHECK(refusal("include = '('").starts_with("1: include: bad regular expression"));
  CHECK(refusal("config = 'other.toml'") == "1: a configuration file cannot name another one");
}

TEST_CASE("a file that cannot be read says why") {
  const auto options = read_crawl_options(Strings{"--config", "/no/such/weft.toml"});
  REQUIRE_FALSE(options);
  CHECK(options.error().message ==
        "cannot read the configuration file '/no/such/weft.toml': No such file or directory");
}

}  // namespace
}  // namespace weft
