// A crawl kept in a job, stopped and gone on with.
#include <doctest/doctest.h>

#include "support/job_crawl.hpp"

using namespace weft;
using namespace weft::test;
using namespace std::chrono_literals;

namespace {

// http://a/ and `pages` pages, each linking to all.
struct Site : TableWeb {
  explicit Site(int pages)
      : TableWeb{{"http://a/robots.txt", text("User-agent: *\nDisallow: /private")}} {
    std::string links;
    for (int i = 0; i < pages; ++i) links += "<a href=/" + std::to_string(i) + ">x</a>";
    add("http://a/", html(links + "<a href=http://b/x>x</a><a href=/private>x</a>"));
    for (int i = 0; i < pages; ++i) add("http://a/" + std::to_string(i), html(links));
  }
};

Urls urls_of(const std::vector<Record>& records) {
  Urls urls;
  for (const Record& record : records) urls.push_back(record.url);
  std::sort(urls.begin(), urls.end());
  return urls;
}

}  // namespace

TEST_CASE("a job that is stopped and gone on with settles what an undisturbed one does, once") {
  Site web(40);
  const Urls undisturbed = urls_of(crawl(web, {"http://a/"}).records);

  const TempDir dir;
  const Crawled first = crawl_job(web, dir.path(), {"http://a/"}, {.max_pages = 7});
  CHECK(first.result.stopped == StopReason::max_pages);
  CHECK(first.result.left_queued > 0);
  const Crawled second = resume_job(web, dir.path(), {.max_pages = 20});
  const Crawled third = resume_job(web, dir.path());
  CHECK(third.result.stopped == StopReason::none);

  std::vector<Record> all = first.records;
  all.insert(all.end(), second.records.begin(), second.records.end());
  all.insert(all.end(), third.records.begin(), third.records.end());
  CHECK(urls_of(all) == undisturbed);
  CHECK(std::count(third.asked.begin(), third.asked.end(), "http://a/robots.txt") == 0);
}

TEST_CASE("a job whose crawl was done has nothing left to do") {
  Site web(5);
  const TempDir dir;
  CHECK(crawl_job(web, dir.path(), {"http://a/"}).result.left_queued == 0);
  const Crawled again = resume_job(web, dir.path());
  CHECK(again.asked.empty());
  CHECK(again.resumed.queued == 0);
  CHECK(again.resumed.settled == 8);  // 6 pages, one refused by robots.txt, robots.txt itself
}

TEST_CASE("a job says of each URL it ever saw what became of it, and the rule that decided") {
  TableWeb web{{"http://a/", html("<a href=/ok>x</a><a href=http://b/x>x</a>"
                                  "<a href=mailto:me@a>x</a><a href=mailto:me@a>x</a>"
                                  "<a rel=nofollow href=/not>x</a><a href=/ok>x</a>")},
               {"http://a/ok", html("")}};
  const TempDir dir;
  const Crawled crawled = crawl_job(web, dir.path(), {"http://a/"});
  CHECK(ask(dir.path(),
            "SELECT url, state, ifnull(outcome, rule), depth FROM url "
            "WHERE kind = 'page' ORDER BY id") ==
        Urls{"http://a/|settled|ok|0", "http://a/ok|settled|ok|1", "http://b/x|refused|scope|1",
             "mailto:me@a|refused|not-http|1", "http://a/not|refused|nofollow|1"});
  CHECK(crawled.result.refused ==
        std::map<std::string, std::uint64_t>{{"nofollow", 1}, {"not-http", 1}, {"scope", 1}});
  // And a resumed one counts on from there.
  CHECK(resume_job(web, dir.path()).result.refused == crawled.result.refused);
}

TEST_CASE("what a page was found on is told") {
  TableWeb web{{"http://a/", html("<a href=/b>x</a>")},
               {"http://a/b", html("<a href=/c>x</a>")},
               {"http://a/c", html("")}};
  const TempDir dir;
  crawl_job(web, dir.path(), {"http://a/"}, {.max_pages = 1});
  const Crawled rest = resume_job(web, dir.path());
  CHECK(rest.record("http://a/b").via == "http://a/");
  CHECK(rest.record("http://a/c").via == "http://a/b");
}

