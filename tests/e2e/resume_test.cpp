// A crawl that is stopped, however, and goes on.
#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <map>

#include "e2e/held_site.hpp"

namespace weft::test {
namespace {

TEST_CASE("a crawl that was interrupted and resumed leaves the records of one that was not") {
  HeldSite site;
  const Workplace here;
  const Ended stopped = stop_at_held(site, here, {SIGINT});
  CHECK(stopped.exit_code == 130);
  CHECK(says(stopped, "stopping when what is in flight is finished (1), within 10s"));
  CHECK(says(stopped, "  go on      weft resume job\n"));

  const Ended resumed = here.run({"resume", "job"});
  CHECK(resumed.exit_code == 0);
  CHECK(says(resumed, "weft: going on with 'job': 3 URLs settled, 21 queued\n"));
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
  const Ended again = here.run({"resume", "job"});
  CHECK(says(again, "nothing is left to do"));
  CHECK_FALSE(says(again, "the scope has changed"));  // and is not judged once more
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
