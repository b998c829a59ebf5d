#include <doctest/doctest.h>

#include "support/jobs.hpp"
#include "support/temp_dir.hpp"

namespace weft {
namespace {

using namespace std::chrono_literals;
using test::admitted;
using test::ask;
using test::must;
using test::queued;
using test::Rows;
using test::settled;
using test::TempDir;

std::vector<std::uint64_t> ids_of(const std::vector<StoredTask>& tasks) {
  std::vector<std::uint64_t> ids;
  for (const StoredTask& task : tasks) ids.push_back(task.url.id);
  return ids;
}
using Ids = std::vector<std::uint64_t>;
using Asked = std::vector<std::uint32_t>;

// Of the URLs of a kind, in order of id; 0 where none was told.
Ids fingerprints(JobDb& job, RecordKind kind = RecordKind::page) {
  Ids all;
  must(job.for_each_url([&](const KnownUrl& url) {
    if (url.kind == kind) all.push_back(url.fingerprint.value_or(0));
  }));
  return all;
}

TEST_CASE("a page's record, the URLs found on it and where its line ends are there together") {
  const TempDir dir;
  auto job = must(JobDb::create(dir.path()));
  must(job->write({.admitted = {admitted(0)}}));
  job->set_output_end(dir / "pages.jsonl", 77);
  must(job->write({.record = settled(0),
                   .admitted = {admitted(1), admitted(2)},
                   .refused = {{.url = "http://o.example/", .rule = "scope", .via = 0}}}));
  CHECK(ask(dir.path(), "SELECT * FROM url").empty());
  must(job->commit());
  CHECK(ask(dir.path(), "SELECT id, url, kind, state, outcome, rule, attempts FROM url") ==
        Rows{"0|http://h.example/0|page|settled|ok|null|1",
             "1|http://h.example/1|page|queued|null|null|0",
             "2|http://h.example/2|page|queued|null|null|0",
             "1099511627776|http://o.example/|page|refused|null|scope|0"});
  CHECK(ask(dir.path(), "SELECT url_id, output_end FROM fetch") == Rows{"0|77"});
  CHECK(must(job->output_end()) == 77);
}

TEST_CASE("what was not committed is gone when the job is opened again") {
  const TempDir dir;
  {
    auto job = must(JobDb::create(dir.path()));
    must(job->write({.admitted = {admitted(0)}}));
    must(job->commit());
    must(job->write({.record = settled(0), .admitted = {admitted(1)}}));
  }
  auto job = must(JobDb::open(dir.path()));
  CHECK(must(job->next_id()) == 1);
  CHECK(queued(*job) == Ids{0});
}

TEST_CASE("a fetch row holds the record's fields") {
  const TempDir dir;
  auto job = must(JobDb::create(dir.path()));
  Record record = settled(0, Outcome::timeout);
  record.status = 200;
  record.location = "http://h.example/l";
  record.media_type = "text/html";
  record.charset = "utf-8";
  record.bytes = 5120;
  record.wire_bytes = 1702;
  record.digest = "sha256:9f";
  record.links = 12;
  record.title = "A title";
  record.fetched_at = Clock::wall_time(1767323045678ms);
  record.ms = {.dns = 0ms, .connect = 412us, .tls = 2ms, .first_byte = 3250us, .total = 4ms};
  record.ip = "192.0.2.1";
  record.http = "1.1";
  record.error = RecordError{"timeout", "no bytes for 30 s"};
  record.etag = "\"v1\"";
  record.last_modified = "Sun, 06 Nov 1994 08:49:37 GMT";
  record.change = "new";
  must(job->write({.record = record}));
  must(job->commit());
  CHECK(ask(dir.path(),
            "SELECT status, location, media_type, charset, bytes, wire_bytes, digest, links, "
            "title, fetched_at FROM fetch") ==
        Rows{"200|http://h.example/l|text/html|utf-8|5120|1702|sha256:9f|12|A title|"
             "2026-01-02T03:04:05.678Z"});
  CHECK(ask(dir.path(),
            "SELECT ms_dns, ms_connect, ms_tls, ms_first_byte, ms_total, ip, http, error_code, "
            "error_message, etag, last_modified, change, output_end FROM fetch") ==
        Rows{"null|0.412|2.0|3.25|4.0|192.0.2.1|1.1|timeout|no bytes for 30 s|\"v1\"|"
             "Sun, 06 Nov 1994 08:49:37 GMT|new|null"});
}

TEST_CASE("every outcome is readable under its name") {
  const TempDir dir;
  auto job = must(JobDb::create(dir.path()));
  Rows names;
  for (std::size_t i = 0; i < kOutcomes; ++i) {
    must(job->write({.record = settled(i, static_cast<Outcome>(i))}));
    names.emplace_back(kOutcomeNames[i]);
  }
  must(job->commit());
  CHECK(ask(dir.path(), "SELECT outcome FROM url ORDER BY id") == names);
}

TEST_CASE("a URL settled before the page that tells of it stays settled, and is known") {
  const TempDir dir;
  auto job = must(JobDb::create(dir.path()));
  must(job->write({.record = settled(1)}));
  must(job->write({.record = settled(0), .admitted = {admitted(1)}}));
  must(job->commit());
  CHECK(queued(*job).empty());
  CHECK(fingerprints(*job) == Ids{0, 1001});
  CHECK(ask(dir.path(), "SELECT id, state, outcome, attempts FROM url") ==
        Rows{"0|settled|ok|1", "1|settled|ok|1"});
}

TEST_CASE("a record's text may hold any bytes") {
  const TempDir dir;
  auto job = must(JobDb::create(dir.path()));
  Record record = settled(0);
  record.title = std::string("a\0b\xFF'\"", 6);
  must(job->write({.record = record}));
  must(job->commit());
  CHECK(ask(dir.path(), "SELECT hex(title) FROM fetch") == Rows{"610062FF2722"});
}

TEST_CASE("tasks are those of the asked that are still queued, in the order asked") {
  const TempDir dir;
  auto job = must(JobDb::create(dir.path()));
  // Workers hand their entries over in no order.
  must(job->write({.admitted = {admitted(4), admitted(5, "o.example"), admitted(7)}}));
  must(job->write({.admitted = {admitted(0), admitted(1), admitted(2), admitted(3)}}));
  must(job->write({.record = settled(2)}));
  CHECK(ids_of(must(job->tasks(Asked{7, 0, 2, 5, 6, 1}))) == Ids{7, 0, 5, 1});
  CHECK(must(job->tasks(Asked{5})).at(0).url.host == "o.example");
  CHECK(must(job->tasks({})).empty());
  must(job->commit());
  auto again = must(JobDb::open(dir.path()));
  CHECK(ids_of(must(again->tasks(Asked{7, 0, 2, 5, 6, 1}))) == Ids{7, 0, 5, 1});
}

TEST_CASE("a task comes back as it was told") {
  const TempDir dir;
  auto job = must(JobDb::create(dir.path()));
  must(job->write({.admitted = {admitted(0)}}));
  must(job->write({.admitted = {{.id = 1,
                                 .url = "http://h.example/s.xml",
                                 .kind = RecordKind::sitemap,
                                 .depth = 3,
                                 .via = 0,
                                 .priority = 1,
                                 .hops = 2,
                                 .requisite = true,
                                 .fingerprint = 0xFFFF'FFFF'FFFF'FFF0,
                                 .host = "h.example"}}}));
  const auto tasks = must(job->tasks(Asked{0, 1}));
  REQUIRE(tasks.size() == 2);
  CHECK_FALSE(tasks[0].url.via);
  CHECK(tasks[0].via_url.empty());
  const StoredTask& task = tasks[1];
  CHECK(task.url.id == 1);
  CHECK(task.url.url == "http://h.example/s.xml");
  CHECK(task.url.kind == RecordKind::sitemap);
  CHECK(task.url.depth == 3);
  CHECK(task.url.via == 0);
  CHECK(task.url.priority == 1);
  CHECK(task.url.hops == 2);
  CHECK(task.url.requisite);
  CHECK(task.url.fingerprint == 0xFFFF'FFFF'FFFF'FFF0);
  CHECK(task.url.host == "h.example");
  CHECK(task.via_url == "http://h.example/0");
  CHECK_FALSE(task.last_visit);
}

TEST_CASE("opened again, a job knows what was admitted, refused and still waits") {
  const TempDir dir;
  {
    auto job = must(JobDb::create(dir.path()));
    CHECK(must(job->next_id()) == 0);
    AdmittedUrl sitemap = admitted(4);
    sitemap.kind = RecordKind::sitemap;
    must(job->write({.admitted = {admitted(0), admitted(1), admitted(2, "a.example"), sitemap},
                     .refused = {{.url = "x:", .rule = "scope", .fingerprint = 7},
                                 {.url = "y:", .rule = "depth", .fingerprint = 8},
                                 {.url = "z:", .rule = "scope", .fingerprint = 9}}}));
    must(job->write({.record = settled(0)}));
    must(job->write({.record = settled(3)}));  // robots.txt: never admitted
    must(job->commit());
  }
  auto job = must(JobDb::open(dir.path()));
  CHECK(must(job->next_id()) == 5);
  CHECK(fingerprints(*job) == Ids{1000, 1001, 1002, 0});
  CHECK(fingerprints(*job, RecordKind::sitemap) == Ids{1004});
  Ids refused;
  must(job->for_each_refused([&](std::uint64_t fingerprint) { refused.push_back(fingerprint); }));
  CHECK(refused == Ids{7, 8, 9});
  CHECK(must(job->refused_by_rule()) ==
        std::vector<std::pair<std::string, std::uint64_t>>{{"depth", 1}, {"scope", 2}});
  CHECK(queued(*job) == Ids{1, 2, 4});
}

TEST_CASE("refused URLs go on with ids of their own after the job is opened again") {
  const TempDir dir;
  for (const std::uint64_t i : {0, 1}) {
    auto job = must(i == 0 ? JobDb::create(dir.path()) : JobDb::open(dir.path()));
    must(job->write({.admitted = {admitted(i)}, .refused = {{.url = "x:", .rule = "scope"}}}));
    must(job->commit());
    CHECK(must(job->next_id()) == i + 1);
  }
  CHECK(ask(dir.path(), "SELECT id FROM url WHERE state = 'refused' ORDER BY id") ==
        Rows{"1099511627776", "1099511627777"});
}

TEST_CASE("what politeness knows comes back, the last word of each host and origin") {
  const TempDir dir;
  {
    auto job = must(JobDb::create(dir.path()));
    must(job->write({.robots = RobotsNote{.origin = "http://h.example", .status = 503}}));
    must(job->write({.robots = RobotsNote{.origin = "http://h.example",
                                          .status = 200,
                                          .body = "User-agent: *\nDisallow: /x\n",
                                          .message = "",
                                          .outcome = "",
                                          .expires = Clock::wall_time(1767323045678ms)}}));
    must(job->write({.host = HostNote{.host = "h.example", .slots = 4}}));
    must(job->write({.host = HostNote{.host = "h.example",
                                      .not_before = Clock::wall_time(1767323099000ms),
                                      .slots = 2,
                                      .delay = 1500us,
                                      .times_set_aside = 3,
                                      .trouble = "503"}}));
    must(job->write({.admitted = {admitted(0, "quiet.example")}}));
    must(job->commit());
  }
  auto job = must(JobDb::open(dir.path()));
  const auto robots = must(job->robots());
  REQUIRE(robots.size() == 1);
  CHECK(robots[0].origin == "http://h.example");
  CHECK(robots[0].status == 200);
  CHECK(robots[0].body == "User-agent: *\nDisallow: /x\n");
  CHECK(robots[0].expires == Clock::wall_time(1767323045678ms));
  const auto hosts = must(job->hosts());
  REQUIRE(hosts.size() == 1);
  CHECK(hosts[0].host == "h.example");
  CHECK(hosts[0].not_before == Clock::wall_time(1767323099000ms));
  CHECK(hosts[0].slots == 2);
  CHECK(hosts[0].delay == 1500us);
  CHECK(hosts[0].times_set_aside == 3);
  CHECK(hosts[0].trouble == "503");
}

TEST_CASE("a pass over all URLs says of each what a resumed job needs") {
  const TempDir dir;
  auto job = must(JobDb::create(dir.path()));
  AdmittedUrl sitemap = admitted(1, "o.example");
  sitemap.kind = RecordKind::sitemap;
  sitemap.priority = 1;
  AdmittedUrl image = admitted(2);
  image.requisite = true;
  image.depth = 3;
  image.via = 0;
  must(job->write({.admitted = {admitted(0), sitemap, image}}));
  must(job->write({.record = settled(2)}));
  must(job->commit());
  const auto hosts = must(job->host_names());
  std::vector<KnownUrl> urls;
  must(job->for_each_url([&](const KnownUrl& url) { urls.push_back(url); }));
  REQUIRE(urls.size() == 3);
  CHECK(urls[0].id == 0);
  CHECK(urls[0].queued);
  CHECK(urls[0].kind == RecordKind::page);
  CHECK(urls[0].priority == 2);
  CHECK_FALSE(urls[0].requisite);
  CHECK(urls[0].depth == 0);
  CHECK(hosts.at(urls[0].host) == "h.example");
  CHECK(urls[0].fingerprint == 1000);
  CHECK(urls[1].kind == RecordKind::sitemap);
  CHECK(urls[1].priority == 1);
  CHECK(hosts.at(urls[1].host) == "o.example");
  CHECK_FALSE(urls[2].queued);
  CHECK(urls[2].requisite);
  CHECK(urls[2].depth == 3);
}

TEST_CASE("the pass gives the URLs of seeds") {
  const TempDir dir;
  auto job = must(JobDb::create(dir.path()));
  AdmittedUrl hop = admitted(1);  // a seed's redirect has depth 0 too
  hop.via = 0;
  AdmittedUrl sitemap = admitted(2);
  sitemap.kind = RecordKind::sitemap;
  must(job->write({.admitted = {admitted(0), hop, sitemap}}));
  must(job->write({.record = settled(4, Outcome::refused_scope)}));  // a seed
  Record robots = settled(5);
  robots.kind = RecordKind::robots;
  must(job->write({.record = robots}));
  must(job->write({.record = settled(0)}));
  CHECK(must(job->seeds()) == Rows{"http://h.example/0", "http://h.example/4"});
  const RefusedUrl seed{.url = "http://z.example/", .rule = "pattern"};
  const RefusedUrl link{.url = "http://zz.example/", .rule = "scope", .via = 0};
  must(job->write({.refused = {seed, link}}));
  CHECK(must(job->seeds()) ==
        Rows{"http://h.example/0", "http://h.example/4", "http://z.example/"});
}

TEST_CASE("how far each output has got is kept with the records that brought it there") {
  const TempDir dir;
  const std::string links = dir / "links.jsonl";
  {
    auto job = must(JobDb::create(dir.path()));
    CHECK(must(job->output_end()) == 0);
    CHECK_FALSE(must(job->output_end_of(links)));
    for (const std::uint64_t id : {0, 1}) {
      job->set_output_end(dir.path() + "//pages.jsonl", 100 * (id + 1));  // by any name
      job->set_output_end(links, 0);
      must(job->write({.record = settled(id)}));
    }
    must(job->write({.record = settled(2)}));  // written nowhere else
    CHECK_FALSE(must(job->output_end_of(links)));
    must(job->commit());
    CHECK(must(job->output_end_of(links)) == 0);
    job->set_output_end(links, 33);
    must(job->write({.record = settled(3)}));
    must(job->commit());
    job->set_output_end(links, 44);
    must(job->write({.record = settled(4)}));
  }
  auto job = must(JobDb::open(dir.path()));
  CHECK(must(job->output_end()) == 200);
  CHECK(must(job->output_end_of(links)) == 33);
  CHECK(ask(dir.path(), "SELECT url_id, output_end FROM fetch") ==
        Rows{"0|100", "1|200", "2|null", "3|null"});
  CHECK(ask(dir.path(), "SELECT path, end FROM output") == Rows{links + "|33"});
}

TEST_CASE("meta keeps what it is given, and says its format") {
  const TempDir dir;
  auto job = must(JobDb::create(dir.path()));
  CHECK(must(job->meta("format")) == std::to_string(kJobFormat));
  CHECK_FALSE(must(job->meta("options")));
  must(job->put_meta("options", "a"));
  must(job->put_meta("options", ""));
  must(job->commit());
  CHECK(must(must(JobDb::open(dir.path()))->meta("options")) == "");
}

TEST_CASE("one URL is found by its id without reading the others, also in a join") {
  const TempDir dir;
  const auto job = must(JobDb::create(dir.path()));
  for (const std::string query :
       {"SELECT * FROM url WHERE id = 5", "SELECT * FROM fetch JOIN url ON url.id = url_id",
        "SELECT (SELECT url FROM url WHERE id = url_id) FROM fetch"}) {
    for (const std::string& step : ask(dir.path(), "EXPLAIN QUERY PLAN " + query)) {
      CHECK_MESSAGE(step.find("SCAN url") == std::string::npos, query, ": ", step);
      CHECK_MESSAGE(step.find("AUTOMATIC") == std::string::npos, query, ": ", step);
    }
  }
}

}  // namespace
}  // namespace weft