TEST_CASE("a crawl resumed within a Retry-After still waits") {
  TableWeb web{{"http://a/", html("<a href=/1>x</a><a href=/2>x</a>")},
               {"http://a/1", {.status = 503, .headers = {{"Retry-After", "60"}}}},
               {"http://a/1", html("")},
               {"http://a/2", html("")}};
  const TempDir dir;
  // Stopped while it waits: the time it may take is over.
  crawl_job(web, dir.path(), {"http://a/"}, {.per_host = 1, .max_time = 5s});
  const Clock::time_point asked = web.asked.back().at;
  REQUIRE(web.asked.back().url == "http://a/1");
  web.clock.advance(20s);
  const std::size_t before = web.asked.size();
  const Crawled rest = resume_job(web, dir.path());
  REQUIRE(web.asked.size() == before + 2);
  CHECK(web.asked[before].at - asked >= 60s);
  CHECK(rest.record("http://a/1").outcome == Outcome::ok);
}

TEST_CASE("robots.txt that is older than its lifetime is asked for again after a resume") {
  Site web(10);
  const TempDir dir;
  crawl_job(web, dir.path(), {"http://a/"}, {.max_pages = 3});
  web.clock.advance(25h);
  const Crawled rest = resume_job(web, dir.path());
  REQUIRE_FALSE(rest.asked.empty());
  CHECK(rest.asked.front() == "http://a/robots.txt");
}

TEST_CASE("a narrower scope refuses what is queued, a wider one queues what was refused") {
  Site web(30);
  web.add("http://b/x", html(""));
  const TempDir dir;
  crawl_job(web, dir.path(), {"http://a/"}, {.max_pages = 2});
  const Crawled narrow = resume_job(
      web, dir.path(), {.patterns = {{UrlPattern::Verdict::exclude, "/2."}}, .max_pages = 5},
      Rejudge::yes);
  CHECK(narrow.resumed.refused_now == 10);
  CHECK(narrow.resumed.admitted_now == 0);
  CHECK(ask(dir.path(), "SELECT count(*) FROM url WHERE state = 'refused' AND rule = 'pattern'") ==
        Urls{"10"});
  const Crawled wide = resume_job(web, dir.path(), {.scope = ScopeKind::any}, Rejudge::yes);
  CHECK(wide.resumed.admitted_now == 11);  // /20 to /29, and http://b/x
  CHECK(wide.record("http://a/25").outcome == Outcome::ok);
  CHECK(wide.record("http://b/x").outcome == Outcome::ok);
}

TEST_CASE("limits count for the whole job") {
  Site web(30);
  const TempDir dir;
  CHECK(crawl_job(web, dir.path(), {"http://a/"}, {.max_pages = 10}).fetched().size() == 10);
  const Crawled none = resume_job(web, dir.path(), {.max_pages = 10});
  CHECK(none.asked.empty());
  CHECK(none.result.stopped == StopReason::max_pages);
  CHECK(resume_job(web, dir.path(), {.max_pages = 12}).fetched().size() == 2);
  CHECK(resume_job(web, dir.path(), {.max_bytes = Bytes{1}}).asked.empty());
}

TEST_CASE("pages per host are counted over all runs") {
  Site web(30);
  const TempDir dir;
  const TrapLimits traps{.pages_per_host = 8};
  crawl_job(web, dir.path(), {"http://a/"}, {.traps = traps, .max_pages = 2});
  resume_job(web, dir.path(), {.traps = traps});
  CHECK(ask(dir.path(), "SELECT count(*) FROM url WHERE kind = 'page' AND state = 'settled'") ==
        Urls{"8"});
}

TEST_CASE("a seed that redirected within its domain still opens the scope after a resume") {
  TableWeb web{{"http://a.test/", redirect("http://www.a.test/")},
               {"http://www.a.test/", html("<a href=/1>x</a>")},
               {"http://www.a.test/1", html("<a href=/2>x</a>")},
               {"http://www.a.test/2", html("")}};
  const TempDir dir;
  crawl_job(web, dir.path(), {"http://a.test/"}, {.max_pages = 1});
  const Crawled rest = resume_job(web, dir.path());
  CHECK(rest.record("http://www.a.test/2").outcome == Outcome::ok);
}

