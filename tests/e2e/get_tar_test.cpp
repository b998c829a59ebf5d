// Shards by the real program: what is refused, what a second batch does, what a kill leaves.
#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <set>
#include <sstream>

#include "e2e/disturbed.hpp"
#include "support/nginx.hpp"
#include "support/test_server.hpp"
#include "weft/store/digest.hpp"

namespace weft::test {
namespace {

namespace fs = std::filesystem;
using Words = std::vector<std::string>;

std::string many(std::size_t size, unsigned seed) {
  std::string bytes(size, '\0');
  for (char& byte : bytes) byte = static_cast<char>((seed = seed * 1664525u + 1013904223u) >> 24);
  return bytes;
}

Words lines_of(const std::string& text) {
  Words lines;
  std::istringstream all(text);
  for (std::string line; std::getline(all, line);) lines.push_back(line);
  return lines;
}

Words shards_in(const std::string& directory) {
  Words shards;
  for (const auto& entry : fs::directory_iterator(directory)) {
    if (entry.is_regular_file()) shards.push_back(entry.path().filename());
  }
  std::ranges::sort(shards);
  return shards;
}

// The members of all of its shards, by shard; put out into `into`, if that is named. Fails the
// test where tar finds anything wrong, or one has no name yet.
Words members_in(const std::string& directory, const std::string& into = {}) {
  Words members;
  for (const std::string& name : shards_in(directory)) {
    CHECK(name.ends_with(".tar"));
    Command command{.words = {"tar", "-tf", name}, .directory = directory};
    if (!into.empty()) command.words = {"tar", "-xvf", name, "-C", into, "--keep-old-files"};
    const Ended ended = run(command);
    CHECK_MESSAGE(ended.exit_code == 0, name, ended.err);
    CHECK(ended.err.empty());
    const Words inside = lines_of(ended.out);
    members.insert(members.end(), inside.begin(), inside.end());
  }
  return members;
}

TEST_CASE("--tar with what names files of their own, or keeps none, is refused") {
  const Workplace here;
  const std::string url = "http://127.0.0.1:9/a";
  for (const Words& words : {Words{"-O", "f"}, Words{"-O", "-"}, Words{"--discard"},
                             Words{"--on-exist", "rename"}, Words{"--on-exist", "update"}}) {
    Words all{"get", "--tar", "1M", url};
    all.insert(all.end(), words.begin(), words.end());
    const Ended ended = here.run(all);
    CHECK(ended.exit_code == 2);
    CHECK(ended.err.find("--tar") != std::string::npos);
    CHECK(ended.err.find(words.front()) != std::string::npos);
  }
  CHECK(here.run({"get", "--tar", "some", url}).exit_code == 2);
  CHECK(here.files().empty());
}

TEST_CASE("a batch with --tar leaves shards, a job, and a summary that counts files") {
  TestServer server({{"/a.txt", ok("one")}, {"/b.c.txt", ok("two")}, {"/none", status(404)}});
  const Workplace here;
  here.write("list", server.url("/a.txt") + "\n" + server.url("/b.c.txt") + "\n" +
                         server.url("/none") + "\n" + server.url("/a.txt") + "\n");
  const Ended first = here.run({"get", "-i", "list", "-o", "out", "--tar", "1M"});
  CHECK(first.exit_code == 1);
  CHECK(first.err.find("2 files") != std::string::npos);
  Words inside = members_in(here.path("out"));
  std::ranges::sort(inside);
  CHECK(inside == Words{"a.json", "a.txt", "b_c.json", "b_c.txt"});
  const Records records = here.records("out/.weft");
  CHECK(records.of(server.url("/b.c.txt")).at("file") == "000000.tar/b_c.txt");
  CHECK(records.pages("ok").size() == 2);
  CHECK(records.pages("duplicate") == std::vector{server.url("/a.txt")});
  CHECK(records.of(server.url("/none")).at("file") == nullptr);
  CHECK(here.read("out/.weft/failed.txt").find(server.url("/none")) != std::string::npos);

  const std::string before = here.read("out/000000.tar");
  const Ended second = here.run({"get", "-o", "out", "--tar", "0", server.url("/a.txt")});
  CHECK_MESSAGE(second.exit_code == 0, second.err);
  CHECK(shards_in(here.path("out")) == Words{"000000.tar", "000001.tar"});
  CHECK(here.read("out/000000.tar") == before);
}

TEST_CASE("a dry run of --tar says what members would be called") {
  TestServer server({{"/b.c.txt", ok("x")}});
  const Workplace here;
  const Ended ended =
      here.run({"get", "--dry-run", "--tar", "1M", "-o", "out", server.url("/b.c.txt")});
  CHECK(ended.exit_code == 0);
  CHECK(ended.out == "fetch " + server.url("/b.c.txt") + "\tb_c.txt\n");
}

TEST_CASE("a shard that cannot grow ends the run, and once it can the batch goes on") {
  Site site;
  std::string list;
  for (unsigned i = 0; i < 6; ++i) site.files["/f" + std::to_string(i) + ".bin"] = many(900'000, i);
  const auto nginx = Nginx::start({site});
  if (nginx == nullptr) return;
  for (const auto& [target, body] : site.files) list += nginx->url(target) + "\n";
  const Workplace here;
  here.write("list", list);
  Command limited = here.command({"get", "-i", "list", "-o", "out", "--tar", "0"});
  const Words limit{"bash", "-c", "ulimit -f 3000 && exec \"$@\"", "bash"};  // KiB
  limited.words.insert(limited.words.begin(), limit.begin(), limit.end());
  const Ended stopped = run(limited);
  CHECK(stopped.exit_code == 3);
  CHECK_MESSAGE(stopped.err.find("000000.tar.part") != std::string::npos, stopped.err);
  CHECK(stopped.err.find("weft resume out") != std::string::npos);
  CHECK(shards_in(here.path("out")) == Words{"000000.tar.part"});
  const Ended resumed = here.run({"resume", "out"});
  REQUIRE_MESSAGE(resumed.exit_code == 0, resumed.err);
  fs::create_directory(here.path("all"));
  CHECK(members_in(here.path("out"), here.path("all")).size() == 2 * site.files.size());
  for (const auto& [target, body] : site.files) CHECK(here.read("all" + target) == body);
}

TEST_CASE("killed at any moment and gone on with, shards have each file once, whole") {
  Chance chance;
  INFO(chance.seed());
  constexpr int kFiles = 600;
  constexpr int kLarge = 4;
  Site site;
  std::string list;
  const auto nginx = [&] {
    for (int i = 0; i < kFiles; ++i) {
      const std::size_t size = i < kLarge ? 6'000'000 : static_cast<std::size_t>(i) * 31;
      site.files["/f" + std::to_string(i) + ".bin"] = many(size, i + 1u);
    }
    return Nginx::start({site});
  }();
  if (nginx == nullptr) return;
  for (const auto& [target, body] : site.files) list += nginx->url(target) + "\n";
  const Workplace here;
  here.write("list", list);
  const Words begin{"get",  "-i", "list", "-o",         "out", "--tar",
                    "400k", "-j", "8",    "--progress", "none"};
  {
    Process process(here.command(begin));
    wait_until_written(process, here.path("out/.weft/pages.jsonl"), 1);
    process.send(SIGKILL);
    REQUIRE(process.wait().signal == SIGKILL);
  }
  for (int kills = 0; kills < 12; ++kills) {
    run_and_kill(here.command({"resume", "out", "--progress", "none"}), chance,
                 std::chrono::milliseconds(120));
  }
  const Ended ended = here.run({"resume", "out"});
  REQUIRE_MESSAGE(ended.exit_code == 0, ended.err);

  fs::create_directory(here.path("all"));
  const Words members = members_in(here.path("out"), here.path("all"));
  CHECK(members.size() == 2 * kFiles);
  CHECK(std::set<std::string>(members.begin(), members.end()).size() == 2 * kFiles);
  const Records records = here.records("out/.weft");
  CHECK(records.pages("ok").size() == kFiles);
  for (std::size_t i = 0; i + 1 < members.size(); i += 2) {
    const std::string key = members[i].substr(0, members[i].find('.'));
    CHECK(members[i + 1] == key + ".json");
  }
  for (const auto& [target, body] : site.files) {
    const std::string member = target.substr(1);
    const auto& record = records.of(nginx->url(target));
    CHECK(sha256_hex(here.read("all/" + member)) == record.at("digest"));
    CHECK(sha256_hex(body) == record.at("digest"));
    const std::string json = here.read("all/" + member.substr(0, member.find('.')) + ".json");
    CHECK(nlohmann::json::parse(json) == record);
  }
}

}  // namespace
}  // namespace weft::test
