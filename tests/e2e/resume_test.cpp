// A crawl that is stopped, however, and goes on.
#include <doctest/doctest.h>
#include <sqlite3.h>

#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <map>
#include <optional>
#include <set>
#include <thread>

#include "e2e/weft_run.hpp"
#include "support/test_server.hpp"

namespace weft::test {
namespace {

using namespace std::chrono_literals;
using Words = std::vector<std::string>;

// A site of 23 URLs, whose page /held is answered when the test lets it, and not before: a
// crawl of one transfer at a time stops there with two pages settled and none begun.
struct HeldSite {
  static constexpr int kLeaves = 20;
  std::atomic<bool> released{false};
  TestServer server{[this](Connection& connection, const RequestHead& head) {
    if (head.target == "/robots.txt") return status(404)(connection, head);
    if (head.target == "/") return ok("<a href=/held>x</a>")(connection, head);
    if (head.target != "/held") return ok("a leaf of " + head.target)(connection, head);
    while (!released && connection.wait(1ms)) {
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
std::multiset<std::string> essence(const Records& records) {
  std::multiset<std::string> all;
  for (const nlohmann::json& record : records.all()) {
    all.insert(record.at("url").dump() + record.at("outcome").dump() + record.at("via").dump() +
               record.at("depth").dump() + record.at("digest").dump());
  }
  return all;
}

bool says(const Ended& ended, const std::string& text) {
  return ended.err.find(text) != std::string::npos;
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
void wait_until_settled(const Workplace& here, int count) {
  const Database database(here.path("job/job.db"));
  while (database.run("SELECT count(*) FROM url WHERE state = 'settled'") != count) {
    std::this_thread::yield();
  }
}

// Crawls with `options` until /held is in flight, sends `signals` and ends.
Ended stop_at_held(HeldSite& site, const Workplace& here, const std::vector<int>& signals,
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

std::multiset<std::string> undisturbed(const HeldSite& site) {
  const Workplace here;
  CHECK(here.run({"crawl", site.server.url("/"), "-o", "job"}).exit_code == 0);
  return essence(here.records());
}

TEST_CASE("a crawl that was interrupted and resumed leaves the records of one that was not") {
  HeldSite site;
  const Workplace here;
  const Ended stopped = stop_at_held(site, here, {SIGINT});
  CHECK(stopped.exit_code == 130);
  CHECK(says(stopped, "stopping when what is in flight is finished (1), within 10s"));
  CHECK(says(stopped, "  go on      weft resume job\n"));

  const Ended resumed = here.run({"resume", "job"});
  CHECK(resumed.exit_code == 0);
  CHECK(resumed.err.starts_with("weft: going on with 'job': 3 URLs settled, 21 queued\n"));
  CHECK(says(resumed, "21 pages in "));
  CHECK(says(resumed, ", 23 in all, "));
  for (const auto& asked : site.asked_for()) {
    CAPTURE(asked.first);
    CHECK(asked.second == 1);
  }
  CHECK(essence(here.records()) == undisturbed(site));
}

TEST_CASE("what was dropped or killed in flight is fetched again, and nothing else") {
  for (const std::vector<int>& signals : {std::vector{SIGINT, SIGINT}, std::vector{SIGKILL}}) {
    CAPTURE(signals.size());
    HeldSite site;
    const Workplace here;
    stop_at_held(site, here, signals);
    CHECK(here.run({"resume", "job"}).exit_code == 0);
    auto asked_for = site.asked_for();
    CHECK(asked_for["/held"] == 2);
    CHECK(asked_for["/leaf/0"] == 1);
    CHECK(essence(here.records()) == undisturbed(site));
  }
}

TEST_CASE("a quiet crawl that is interrupted says how to go on, and no more") {
  HeldSite site;
  const Workplace here;
  const Ended ended = stop_at_held(site, here, {SIGINT}, {"-q"});
  CHECK(ended.err.ends_with("weft: interrupted; go on with: weft resume job\n"));
  CHECK(std::ranges::count(ended.err, '\n') == 2);  // that, and that it is stopping
}

TEST_CASE("a job is worked on by one run at a time") {
  HeldSite site;
  const Workplace here;
  Process process(here.command({"crawl", site.server.url("/"), "-o", "job"}));
  site.server.wait_for_requests(3);
  for (const Words& words : {Words{"resume", "job"}, Words{"crawl", "--update", "job"},
                             Words{"crawl", site.server.url("/"), "-o", "job"}}) {
    const Ended second = here.run(words);
    CHECK(second.exit_code == 2);
    CHECK(says(second, "the job 'job' is being worked on by process "));
  }
  site.released = true;
  CHECK(process.wait().exit_code == 0);
}

TEST_CASE("a job that is there is never overwritten: the message says how to go on") {
  HeldSite site;
  site.released = true;
  const Workplace here;
  CHECK(here.run({"crawl", site.server.url("/"), "-o", "my job"}).exit_code == 0);
  const std::string pages = here.read("my job/pages.jsonl");
  const Ended again = here.run({"crawl", site.server.url("/"), "-o", "my job"});
  CHECK(again.exit_code == 2);
  CHECK(says(again, "weft resume 'my job'"));
  CHECK(says(again, "-o"));
  CHECK(here.read("my job/pages.jsonl") == pages);
}

TEST_CASE("a job that is done says so when it is resumed, and exits as it stands") {
  TestServer server({{"/", ok("<a href=/missing>x</a>")}});
  const Workplace here;
  CHECK(here.run({"crawl", server.url("/"), "-o", "job"}).exit_code == 1);
  const auto requests = server.requests().size();
  const Ended resumed = here.run({"resume", "job"});
  CHECK(resumed.exit_code == 1);
  CHECK(says(resumed, "nothing is left to do for 'job': 3 URLs settled"));
  CHECK_MESSAGE(says(resumed, "http_error  1\n"), resumed.err);
  CHECK_FALSE(says(resumed, "go on"));
  CHECK(server.requests().size() == requests);
}

TEST_CASE("a limit that was reached may be raised: what is left goes on") {
  HeldSite site;
  site.released = true;
  const Workplace here;
  const Ended limited =
      here.run({"crawl", site.server.url("/"), "-o", "job", "-j", "1", "--max-pages", "3"});
  CHECK(limited.exit_code == 0);
  CHECK(says(limited, "  go on      weft resume job --max-pages N\n"));
  CHECK(here.records().pages("ok").size() == 3);
  here.run({"resume", "job", "--max-pages", "5"});
  CHECK(here.records().pages("ok").size() == 5);
  here.run({"resume", "job"});  // the limit is remembered, and reached
  CHECK(here.records().pages("ok").size() == 5);
  CHECK(here.run({"resume", "job", "--max-pages", "0"}).exit_code == 0);
  CHECK(essence(here.records()) == undisturbed(site));
}

TEST_CASE("without a job nothing is promised") {
  HeldSite site;
  site.released = true;
  const Workplace here;
  const Ended limited = here.run(
      {"crawl", site.server.url("/"), "--no-job", "--jsonl", "-", "--max-pages", "3", "-j", "1"});
  CHECK(says(limited, "left in the queue"));
  CHECK_FALSE(says(limited, "weft resume"));
}

TEST_CASE("records that cannot be written leave a job that can be resumed") {
  HeldSite site;
  site.released = true;
  const Workplace here;
  const Ended full = here.run({"crawl", site.server.url("/"), "-o", "job", "--links", "/dev/full"});
  CHECK(full.exit_code == 3);
  CHECK(says(full, "No space left on device"));
  CHECK(says(full, "the job is kept: once what is wrong is mended, go on with: weft resume job\n"));
}

TEST_CASE("a scope that has changed holds for what is queued, and for what it had refused") {
  HeldSite site;
  const Workplace here;
  stop_at_held(site, here, {SIGINT}, {"--exclude", "/old/"});
  const Ended resumed = here.run({"resume", "job", "--exclude", "/leaf/1[0-9]$"});
  CHECK(resumed.exit_code == 0);
  CHECK(says(resumed,
             "the scope has changed: 10 queued URLs are refused now, 1 refused one "
             "queued\n"));
  auto asked_for = site.asked_for();
  CHECK(asked_for["/old/leaf"] == 1);
  CHECK(asked_for["/leaf/9"] == 1);
  CHECK(asked_for["/leaf/10"] == 0);
}

TEST_CASE("a job remembers its options and its login, wherever it is resumed from") {
  HeldSite site;
  const Workplace here;
  here.write("elsewhere/x", "");
  const std::string seed = "http://me:secret@" + site.server.url("/").substr(7);
  Process process(here.command({"crawl", seed, "-o", "job", "-j", "1", "-U", "a test", "-H",
                                "X-One: 1", "--jsonl", "copy.jsonl", "--links", "links.jsonl"}));
  site.server.wait_for_requests(3);
  process.send(SIGTERM);
  REQUIRE(process.wait_for_error_text("stopping"));
  site.released = true;
  CHECK(process.wait().exit_code == 143);

  Command command = here.command({"resume", "../job"});
  command.directory = here.path("elsewhere");
  CHECK(run(std::move(command)).exit_code == 0);
  const RequestHead head = site.server.requests().back().head;
  CHECK(head.get("user-agent") == "a test");
  CHECK(head.get("x-one") == "1");
  CHECK(head.get("authorization") == "Basic bWU6c2VjcmV0");
  CHECK(here.read("copy.jsonl") == here.read("job/pages.jsonl"));
  CHECK(Records(here.read("links.jsonl")).all().size() == 22);
  CHECK(here.read("job/pages.jsonl").find("secret") == std::string::npos);
}

// What the directory of a job holds, by name.
std::map<std::string, std::string> everything(const Workplace& here) {
  std::map<std::string, std::string> files;
  for (const std::string& name : here.files()) {
    if (!std::filesystem::is_directory(here.path(name))) files[name] = here.read(name);
  }
  return files;
}

TEST_CASE("a job that cannot be read says why, and stays as it is") {
  HeldSite site;
  const Workplace here;
  stop_at_held(site, here, {SIGINT});
  const std::string database = here.read("job/job.db");

  const auto refused = [&here](const std::string& why) {
    const auto before = everything(here);
    const Ended ended = here.run({"resume", "job"});
    CHECK(ended.exit_code == 2);
    CHECK_MESSAGE(says(ended, why), ended.err);
    CHECK(everything(here) == before);
  };
  here.write("job/job.db", database.substr(0, database.size() / 2));
  refused("is damaged");
  here.write("job/job.db", std::string(database.size(), 'x'));
  refused("is damaged");
  std::filesystem::remove(here.path("job/job.db"));
  refused("there is no job: no file 'job/job.db'");
  here.write("job/job.db", database);
  Database(here.path("job/job.db")).run("PRAGMA user_version = 4");
  refused("it was written by format 4, this program reads format 3");
  here.write("job/job.db", database);
  const std::string pages = here.read("job/pages.jsonl");
  std::filesystem::remove(here.path("job/pages.jsonl"));
  refused("'job/pages.jsonl' is missing");
  here.write("job/pages.jsonl", pages);
  CHECK(here.run({"resume", "job"}).exit_code == 0);
}

TEST_CASE("a job whose every URL a new scope refuses is done, and goes on with a wider one") {
  HeldSite site;
  const Workplace here;
  Process process(here.command({"crawl", site.server.url("/held"), "--no-robots", "-o", "job"}));
  site.server.wait_for_requests(1);
  process.send(SIGTERM);
  REQUIRE(process.wait_for_error_text("stopping"));
  process.send(SIGTERM);
  process.wait();
  site.released = true;

  const Ended narrow = here.run({"resume", "job", "--exclude", "held"});
  CHECK(narrow.exit_code == 0);
  CHECK_MESSAGE(says(narrow, "nothing is left to do for 'job'"), narrow.err);
  const Ended wide = here.run({"resume", "job", "--exclude", "old"});
  CHECK(wide.exit_code == 0);
  CHECK(here.records().pages("ok").size() == 1 + HeldSite::kLeaves);
}

}  // namespace
}  // namespace weft::test
