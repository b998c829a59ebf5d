#include <doctest/doctest.h>

#include "cli/get_command.hpp"
#include "support/temp_dir.hpp"

namespace weft {
namespace {

using Strings = std::vector<std::string>;

GetOptions read(const Strings& words) {
  auto options = read_get_options(words);
  REQUIRE_MESSAGE(options, (options ? std::string() : options.error().message));
  REQUIRE(*options);
  return std::move(**options);
}

std::string refusal(const Strings& words) {
  const auto options = read_get_options(words);
  REQUIRE_FALSE(options);
  return options.error().message;
}

TEST_CASE("get without options does what its help says") {
  const GetOptions options = read({"https://example.org/a.iso", "ftp://example.org/b"});
  const GetConfig& get = options.get;
  REQUIRE(get.wanted.size() == 2);
  CHECK(get.wanted[0].urls[0].href() == "https://example.org/a.iso");
  CHECK(get.wanted[1].urls[0].href() == "ftp://example.org/b");
  CHECK(get.directory == ".");
  CHECK(get.jobs == 64);
  CHECK(get.per_host == 4);
  CHECK(get.tries == 3);
  CHECK(get.on_exist == OnExist::skip);
  CHECK(get.resume_parts);
  CHECK_FALSE(get.discard);
  CHECK(get.split == 0);
  CHECK(get.min_split == 20_MiB);
  CHECK(get.max_file_size == Bytes{});
}

TEST_CASE("get's options say where files go and what they must be") {
  const GetOptions options = read({"-i",
                                   "a.txt",
                                   "-i",
                                   "-",
                                   "-o",
                                   "out",
                                   "--name",
                                   "{host}/{path}",
                                   "--on-exist",
                                   "update",
                                   "--no-continue",
                                   "--input-format",
                                   "csv",
                                   "--split",
                                   "8",
                                   "--min-split",
                                   "1M",
                                   "--discard",
                                   "--checksum-file",
                                   "SHA256SUMS",
                                   "--max-file-size",
                                   "2G",
                                   "-x",
                                   "16",
                                   "--wait",
                                   "1s"});
  const GetConfig& get = options.get;
  CHECK(get.input_files == Strings{"a.txt", "-"});
  CHECK(get.directory == "out");
  REQUIRE(get.names);
  CHECK(get.names->expand({.url = Url::parse("http://h/a/b.c").value()}) == "h/a/b.c");
  CHECK(get.on_exist == OnExist::update);
  CHECK_FALSE(get.resume_parts);
  CHECK(get.input_format == InputFormat::csv);
  CHECK(get.split == 8);
  CHECK(get.min_split == 1_MiB);
  CHECK(get.discard);
  CHECK(get.checksum_file == "SHA256SUMS");
  CHECK(get.max_file_size == 2_GiB);
  CHECK(get.per_host == 16);
  CHECK(get.wait == std::chrono::seconds(1));
}

TEST_CASE("a single URL's checksum is its file's") {
  const GetOptions options =
      read({"--checksum", "md5:d41d8cd98f00b204e9800998ecf8427e", "-O", "-", "http://h/a"});
  REQUIRE(options.get.wanted.front().checksum);
  CHECK(options.get.wanted.front().checksum->algorithm == DigestAlgorithm::md5);
  CHECK(options.get.document == "-");
}

TEST_CASE("a single URL's checksum may stand in a sidecar") {
  const test::TempDir here;
  const std::string digest(64, 'a');
  test::write_file(here / "x.iso.sha256",
                   digest + "  x.iso\n" + std::string(64, 'b') + "  y.iso\n");
  const GetOptions options =
      read({"--checksum", "sha256:@" + (here / "x.iso.sha256"), "http://h/d/x%2Eiso"});
  REQUIRE(options.get.wanted.front().checksum);
  CHECK(to_text(*options.get.wanted.front().checksum) == "sha256:" + digest);
}

TEST_CASE("what get cannot do is refused before anything starts, with what to do") {
  const std::vector<std::pair<Strings, std::string>> cases = {
      {{}, "no URL to download"},
      {{"-i", "-", "-i", "-"}, "only once"},
      {{"-O", "x", "http://h/a", "http://h/b"}, "-O names the place of one file"},
      {{"-O", "x", "-i", "list"}, "-O names the place of one file"},
      {{"-O", "x", "--discard", "http://h/a"}, "leave one of them out"},
      {{"-O", "-", "--jsonl", "-", "http://h/a"}, "standard output"},
      {{"--checksum", "md5:00", "http://h/a"}, "--checksum: "},
      {{"--checksum", "md5:@/none", "http://h/a"}, "cannot read '/none'"},
      {{"--checksum", "md5:@/dev/null", "http://h/a"}, "no md5 digest of '/a' in it"},
      {{"--checksum", "md5:00", "-i", "list"}, "--checksum is of one file"},
      {{"--name", "{nonsense}", "http://h/a"}, "nonsense"},
      {{"--input-format", "xml", "http://h/a"}, "write auto, list, aria2, csv, jsonl or metalink"},
      {{"--on-exist", "ask", "http://h/a"}, "skip"},
      {{"mailto:me"}, "none of http, https, ftp, ftps and sftp"},
      {{"example.org/a"}, "did you mean https://example.org/a"},
      {{"--depth", "1", "http://h/a"}, "depth"},
  };
  for (const auto& [words, complaint] : cases) {
    const std::string said = refusal(words);
    CAPTURE(said);
    CHECK(said.find(complaint) != std::string::npos);
  }
}

}  // namespace
}  // namespace weft
