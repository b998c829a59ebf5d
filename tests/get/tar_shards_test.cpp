// Batches whose files go into shards: of a web that is a table, with a job.
#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <nlohmann/json.hpp>
#include <sstream>
#include <stdexcept>

#include "support/jobs.hpp"
#include "support/kept_records.hpp"
#include "support/process.hpp"
#include "support/table_web.hpp"
#include "support/temp_dir.hpp"
#include "weft/get/get.hpp"
#include "weft/store/jsonl.hpp"

namespace weft::test {
namespace {

namespace fs = std::filesystem;
using Lines = std::vector<std::string>;

// A directory, and the runs of batches that put shards there.
struct Shards {
  explicit Shards(TableWeb& table, Bytes size = 1_MiB) : web(table) {
    config.directory = dir.path();
    config.threads = 1;
    config.min_split = 1_MiB;
    config.shard_size = size;
    web.keeps_job = true;
  }

  GetSeams seams(std::unique_ptr<JobDb> job) {
    GetSeams seams{.clock = web.clock,
                   .make_transfers = [this] { return web.transfers(); },
                   .sinks = {},
                   .job = std::move(job)};
    seams.sinks.push_back(std::make_unique<KeptRecords>(records));
    return seams;
  }
  void end(Result<std::unique_ptr<Get>> get) {
    if (!get) throw std::runtime_error(get.error().message);
    (*get)->run_here();
    result = (*get)->join();
  }
  void run(const Lines& lines) {
    config.wanted.clear();
    for (const std::string& line : lines) config.wanted.push_back(must(parse_list_line(line)));
    fs::create_directories(job());
    fs::remove(job() + "/job.db");
    end(Get::create(config, seams(must(JobDb::create(job())))));
  }
  Result<std::unique_ptr<Get>> reopen() {
    return Get::resume(config, seams(must(JobDb::open(job()))));
  }

  std::string job() const { return dir / ".weft"; }
  std::string shard(const std::string& name) const { return dir / name; }

  Lines names() const {  // in the directory, but for the job's
    Lines names;
    for (const auto& entry : fs::directory_iterator(dir.path())) {
      if (entry.path().filename() != ".weft") names.push_back(entry.path().filename());
    }
    std::ranges::sort(names);
    return names;
  }