TEST_CASE("a frontier longer than memory loses nothing") {
  Site web(500);
  const TempDir dir;
  const Crawled crawled = crawl_job(web, dir.path(), {"http://a/"}, {.tasks_in_memory = 20});
  CHECK(crawled.result.left_queued == 0);
  CHECK(urls_of(crawled.records) == urls_of(crawl(web, {"http://a/"}).records));
}

TEST_CASE("a job whose reading is stopped goes on later as if nothing was") {
  Site web(300);  // more than is read between two looks at whether to stop
  const TempDir dir;
  const Crawled first = crawl_job(web, dir.path(), {"http://a/"}, {.max_pages = 7});
  for (const Rejudge rejudge : {Rejudge::no, Rejudge::yes}) {
    JobReading reading;
    auto job = must(JobDb::open(dir.path()));
    job->watch(&reading);
    reading.stop();
    std::vector<Record> none;
    CHECK_FALSE(Crawl::resume({}, job_seams(web, std::move(job), &none), rejudge).has_value());
    CHECK(none.empty());
  }
  const Crawled rest = resume_job(web, dir.path());
  CHECK(rest.asked.size() == 294);
  std::vector<Record> all = first.records;
  all.insert(all.end(), rest.records.begin(), rest.records.end());
  CHECK(urls_of(all) == urls_of(crawl(web, {"http://a/"}).records));
}

TEST_CASE("a crawl whose job has been read is not stopped by who may stop the reading") {
  Site web(300);
  const TempDir dir;
  crawl_job(web, dir.path(), {"http://a/"}, {.max_pages = 7});
  JobReading reading;
  auto job = must(JobDb::open(dir.path()));
  job->watch(&reading);
  CrawlConfig config{.threads = 1};
  auto crawl =
      must(Crawl::resume(std::move(config), job_seams(web, std::move(job), nullptr), Rejudge::no));
  reading.stop();
  crawl->run_here();
  const CrawlResult result = crawl->join();
  CHECK_FALSE(result.sink_error);
  CHECK(result.left_queued == 0);
}

TEST_CASE("a crawl that has settled everything leaves a job that is done, and says so once") {
  Site web(5);
  const TempDir dir;
  auto seams = job_seams(web, must(JobDb::create(dir.path())), nullptr);
  std::vector<std::uint64_t> refused;
  seams.on_done = [&refused](JobDb& job, const CrawlResult& result) -> Result<void> {
    refused.push_back(result.refused.at("scope"));
    return job.put_meta("end", "whole");
  };
  CrawlConfig config{.threads = 1};
  config.seeds.push_back(Url::parse("http://a/").value());
  auto crawl = must(Crawl::create(std::move(config), std::move(seams)));
  crawl->run_here();
  CHECK_FALSE(crawl->join().sink_error);
  CHECK(refused == std::vector<std::uint64_t>{1});
  auto job = must(JobDb::open(dir.path()));
  CHECK(must(job->is_done()));
  CHECK(must(job->meta("end")) == "whole");
}

TEST_CASE("a crawl that leaves something in its queue is not done") {
  Site web(5);
  const TempDir dir;
  crawl_job(web, dir.path(), {"http://a/"}, {.max_pages = 2});
  CHECK_FALSE(must(must(JobDb::open(dir.path()))->is_done()));
}

TEST_CASE("a job that was stopped before its seeds were written says so") {
  const TempDir dir;
  must(JobDb::create(dir.path()));
  TableWeb web{};
  auto resumed =
      Crawl::resume({}, job_seams(web, must(JobDb::open(dir.path())), nullptr), Rejudge::no);
  REQUIRE_FALSE(resumed.has_value());
  CHECK(resumed.error().message.find("no URL to go on with") != std::string::npos);
}

