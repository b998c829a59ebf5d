// A job visited again: everything it knows is queued, and what was found before is kept until
// it is found anew.
#include <doctest/doctest.h>

#include "support/jobs.hpp"
#include "support/temp_dir.hpp"

namespace weft {
namespace {

using test::admitted;
using test::ask;
using test::must;
using test::queued;
using test::Rows;
using test::settled;
using test::TempDir;
using Ids = std::vector<std::uint64_t>;
using Asked = std::vector<std::uint32_t>;

Record page_with_validators(std::uint64_t id) {
  Record record = settled(id);
  record.status = 200;
  record.media_type = "text/html";
  record.charset = "utf-8";
  record.bytes = 5120;
  record.wire_bytes = 1702;
  record.digest = "sha256:9f";
  record.links = 12;
  record.title = "A title";
  record.etag = "\"v1\"";
  record.last_modified = "Sun, 06 Nov 1994 08:49:37 GMT";
  record.http = "1.1";
  return record;
}

// Settled: a page, a failure, a page that robots.txt refused, a seed that the scope refused,
// a sitemap and the robots.txt that named it. Queued: one page more.
std::unique_ptr<JobDb> crawled_job(const TempDir& dir) {
  auto job = must(JobDb::create(dir.path()));
  AdmittedUrl sitemap = admitted(4);
  sitemap.kind = RecordKind::sitemap;
  sitemap.via = 5;
  must(job->write({.admitted = {admitted(0), admitted(1), admitted(2), sitemap, admitted(6)}}));
  job->set_output_end(dir / "pages.jsonl", 640);
  must(job->write({.record = page_with_validators(0)}));
  must(job->write({.record = settled(1, Outcome::timeout)}));
  Record refused = settled(2, Outcome::refused_robots);
  refused.rule = "robots";
  must(job->write({.record = refused}));
  refused = settled(3, Outcome::refused_scope);
  refused.rule = "scope";
  must(job->write({.record = refused}));
  must(job->write({.record = settled(4)}));
  Record robots = settled(5);
  robots.kind = RecordKind::robots;
  must(job->write({.record = robots, .robots = RobotsNote{.origin = "http://h.example"}}));
  must(job->commit());
  return job;
}

TEST_CASE("the first visit is number one, and every next one more") {
  const TempDir dir;
  auto job = crawled_job(dir);
  CHECK(must(job->visit()) == 1);
  must(job->begin_visit());
  must(job->begin_visit());
  CHECK(must(must(JobDb::open(dir.path()))->visit()) == 3);
}

TEST_CASE("a visit queues every page and sitemap again, but not what the scope refused") {
  const TempDir dir;
  auto job = crawled_job(dir);
  CHECK(must(job->begin_visit()) == 4);
  CHECK(queued(*job) == Ids{0, 1, 2, 4, 6});
  CHECK(ask(dir.path(), "SELECT id, state, outcome, rule, attempts FROM url") ==
        Rows{"0|queued|null|null|0", "1|queued|null|null|0", "2|queued|null|null|0",
             "3|settled|refused_scope|scope|1", "4|queued|null|null|0", "6|queued|null|null|0"});
}

TEST_CASE("a visit asks for robots.txt anew, and what it named is no longer found on it") {
  const TempDir dir;
  auto job = crawled_job(dir);
  must(job->begin_visit());
  CHECK(must(job->robots()).empty());
  CHECK(ask(dir.path(), "SELECT url_id FROM fetch") == Rows{"0", "1", "2", "3", "4"});
  CHECK_FALSE(must(job->tasks(Asked{4})).at(0).url.via);
}

TEST_CASE("a visit gives a host that was in trouble its chances anew, and still waits for it") {
  const TempDir dir;
  auto job = must(JobDb::create(dir.path()));
  const Clock::wall_time later = Clock::wall_time(std::chrono::hours(1));
  must(job->write({.admitted = {admitted(0)}}));
  must(job->write({.host = HostNote{.host = "h.example",
                                    .not_before = later,
                                    .slots = 1,
                                    .times_set_aside = 6,
                                    .trouble = "no answer"}}));
  must(job->begin_visit());
  const auto hosts = must(job->hosts());
  REQUIRE(hosts.size() == 1);
  CHECK(hosts.front().times_set_aside == 0);
  CHECK(hosts.front().trouble.empty());
  CHECK(hosts.front().not_before == later);
  CHECK(hosts.front().slots == 1);
}

TEST_CASE("a visit begins pages.jsonl afresh and goes on with other outputs") {
  const TempDir dir;
  auto job = crawled_job(dir);
  job->set_output_end("links.jsonl", 99);
  job->set_output_end(dir / "pages.jsonl", 640);
  must(job->put_meta("a", "b"));
  must(job->commit());
  must(job->begin_visit());
  CHECK(must(job->output_end()) == 0);
  CHECK(must(job->output_end_of("links.jsonl")) == 99);
  CHECK(must(job->take_back_past(0)) == 0);  // the lines of the visit before are not missed

  job->set_output_end(dir / "pages.jsonl", 640);  // as far as it was before
  must(job->write({.record = settled(1)}));
  must(job->commit());
  CHECK(must(job->output_end()) == 640);
}

TEST_CASE("a task queued again says what the visit before found, one queued first does not") {
  const TempDir dir;
  auto job = crawled_job(dir);
  must(job->begin_visit());
  const auto tasks = must(job->tasks(Asked{0, 1, 6}));
  REQUIRE(tasks.size() == 3);
  REQUIRE(tasks[0].last_visit);
  CHECK(tasks[0].last_visit->etag == "\"v1\"");
  CHECK(tasks[0].last_visit->last_modified == "Sun, 06 Nov 1994 08:49:37 GMT");
  CHECK(tasks[0].last_visit->digest == "sha256:9f");
  CHECK(tasks[0].last_visit->outcome == Outcome::ok);
  REQUIRE(tasks[1].last_visit);
  CHECK(tasks[1].last_visit->outcome == Outcome::timeout);
  CHECK(tasks[1].last_visit->digest.empty());
  CHECK_FALSE(tasks[2].last_visit);
}

TEST_CASE("a page that was not modified keeps what was known of it") {
  const TempDir dir;
  auto job = crawled_job(dir);
  must(job->begin_visit());
  Record record = settled(0, Outcome::not_modified);
  record.status = 304;
  record.wire_bytes = 80;
  record.attempts = 2;
  record.http = "2";
  record.change = "unchanged";
  job->set_output_end(dir / "pages.jsonl", 300);
  must(job->write({.record = record}));
  must(job->commit());
  CHECK(ask(dir.path(),
            "SELECT outcome, attempts, status, wire_bytes, http, change, output_end, media_type, "
            "charset, bytes, digest, links, title, etag FROM url JOIN fetch ON url_id = id "
            "WHERE id = 0") ==
        Rows{"not_modified|2|304|80|2|unchanged|300|text/html|utf-8|5120|sha256:9f|12|A title|"
             "\"v1\""});
}

TEST_CASE("a page that was not modified and says something new is known by that") {
  const TempDir dir;
  auto job = crawled_job(dir);
  must(job->begin_visit());
  Record record = settled(0, Outcome::not_modified);
  record.etag = "\"v2\"";
  must(job->write({.record = record}));
  must(job->commit());
  CHECK(ask(dir.path(), "SELECT etag, last_modified FROM fetch WHERE url_id = 0") ==
        Rows{"\"v2\"|Sun, 06 Nov 1994 08:49:37 GMT"});
}

TEST_CASE("a page settled anew is known by its new record alone") {
  const TempDir dir;
  auto job = crawled_job(dir);
  must(job->begin_visit());
  Record record = settled(0, Outcome::http_error);
  record.status = 404;
  record.change = "gone";
  must(job->write({.record = record}));
  must(job->commit());
  CHECK(ask(dir.path(), "SELECT status, change, digest, etag, bytes FROM fetch WHERE url_id = 0") ==
        Rows{"404|gone|null|null|0"});
}

TEST_CASE("a page queued again that a new scope refuses leaves nothing behind") {
  const TempDir dir;
  auto job = crawled_job(dir);
  must(job->begin_visit());
  must(job->judge_again([](const StoredTask& task) {
    return task.url.id == 0 ? std::optional<std::string>("pattern") : std::nullopt;
  }));
  CHECK(queued(*job) == Ids{1, 2, 4, 6});
  CHECK(ask(dir.path(), "SELECT count(*) FROM fetch WHERE url_id = 0") == Rows{"0"});
}

TEST_CASE("what a seed redirected to is told, also of the visit before") {
  const TempDir dir;
  auto job = must(JobDb::create(dir.path()));
  AdmittedUrl deep = admitted(1);
  deep.depth = 1;
  AdmittedUrl image = admitted(2);
  image.requisite = true;
  must(job->write({.admitted = {admitted(0), deep, image, admitted(3)}}));
  for (const std::uint64_t id : {0, 1, 2}) {
    Record record = settled(id, Outcome::redirect);
    record.location = "http://www.h.example/";
    must(job->write({.record = record}));
  }
  must(job->write({.record = settled(3)}));
  using Redirects = std::vector<std::pair<std::string, std::string>>;
  const Redirects expected{{"http://h.example/0", "http://www.h.example/"}};
  CHECK(must(job->seed_redirects()) == expected);
  must(job->begin_visit());
  CHECK(must(job->seed_redirects()) == expected);
  must(job->write({.record = settled(0)}));
  CHECK(must(job->seed_redirects()).empty());
}

TEST_CASE("settled URLs are counted by what they are and what came of them, with its bytes") {
  const TempDir dir;
  auto job = crawled_job(dir);
  const auto of = [&](RecordKind kind, Outcome outcome) {
    SettledCount found;
    for (const SettledCount& count : must(job->settled())) {
      if (count.kind == kind && count.outcome == outcome) found = count;
    }
    return found;
  };
  Record other = page_with_validators(7);
  other.host = "o.example";
  must(job->write({.record = other}));
  must(job->write({.record = page_with_validators(6)}));
  AdmittedUrl image = admitted(8);
  image.requisite = true;
  must(job->write({.record = settled(8), .admitted = {image}}));
  CHECK(must(job->settled()).size() == 8);
  const SettledCount pages = must(job->settled()).at(0);
  CHECK(pages.host == "h.example");
  CHECK(pages.kind == RecordKind::page);
  CHECK(pages.outcome == Outcome::ok);
  CHECK_FALSE(pages.requisite);
  CHECK(pages.count == 2);
  CHECK(pages.bytes == 10240);
  CHECK(pages.wire_bytes == 3404);
  CHECK(must(job->settled()).at(1).requisite);
  CHECK(must(job->settled()).at(1).count == 1);
  CHECK(of(RecordKind::page, Outcome::timeout).count == 1);
  CHECK(of(RecordKind::robots, Outcome::ok).count == 1);

  must(job->begin_visit());  // counts afresh, but for what stays settled
  CHECK(must(job->settled()).size() == 1);
  must(job->write({.record = settled(0, Outcome::not_modified)}));
  CHECK(of(RecordKind::page, Outcome::not_modified).count == 1);
  CHECK(of(RecordKind::page, Outcome::not_modified).bytes == 0);
}

}  // namespace
}  // namespace weft