  TableWeb& web;
  const TempDir dir;
  GetConfig config;
  GetResult result;
  std::vector<Record> records;
};

Lines members(const std::string& shard) {
  const Ended ended = run({.words = {"tar", "-tf", shard}});
  REQUIRE_MESSAGE(ended.exit_code == 0, ended.err);
  Lines lines;
  std::istringstream all(ended.out);
  for (std::string line; std::getline(all, line);) lines.push_back(line);
  return lines;
}

std::string content(const std::string& shard, const std::string& member) {
  return run({.words = {"tar", "-xOf", shard, member}}).out;
}

std::string many(std::size_t size, unsigned seed = 1) {
  std::string bytes(size, '\0');
  for (char& byte : bytes) byte = static_cast<char>((seed = seed * 1664525u + 1013904223u) >> 24);
  return bytes;
}

TEST_CASE("each file of a batch is in a shard, its record right after it") {
  TableWeb web{{"http://h/a.jpg", file("one")}, {"http://h/d/b.c.txt", file("two")}};
  Shards shards(web);
  shards.run({"http://h/a.jpg", "http://h/d/b.c.txt"});
  CHECK(shards.names() == Lines{"000000.tar"});
  const std::string shard = shards.shard("000000.tar");
  Lines inside = members(shard);
  REQUIRE(inside.size() == 4);
  for (std::size_t i = 0; i < 4; i += 2) {
    CHECK(inside[i].substr(0, inside[i].find('.')) + ".json" == inside[i + 1]);
  }
  std::ranges::sort(inside);
  CHECK(inside == Lines{"a.jpg", "a.json", "b_c.json", "b_c.txt"});
  CHECK(content(shard, "a.jpg") == "one");
  CHECK(content(shard, "b_c.txt") == "two");
  for (const Record& record : shards.records) {
    const std::string key = record.file.substr(0, record.file.find('.', 11));
    CHECK(content(shard, key.substr(11) + ".json") == to_json(record) + "\n");
  }
  const auto json = nlohmann::json::parse(content(shard, "a.json"));
  CHECK(json.at("file") == "000000.tar/a.jpg");
  CHECK(json.at("url") == "http://h/a.jpg");
}

TEST_CASE("a shard is no larger than it may be, unless its only file is") {
  TableWeb web{};
  Lines lines;
  for (int i = 0; i < 40; ++i) {
    const std::string url = "http://h/f" + std::to_string(i) + ".bin";
    web.add(url, file(many(i == 20 ? 300'000 : 5'000, 1u + i)));
    lines.push_back(url);
  }
  Shards shards(web, 64_KiB);
  shards.run(lines);
  std::size_t files = 0;
  for (const std::string& name : shards.names()) {
    CAPTURE(name);
    const auto inside = members(shards.shard(name));
    files += inside.size() / 2;
    CHECK((fs::file_size(shards.shard(name)) <= 64u << 10 || inside.size() == 2));
  }
  CHECK(files == 40);
  CHECK(shards.names().size() > 4);
  CHECK(shards.names().size() < 10);
}

TEST_CASE("a large file comes by way of the disk, in parts, and leaves nothing there") {
  const std::string body = many(5u << 20);
  Answer cut = file(body);
  cut.cut = 100'000;
  Answer slow = file(body);
  slow.after = std::chrono::seconds(1);
  TableWeb web{{"http://h/f.iso", cut}, {"http://h/f.iso", slow}};
  Shards shards(web);
  shards.run({"http://h/f.iso"});
  CHECK(web.most_at_once > 1);
  CHECK(members(shards.shard("000000.tar")) == Lines{"f.iso", "f.json"});
  CHECK(content(shards.shard("000000.tar"), "f.iso") == body);
  CHECK(fs::is_empty(shards.dir / ".weft/staged"));
}

TEST_CASE("a large file whose length nobody says is whole all the same") {
  const std::string body = many(5u << 20);
  TableWeb web{{"http://h/f.iso", {.body = body}}, {"http://h/empty.txt", file("")}};
  Shards shards(web);
  shards.run({"http://h/f.iso", "http://h/empty.txt"});
  std::map<std::string, std::string> at;
  for (const Record& record : shards.records) at[record.url] = record.file.substr(0, 10);
  CHECK(content(shards.shard(at["http://h/f.iso"]), "f.iso") == body);
  CHECK(content(shards.shard(at["http://h/empty.txt"]), "empty.json").size() > 100);
}

TEST_CASE("a body that is not what it should be never gets into a shard") {
  TableWeb web{{"http://h/wrong", file("wrong")}, {"http://h/good", file("good")}};
  Shards shards(web);
  shards.run({"http://h/wrong\tchecksum=" + std::string("md5:00000000000000000000000000000000"),
              "http://h/none", "http://h/good"});
  CHECK(members(shards.shard("000000.tar")) == Lines{"good.bin", "good.json"});
  for (const Record& record : shards.records) {
    CHECK((record.outcome == Outcome::ok) == !record.file.empty());
  }
  CHECK(contents(shards.job() + "/failed.txt").find("http://h/wrong") != std::string::npos);
}

TEST_CASE("a checksum file knows files by the names that they would have without shards") {
  TableWeb web{{"http://h/get", file("body")}};
  Shards shards(web);
  write_file(shards.dir / ".weft/SUMS", "00000000000000000000000000000000  a.b.txt\n");
  shards.config.checksum_file = shards.dir / ".weft/SUMS";
  shards.run({"http://h/get\tout=a.b.txt"});
  REQUIRE(shards.records.size() == 1);
  CHECK(shards.records.front().outcome == Outcome::checksum_mismatch);
  CHECK(shards.names().empty());  // and no shard of nothing
}

TEST_CASE("the next batch goes on with the numbers, and touches no shard that is there") {
  TableWeb web{{"http://h/a", file("one")}, {"http://h/b", file("two")}};
  Shards shards(web);
  write_file(shards.shard("000006.tar"), "somebody's");
  write_file(shards.shard("000008.tar.part"), "somebody's too");
  shards.run({"http://h/a"});
  shards.run({"http://h/b"});
  CHECK(shards.names() == Lines{"000006.tar", "000008.tar.part", "000009.tar", "000010.tar"});
  CHECK(contents(shards.shard("000006.tar")) == "somebody's");
  CHECK(contents(shards.shard("000008.tar.part")) == "somebody's too");
  CHECK(members(shards.shard("000010.tar")) == Lines{"b.bin", "b.json"});
}

// Stopped after about half of its files.
void stop_half_way(Shards& shards) {
  Lines lines;
  for (int i = 0; i < 20; ++i) {
    const std::string url = "http://h/f" + std::to_string(i) + ".bin";
    shards.web.add(url, file(many(1'000, 1u + i)));
    lines.push_back(url);
  }
  shards.config.max_bytes = Bytes{10'000};
  shards.config.jobs = 2;
  shards.run(lines);
  shards.config.max_bytes = {};
}

void check_all(const Shards& shards) {
  std::map<std::string, int> seen;
  for (const std::string& name : shards.names()) {
    for (const std::string& member : members(shards.shard(name))) {
      ++seen[member];
      if (!member.ends_with(".bin")) continue;
      const int number = std::stoi(member.substr(1));
      CHECK(content(shards.shard(name), member) == many(1'000, 1u + number));
    }
  }
  CHECK(seen.size() == 40);
  for (const auto& [member, times] : seen) CHECK(times == 1);
}

TEST_CASE("a shard under way has no name yet, and a later run cuts off what the job knows not of") {
  TableWeb web{};
  Shards shards(web);
  stop_half_way(shards);
  CHECK(shards.names() == Lines{"000000.tar.part"});
  const std::string part = contents(shards.shard("000000.tar.part"));
  write_file(shards.shard("000000.tar.part"), part + many(700));  // torn
  shards.end(shards.reopen());
  CHECK(shards.names() == Lines{"000000.tar"});
  CHECK(contents(shards.shard("000000.tar")).starts_with(part));
  check_all(shards);
}

TEST_CASE("a shard that was done but for its name gets it") {
  TableWeb web{};
  Shards shards(web, 8_KiB);
  stop_half_way(shards);
  const Lines before = shards.names();
  REQUIRE(before.size() > 2);
  const std::string last = before[before.size() - 2];
  fs::rename(shards.shard(last), shards.shard(last + ".part"));
  shards.end(shards.reopen());
  check_all(shards);
}

TEST_CASE("shards that were taken elsewhere meanwhile are not missed") {
  TableWeb web{};
  Shards shards(web, 8_KiB);
  stop_half_way(shards);
  const TempDir elsewhere;
  fs::copy(shards.shard("000000.tar"), elsewhere / "000000.tar");
  fs::remove(shards.shard("000000.tar"));
  shards.end(shards.reopen());
  CHECK(shards.names().front() == "000001.tar");
  fs::copy(elsewhere / "000000.tar", shards.shard("000000.tar"));
  check_all(shards);
}

TEST_CASE("a batch whose shard is gone does not go on as if it were there") {
  TableWeb web{};
  Shards shards(web);
  stop_half_way(shards);
  fs::remove(shards.shard("000000.tar.part"));
  const auto resumed = shards.reopen();
  REQUIRE_FALSE(resumed);
  CHECK(resumed.error().message.find("000000.tar.part' is missing") != std::string::npos);
}

TEST_CASE("without a job a batch has its shards too") {
  TableWeb web{{"http://h/a", file("one")}};
  web.keeps_job = false;
  Shards shards(web);
  shards.config.wanted.push_back(must(parse_list_line("http://h/a")));
  shards.end(Get::create(shards.config, shards.seams(nullptr)));
  CHECK(members(shards.shard("000000.tar")) == Lines{"a.bin", "a.json"});
}

}  // namespace
}  // namespace weft::test
