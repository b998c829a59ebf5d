// A crawl that can be stopped at a certain page, and what is asked of its job after.
#pragma once

#include <doctest/doctest.h>
#include <sqlite3.h>

#include <atomic>
#include <cstdlib>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "e2e/downloads.hpp"
#include "e2e/weft_run.hpp"
#include "support/test_server.hpp"

namespace weft::test {

// A site of 23 URLs, whose page /held is answered when the test lets it, and not before: a
// crawl of one transfer at a time stops there with two pages settled and none begun.
struct HeldSite {
  static constexpr int kLeaves = 20;
  std::atomic<bool> released{false};
  TestServer server{[this](Connection& connection, const RequestHead& head) {
    if (head.target == "/robots.txt") return status(404)(connection, head);
    if (head.target == "/") return ok("<a href=/held>x</a>")(connection, head);
    if (head.target != "/held") return ok("a leaf of " + head.target)(connection, head);
    while (!released && connection.wait(std::chrono::milliseconds(1))) {
    }
    std::string links;
    for (int i = 0; i < kLeaves; ++i) links += "<a href=/leaf/" + std::to_string(i) + ">x</a>";
    ok(links + "<a href=/old/leaf>x</a>")(connection, head);
  }};

  std::map<std::string, int> asked_for() const {
    std::map<std::string, int> times;
    for (const SeenRequest& request : server.requests()) ++times[request.head.target];
    return times;
  }
};

// What a record says that does not depend on when it was made.
inline std::multiset<std::string> essence(const Records& records) {
  std::multiset<std::string> all;
  for (const nlohmann::json& record : records.all()) {
    all.insert(record.at("url").dump() + record.at("outcome").dump() + record.at("via").dump() +
               record.at("depth").dump() + record.at("digest").dump());
  }
  return all;
}

// A database of a job, as its user may open it, also while the job runs.
class Database {
 public:
  explicit Database(const std::string& path) {
    REQUIRE(sqlite3_open(path.c_str(), &database_) == SQLITE_OK);
  }
  ~Database() { sqlite3_close(database_); }
  Database(const Database&) = delete;
  Database& operator=(const Database&) = delete;

  // Runs it; the number in the first column of the last row, if any.
  std::optional<int> run(const std::string& sql) const {
    std::optional<int> number;
    const auto keep = [](void* to, int, char** values, char**) {
      *static_cast<std::optional<int>*>(to) = std::atoi(values[0]);
      return 0;
    };
    sqlite3_exec(database_, sql.c_str(), keep, &number, nullptr);
    return number;
  }

 private:
  sqlite3* database_ = nullptr;
};

// Waits until the job has written down that so many URLs are settled.
inline void wait_until_settled(const Workplace& here, int count) {
  const Database database(here.path("job/job.db"));
  while (database.run("SELECT count(*) FROM url WHERE state = 'settled'") != count) {
    std::this_thread::yield();
  }
}

// Crawls with `options` until /held is in flight, sends `signals` and ends.
inline Ended stop_at_held(HeldSite& site, const Workplace& here, const std::vector<int>& signals,
                          const Words& options = {}) {
  Words words{"crawl", site.server.url("/"), "-o", "job", "-j", "1"};
  words.insert(words.end(), options.begin(), options.end());
  Process process(here.command(words));
  site.server.wait_for_requests(3);  // robots.txt, the seed, and /held
  wait_until_settled(here, 2);
  for (const int signal : signals) process.send(signal);
  if (signals == std::vector{SIGINT}) {
    CHECK(process.wait_for_error_text("weft: "));
    site.released = true;
  }
  const Ended ended = process.wait();
  site.released = true;
  return ended;
}

inline std::multiset<std::string> undisturbed(const HeldSite& site) {
  const Workplace here;
  CHECK(here.run({"crawl", site.server.url("/"), "-o", "job"}).exit_code == 0);
  return essence(here.records());
}

}  // namespace weft::test
