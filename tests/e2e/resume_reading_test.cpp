// A job as it is read back: what is said of it meanwhile, and what a signal does.
#include <doctest/doctest.h>

#include "e2e/held_site.hpp"

namespace weft::test {
namespace {

TEST_CASE("what a job that is done holds is not read to say so") {
  TestServer server({{"/", ok("<a href=/missing>x</a>")}, {"/file", ok("a file")}});
  const Workplace here;
  CHECK(here.run({"crawl", server.url("/"), "-o", "job"}).exit_code == 1);
  CHECK(here.run({"get", server.url("/file"), server.url("/missing"), "-o", "out"}).exit_code == 1);
  // Whoever counted would count less.
  Database(here.path("job/job.db")).run("DELETE FROM fetch");
  Database(here.path("out/.weft/job.db")).run("DELETE FROM fetch");

  const Ended crawl = here.run({"resume", "job"});
  CHECK(crawl.exit_code == 1);
  CHECK(says(crawl, "nothing is left to do for 'job': 3 URLs settled"));
  CHECK(says(crawl, "http_error  1\n"));
  const Ended get = here.run({"resume", "out"});
  CHECK(get.exit_code == 1);
  CHECK(says(get, "nothing is left to do for 'out': 2 URLs settled"));
  CHECK(says(get, "http_error  1\n"));
  CHECK(says(get, "  failed     out/.weft/failed.txt\n"));
  CHECK(here.run({"resume", "out", "-q"}).err.empty());
}

// Another program that writes into the job, which a run waits for before it reads any of it.
class Holder {
 public:
  explicit Holder(const std::string& path) : database_(path) { database_.run("BEGIN IMMEDIATE"); }
  ~Holder() { database_.run("ROLLBACK"); }
  Holder(const Holder&) = delete;
  Holder& operator=(const Holder&) = delete;

 private:
  const Database database_;
};

TEST_CASE("a signal ends a run that still reads its job, which goes on as if nothing was") {
  struct Row {
    int signal;
    int exit_code;
  };
  for (const Row& row : {Row{SIGINT, 130}, Row{SIGTERM, 143}}) {
    CAPTURE(row.signal);
    HeldSite site;
    const Workplace here;
    stop_at_held(site, here, {SIGINT});
    {
      const Holder holder(here.path("job/job.db"));
      Process process(here.command({"resume", "job", "--progress", "plain"}));
      REQUIRE(process.wait_for_error_text("reading the job\n"));
      process.send(row.signal);
      const Ended ended = process.wait();
      CHECK(ended.exit_code == row.exit_code);
      CHECK(ended.err == "reading the job\nweft: interrupted; go on with: weft resume job\n");
    }
    CHECK(here.run({"resume", "job"}).exit_code == 0);
    for (const auto& asked : site.asked_for()) CHECK(asked.second == 1);
    CHECK(essence(here.records()) == undisturbed(site));
  }
}

TEST_CASE("what was given anew and not remembered yet is to be given again") {
  HeldSite site;
  const Workplace here;
  stop_at_held(site, here, {SIGINT});
  for (const Words& words :
       {Words{"resume", "job", "-j", "2"}, Words{"crawl", "--update", "job"}}) {
    const Holder holder(here.path("job/job.db"));
    Words plain = words;
    plain.insert(plain.end(), {"--progress", "plain"});
    Process process(here.command(plain));
    REQUIRE(process.wait_for_error_text("reading the job\n"));
    process.send(SIGINT);
    const Ended ended = process.wait();
    CHECK(ended.exit_code == 130);
    CHECK(says(ended, "interrupted before anything was changed: give the same command again\n"));
  }
}

TEST_CASE("a visit that a run was stopped in before it began is begun by the next one") {
  HeldSite site;
  site.released = true;
  const Workplace here;
  CHECK(here.run({"crawl", site.server.url("/"), "-o", "job"}).exit_code == 0);
  Database(here.path("job/job.db")).run("INSERT INTO meta VALUES ('begin_visit', 'yes')");
  const Ended resumed = here.run({"resume", "job"});
  CHECK(resumed.exit_code == 0);
  CHECK(says(resumed, "visiting 'job' again: "));
  CHECK(site.asked_for()["/leaf/0"] == 2);
  CHECK(says(here.run({"resume", "job"}), "nothing is left to do"));
}

}  // namespace
}  // namespace weft::test
