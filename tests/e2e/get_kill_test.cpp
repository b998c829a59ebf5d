// Batches that are killed and gone on with: nothing partial ever stands under a final name, and
// what is fetched twice was in flight. WEFT_KILLS (10) kills, each at most WEFT_LIFE
// (1000) ms after its start; the batch is as large as they are many.
#include <doctest/doctest.h>
#include <fcntl.h>
#include <fmt/core.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <map>

#include "e2e/disturbed.hpp"
#include "e2e/downloads.hpp"
#include "e2e/file_watch.hpp"
#include "support/jobs.hpp"
#include "weft/base/digits.hpp"
#include "weft/store/digest.hpp"

namespace weft::test {
namespace {

constexpr std::uint64_t kMiB = 1u << 20;
constexpr int kJobs = 32;

int kills_to_do() {
  const char* given = std::getenv("WEFT_KILLS");  // NOLINT(concurrency-mt-unsafe): nobody sets it
  return given != nullptr ? std::atoi(given) : 10;
}

// So many ms at most from start to kill.
std::chrono::milliseconds longest_life() {
  const char* given = std::getenv("WEFT_LIFE");  // NOLINT(concurrency-mt-unsafe): nobody sets it
  return std::chrono::milliseconds(given != nullptr ? std::atoi(given) : 1000);
}

// What is asked for: by URL, the digest that its file has to have.
struct Mixed {
  std::unique_ptr<Nginx> nginx;
  std::string list{};
  std::map<std::string, std::string> digests{};
  FileWatch::Expected names{};
  std::uint64_t bytes = 0;
};

// Small files, files of 1 MiB, large ones that come in parts at some rate, and many of one name.
Mixed mixed_batch(int kills) {
  Site site;
  site.config = "location = /get { try_files /ids/$arg_id =404; }";
  Site slow{.address = "127.0.0.2", .config = "limit_rate 16m;"};
  std::map<std::string, std::string> small;
  unsigned seed = 0;
  const auto body = [&seed](std::uint64_t size) { return many(size, ++seed); };
  for (int i = 0; i < 100 * kills; ++i) {
    site.files[fmt::format("/s{}.bin", i)] = body(static_cast<std::uint64_t>(i * 37 % 20'000));
    if (i % 10 == 0) site.files[fmt::format("/m{}.bin", i)] = body(kMiB - 1 + i % 3);
    if (i % 3 == 0) site.files[fmt::format("/ids/{}", i)] = fmt::format("number {}\n", i);
  }
  const std::uint64_t unit = static_cast<std::uint64_t>(kills) * kMiB;
  for (int i = 0; i < (kills < 50 ? 2 : 4); ++i) {
    slow.files[fmt::format("/l{}.bin", i)] = body(unit << i);
  }
  Mixed mixed{.nginx = Nginx::start({site, slow})};
  if (mixed.nginx == nullptr) return mixed;
  const auto want = [&](const std::string& url, const std::string& name, const std::string& text) {
    const std::string digest = sha256_hex(text);
    mixed.digests[url] = digest;
    mixed.names[name].insert(digest);
    mixed.bytes += text.size();
    mixed.list += url + "\n";
  };
  for (const auto& [path, text] : slow.files) {
    want(mixed.nginx->url(path, slow.address), path.substr(1), text);
  }
  for (const auto& [path, text] : site.files) {
    const bool has_number = path.starts_with("/ids/");
    const std::string target = has_number ? "/get?id=" + path.substr(5) : path;
    want(mixed.nginx->url(target), has_number ? "get" : path.substr(1), text);
  }
  return mixed;
}

// Bytes that stand in a file, holes and what is reserved left out.
std::uint64_t bytes_in(const std::string& path) {
  const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  std::uint64_t bytes = 0;
  for (off_t at = 0; fd >= 0;) {
    const off_t begin = ::lseek(fd, at, SEEK_DATA);
    if (begin < 0) break;
    at = ::lseek(fd, begin, SEEK_HOLE);
    bytes += static_cast<std::uint64_t>(at - begin);
  }
  ::close(fd);
  return bytes;
}

std::uint64_t noted_in(const std::string& ranges) {
  std::uint64_t bytes = 0;
  for (std::size_t at = 0; at < ranges.size();) {
    const std::size_t dash = ranges.find('-', at);
    const std::size_t end = std::min(ranges.find(',', dash), ranges.size());
    bytes += parse_digits(ranges.substr(dash + 1, end - dash - 1)).value() -
             parse_digits(ranges.substr(at, dash - at)).value();
    at = end + 1;
  }
  return bytes;
}

// What the next run will have to fetch again: what parts hold, less what the job knows of.
std::uint64_t lost(const Workplace& here) {
  std::uint64_t bytes = 0;
  std::map<std::string, std::uint64_t> noted;
  for (const std::string& row : ask(here.path("out/.weft"), "SELECT path, done FROM part")) {
    const std::size_t bar = row.find('|');
    if (bar != std::string::npos)
      noted[row.substr(0, bar) + ".part"] = noted_in(row.substr(bar + 1));
  }
  for (const auto& entry : std::filesystem::directory_iterator(here.path("out"))) {
    const std::string name = entry.path().filename();
    if (!name.ends_with(".part")) continue;
    const std::uint64_t there = bytes_in(entry.path());
    bytes += there - std::min(there, noted[name]);
  }
  return bytes;
}

void check_files(const Workplace& here, const Mixed& mixed) {
  const Records records = here.records("out/.weft");
  std::set<std::string> files;
  int wrong = 0;
  for (const auto& record : records.all()) {
    const std::string file = record.at("file").is_string() ? record.at("file") : "";
    const bool is_right =
        !file.empty() && files.insert(file).second &&
        sha256_hex(here.read("out/" + file)) == mixed.digests.at(record.at("url"));
    if (!is_right && ++wrong < 10) MESSAGE("wrong: ", record.dump());
  }
  CHECK(wrong == 0);
  CHECK(records.all().size() == mixed.digests.size());
  CHECK(visible(here).size() == mixed.digests.size() + 1);  // and the list
}

TEST_CASE("a batch killed again and again comes to the same files, and none is ever partial") {
  const int kills = kills_to_do();
  const Mixed mixed = mixed_batch(kills);
  if (mixed.nginx == nullptr) return;
  Chance chance;
  INFO(chance.seed());
  const Workplace here;
  here.write("list", mixed.list);
  std::filesystem::create_directories(here.path("out"));
  FileWatch watch(here.path("out"), mixed.names);
  const std::string jobs = std::to_string(kJobs);
  const Command first = here.command({"get", "-i", "list", "-o", "out", "-j", jobs, "-x", "16",
                                      "--min-split", "4M", "--split", "4", "-q"});
  const Command again = here.command({"resume", "out", "-q"});
  std::uint64_t lost_bytes = 0;
  for (int killed = 0; killed < kills; ++killed) {
    const bool has_begun = std::filesystem::exists(here.path("out/.weft/job.db"));
    run_and_kill(has_begun ? again : first, chance, longest_life());
    lost_bytes += lost(here);
  }
  const Ended ended = test::run(again);
  CHECK_MESSAGE(ended.exit_code == 0, ended.err);
  const FileWatch::Seen& seen = watch.end();
  for (const std::string& wrong : seen.wrong) MESSAGE(wrong);
  CHECK(seen.wrong.empty());
  check_files(here, mixed);
  std::uint64_t sent = 0;
  for (const Served& served : mixed.nginx->stop()) sent += served.bytes;
  const std::uint64_t twice = sent - std::min(sent, mixed.bytes);
  // What was on its way, in the buffers of connections, the server counts too.
  CHECK(twice <= lost_bytes + static_cast<std::uint64_t>(kills * kJobs) * (kMiB / 2));
  std::printf(
      "killed %d times: %zu files of %.1f MiB, %d seen to appear; fetched twice %.1f MiB, "
      "in parts and not yet noted %.1f MiB\n",
      kills, mixed.digests.size(), double(mixed.bytes) / kMiB, seen.files, double(twice) / kMiB,
      double(lost_bytes) / kMiB);
}

}  // namespace
}  // namespace weft::test
