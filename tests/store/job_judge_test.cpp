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

const std::string kStates = "SELECT id, state, outcome, rule FROM url ORDER BY id";

RefusedUrl refused(const std::string& url, const std::string& rule, std::uint64_t fingerprint) {
  return {.url = url, .rule = rule, .depth = 2, .via = 0, .fingerprint = fingerprint};
}

// --- output that was lost ---

TEST_CASE("records past the end of the output are taken back and their URLs queued again") {
  const TempDir dir;
  auto job = must(JobDb::create(dir.path()));
  must(job->write({.admitted = {admitted(0), admitted(1), admitted(2)}}));
  for (const std::uint64_t id : {0, 1, 2}) {
    job->set_output_end(dir / "pages.jsonl", 100 * (id + 1));
    must(job->write({.record = settled(id), .admitted = {admitted(10 + id)}}));
  }
  job->set_output_end(dir / "pages.jsonl", 400);
  must(job->write({.record = settled(3)}));  // robots.txt: never admitted
  must(job->commit());
  CHECK(must(job->output_end()) == 400);

  CHECK(must(job->take_back_past(250)) == 2);
  CHECK(must(job->output_end()) == 200);
  CHECK(ask(dir.path(), kStates) == Rows{"0|settled|ok|null", "1|settled|ok|null",
                                         "2|queued|null|null", "10|queued|null|null",
                                         "11|queued|null|null", "12|queued|null|null"});
  CHECK(ask(dir.path(), "SELECT url_id, output_end FROM fetch") == Rows{"0|100", "1|200"});
  CHECK(queued(*job) == Ids{2, 10, 11, 12});
  CHECK(must(must(JobDb::open(dir.path()))->output_end()) == 200);
}

TEST_CASE("output that is whole takes nothing back") {
  const TempDir dir;
  auto job = must(JobDb::create(dir.path()));
  job->set_output_end(dir / "pages.jsonl", 100);
  must(job->write({.record = settled(0), .admitted = {admitted(0)}}));
  must(job->commit());
  CHECK(must(job->take_back_past(100)) == 0);
  CHECK(must(job->output_end()) == 100);
  CHECK(must(job->take_back_past(0)) == 1);
  CHECK(must(job->output_end()) == 0);
}

// --- a scope that is new ---

TEST_CASE("queued pages that the new scope refuses become refused, with the rule") {
  const TempDir dir;
  auto job = must(JobDb::create(dir.path()));
  AdmittedUrl sitemap = admitted(3);
  sitemap.kind = RecordKind::sitemap;
  must(job->write({.admitted = {admitted(0), admitted(1), admitted(2, "o.example"), sitemap}}));
  must(job->write({.record = settled(0)}));
  must(job->commit());
  std::vector<std::string> hosts;
  const auto judged = must(job->judge_again([&](const StoredTask& task) {
    hosts.push_back(task.url.host);
    return task.url.id == 1 ? std::nullopt : std::optional<std::string>("pattern");
  }));
  CHECK(judged.refused == 1);
  CHECK(judged.admitted == 0);
  CHECK(hosts == std::vector<std::string>{"h.example", "o.example"});
  CHECK(ask(dir.path(), kStates) == Rows{"0|settled|ok|null", "1|queued|null|null",
                                         "3|queued|null|null",
                                         "1099511627776|refused|null|pattern"});
  CHECK(ask(dir.path(), "SELECT url, fingerprint FROM url WHERE state = 'refused'") ==
        Rows{"http://o.example/2|1002"});
  CHECK(queued(*job) == Ids{1, 3});
}

TEST_CASE("URLs that rules of the scope refused are queued where the new one admits them") {
  const TempDir dir;
  auto job = must(JobDb::create(dir.path()));
  must(job->write({.admitted = {admitted(0)}}));
  must(job->write({.record = settled(0),
                   .refused = {refused("http://a.example/1", "scope", 1),
                               refused("http://a.example/2", "depth", 2),
                               refused("http://a.example/3", "robots", 3),
                               refused("http://a.example/4", "nofollow", 4),
                               refused("http://a.example/5", "scope", 5)}}));
  must(job->commit());
  const auto judged = must(job->judge_again([](const StoredTask& task) {
    CHECK(task.url.host == "a.example");
    CHECK(task.url.depth == 2);
    CHECK(task.via_url == "http://h.example/0");
    return task.url.fingerprint == 5 ? std::optional<std::string>("pattern") : std::nullopt;
  }));
  CHECK(judged.refused == 0);
  CHECK(judged.admitted == 2);
  CHECK(ask(dir.path(), "SELECT id, state, rule, host, url FROM url ORDER BY id") ==
        Rows{"0|settled|null|h.example|http://h.example/0",
             "1|queued|null|a.example|http://a.example/1",
             "2|queued|null|a.example|http://a.example/2",
             "1099511627778|refused|robots|null|http://a.example/3",
             "1099511627779|refused|nofollow|null|http://a.example/4",
             "1099511627780|refused|pattern|null|http://a.example/5"});
  const auto tasks = must(job->tasks(std::vector<std::uint32_t>{1, 2}));
  REQUIRE(tasks.size() == 2);
  CHECK(tasks[0].url.priority == 2);
  CHECK(tasks[0].url.via == 0);
  CHECK(must(job->next_id()) == 3);
}

TEST_CASE("what the page itself, robots.txt or a count refused is not judged again") {
  const TempDir dir;
  auto job = must(JobDb::create(dir.path()));
  const Rows rules{"bad-url", "not-http", "nofollow", "robots", "redirect-hops", "pages-per-host"};
  JournalEntry entry;
  for (const std::string& rule : rules) {
    entry.refused.push_back(refused("mailto:" + rule, rule, entry.refused.size()));
  }
  must(job->write(entry));
  must(job->commit());
  int judged = 0;
  must(job->judge_again([&](const StoredTask&) {
    ++judged;
    return std::optional<std::string>();
  }));
  CHECK(judged == 0);
  CHECK(ask(dir.path(), "SELECT rule FROM url ORDER BY id") == rules);
}

TEST_CASE("a URL refused in one place and admitted in another is not queued twice") {
  const TempDir dir;
  auto job = must(JobDb::create(dir.path()));
  must(job->write({.admitted = {admitted(0)},
                   .refused = {refused("http://h.example/0", "depth", 1000),
                               refused("http://h.example/t", "depth", 7),
                               refused("http://h.example/t", "depth", 7)}}));
  must(job->commit());
  const auto judged = must(job->judge_again([](const StoredTask&) { return std::nullopt; }));
  CHECK(judged.admitted == 1);
  CHECK(ask(dir.path(), "SELECT id, state, url FROM url ORDER BY id") ==
        Rows{"0|queued|http://h.example/0", "1|queued|http://h.example/t"});
}

TEST_CASE("a scope changed and changed back leaves every URL queued, whatever their number") {
  const TempDir dir;
  auto job = must(JobDb::create(dir.path()));
  constexpr std::uint64_t kMany = 5000;  // more than are read at a time
  for (std::uint64_t id = 0; id < kMany; ++id) must(job->write({.admitted = {admitted(id)}}));
  must(job->commit());
  const auto none = [](const StoredTask&) { return std::optional<std::string>("scope"); };
  CHECK(must(job->judge_again(none)).refused == kMany);
  CHECK(queued(*job).empty());
  const auto all = [](const StoredTask&) { return std::optional<std::string>(); };
  CHECK(must(job->judge_again(all)).admitted == kMany);
  CHECK(queued(*job).size() == kMany);
  CHECK(must(job->refused_by_rule()).empty());
}

}  // namespace
}  // namespace weft
