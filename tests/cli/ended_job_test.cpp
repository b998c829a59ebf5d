// What a job that is done remembers of its end.
#include "cli/ended_job.hpp"

#include <doctest/doctest.h>

#include "support/jobs.hpp"
#include "support/temp_dir.hpp"

namespace weft {
namespace {

using test::must;

JobEnd an_end() {
  Tally tally;
  tally.add({.host = "a", .outcome = Outcome::ok, .count = 3, .bytes = 300, .wire_bytes = 200});
  tally.add({.host = "b", .outcome = Outcome::http_error, .count = 2, .bytes = 20});
  tally.add({.host = "b", .kind = RecordKind::robots, .count = 1, .bytes = 7});
  tally.add_change("gone", 2);
  return {.tally = tally.snapshot(5),
          .refused = {{"scope", 4}},
          .set_aside = {{"b", "6 timeouts, \xff"}}};
}

TEST_CASE("a job that is done knows what its summary said") {
  const test::TempDir dir;
  auto job = must(JobDb::create(dir.path()));
  must(remember_end(*job, an_end()));
  CHECK_FALSE(must(recall_end(*job)));  // it is not done
  must(job->put_done());
  const auto end = must(recall_end(*job));
  REQUIRE(end);
  CHECK(settled_in(end->tally.totals) == 6);
  const auto shown = [](const JobEnd& of) {
    return summary_text({.tally = of.tally, .refused = of.refused});
  };
  CHECK(shown(*end) == shown(an_end()));
  REQUIRE(end->set_aside.size() == 1);
  CHECK(end->set_aside[0].reason == "6 timeouts, \uFFFD");
}

TEST_CASE("an end that cannot be read is as none: the job is read") {
  const test::TempDir dir;
  auto job = must(JobDb::create(dir.path()));
  must(job->put_done());
  CHECK_FALSE(must(recall_end(*job)));
  for (const char* text : {"{", "{}", R"({"totals":{"outcomes":[1]}})", "7"}) {
    must(job->put_meta("end", text));
    CHECK_FALSE(must(recall_end(*job)));
  }
}

}  // namespace
}  // namespace weft