TEST_CASE("a recrawl asks whether pages have changed, and tells new, changed, same and gone") {
  TableWeb web{
      {"http://a/",
       {.body = "<a href=/same>x</a><a href=/old>x</a><a href=/gone>x</a>",
        .headers = {{"Content-Type", "text/html"}, {"ETag", "\"1\""}}}},
      {"http://a/same",
       {.body = "same",
        .headers = {{"Content-Type", "text/html"},
                    {"Last-Modified", "Fri, 02 Jan 2026 03:04:05 GMT"}}}},
      {"http://a/old", html("before")},
      {"http://a/old", html("after <a href=/new>x</a>")},
      {"http://a/gone", html("")},
      {"http://a/gone", {.status = 404}},
      {"http://a/new", html("")},
  };
  const TempDir dir;
  const Crawled first = crawl_job(web, dir.path(), {"http://a/"});
  CHECK(first.record("http://a/").change.empty());
  web.add("http://a/same", {.status = 304});
  web.answer("http://a/same");
  web.clock.advance(25h);

  const std::size_t asked = web.requests.size();
  must(must(JobDb::open(dir.path()))->begin_visit());
  const Crawled again = resume_job(web, dir.path(), {.recrawl = true});
  CHECK(again.record("http://a/").change == "unchanged");  // 200, the same body
  CHECK(again.record("http://a/same").change == "unchanged");
  CHECK(again.record("http://a/same").outcome == Outcome::not_modified);
  CHECK(again.record("http://a/same").digest == first.record("http://a/same").digest);
  CHECK(again.record("http://a/old").change == "changed");
  CHECK(again.record("http://a/gone").change == "gone");
  CHECK(again.record("http://a/new").change == "new");
  std::string conditions;
  for (std::size_t i = asked; i < web.requests.size(); ++i) {
    for (const Header& header : web.requests[i].headers) {
      conditions += header.name + ": " + header.value + "\n";
    }
  }
  CHECK(conditions == "If-None-Match: \"1\"\nIf-Modified-Since: Fri, 02 Jan 2026 03:04:05 GMT\n");
  CHECK(ask(dir.path(), "SELECT count(*) FROM url WHERE state = 'queued'") == Urls{"0"});
}

TEST_CASE("a recrawl asks anew, without conditions, for what was never had") {
  TableWeb web{{"http://a/", {.status = 404, .headers = {{"ETag", "\"1\""}}}},
               {"http://a/", html("<a href=/x>x</a>")}};
  const TempDir dir;
  CHECK(crawl_job(web, dir.path(), {"http://a/"}).record("http://a/").etag == "\"1\"");
  must(must(JobDb::open(dir.path()))->begin_visit());
  const Crawled again = resume_job(web, dir.path(), {.recrawl = true});
  for (const Request& request : web.requests) CHECK(request.headers.empty());
  CHECK(again.record("http://a/").change == "new");
}

TEST_CASE("a redirect to another spelling leads there once at each visit") {
  TableWeb web{{"http://a/%7Eme", redirect("/~me")}, {"http://a/~me", html("me")}};
  const TempDir dir;
  crawl_job(web, dir.path(), {"http://a/%7Eme"});
  for (int visit = 2; visit <= 3; ++visit) {
    must(must(JobDb::open(dir.path()))->begin_visit());
    const Crawled again = resume_job(web, dir.path(), {.recrawl = true});
    CHECK(again.record("http://a/~me").change == "unchanged");
  }
}

TEST_CASE("a seed that a new scope refuses still says what the crawl is about") {
  Site web(3);
  const TempDir dir;
  crawl_job(web, dir.path(), {"http://a/"});
  must(must(JobDb::open(dir.path()))->begin_visit());
  resume_job(web, dir.path(), {.patterns = {{UrlPattern::Verdict::exclude, "a/$"}}}, Rejudge::yes);
  must(must(JobDb::open(dir.path()))->begin_visit());
  const Crawled wide = resume_job(web, dir.path(), {}, Rejudge::yes);
  CHECK(wide.resumed.refused_now == 0);
  CHECK(wide.resumed.admitted_now == 1);
  CHECK(wide.record("http://a/").outcome == Outcome::ok);
}
