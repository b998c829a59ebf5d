// What `top -H` shows of a run.
#include <doctest/doctest.h>
#include <sys/stat.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <set>
#include <thread>

#include "e2e/held_site.hpp"

namespace weft::test {
namespace {

// The names of the threads that the process which works on this job has.
std::set<std::string> threads_of(const Workplace& here, const std::string& job) {
  const std::string pid = here.read(job + "/.lock");
  std::set<std::string> names;
  std::error_code gone;
  for (const auto& task : std::filesystem::directory_iterator(
           "/proc/" + pid.substr(0, pid.find('\n')) + "/task", gone)) {
    std::string name = contents(task.path().string() + "/comm");
    if (!name.empty()) name.pop_back();
    names.insert(std::move(name));
  }
  return names;
}

// Threads name themselves, some right after what the test has waited for.
void wait_for_threads(const Workplace& here, const std::string& job,
                      const std::set<std::string>& expected) {
  const auto are_there = [&] { return std::ranges::includes(threads_of(here, job), expected); };
  while (!are_there()) std::this_thread::yield();
}

TEST_CASE("threads have names that say what they do") {
  HeldSite site;
  const Workplace here;
  const std::string held = site.server.url("/held");
  const std::set<std::string> common{"weft", "weft-sink", "weft-worker-1", "weft-worker-2"};
  Process crawl(here.command({"crawl", held, "-o", "job", "--threads", "2"}));
  site.server.wait_for_requests(2);  // robots.txt, and /held
  wait_for_threads(here, "job", common);
  crawl.send(SIGKILL);

  // A list that does not end keeps its feeder.
  REQUIRE(::mkfifo(here.path("list").c_str(), 0600) == 0);
  struct Get {
    const char* directory;
    Words options;
    std::set<std::string> names;
  };
  const std::vector<Get> gets{
      {"files", {}, {"weft-feeder", "weft-verifier", "weft-notes", "weft-syncs"}},
      {"shards", {"--tar", "0"}, {"weft-feeder", "weft-verifier", "weft-shards"}}};
  for (const Get& get : gets) {
    Words words{"get", "-i", "list", "-o", get.directory, "--threads", "2"};
    words.insert(words.end(), get.options.begin(), get.options.end());
    Process process(here.command(words));
    std::ofstream list(here.path("list"));  // waits for its reader
    list << held << std::endl;
    std::set<std::string> names = common;
    names.insert(get.names.begin(), get.names.end());
    wait_for_threads(here, std::string(get.directory) + "/.weft", names);
    process.send(SIGKILL);
  }
}

}  // namespace
}  // namespace weft::test
