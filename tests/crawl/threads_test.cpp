// Crawls on several threads, and crawls that are stopped.
#include <doctest/doctest.h>

#include <atomic>
#include <functional>
#include <map>
#include <set>

#include "support/instant_transfers.hpp"
#include "support/kept_records.hpp"
#include "support/table_web.hpp"
#include "weft/base/mutex.hpp"

using namespace weft;
using namespace weft::test;
using namespace std::chrono_literals;

namespace {

// An endless web that any thread may ask, and that answers at once: a third of its pages
// is gone, the others link to the next eight.
struct EndlessWeb {
  void ask(const std::string& url) EXCLUDES(mutex) {
    {
      const Lock lock(mutex);
      ++asked[url];
    }
    if (++requests == stop_at) stop();
  }

  std::atomic<int> requests{0};
  int stop_at = 0;
  std::function<void()> stop;

  Mutex mutex;
  std::map<std::string, int> asked GUARDED_BY(mutex);
};

std::unique_ptr<Transfers> transfers_of(EndlessWeb& web) {
  return std::make_unique<InstantTransfers>([&web](const Url& url) {
    web.ask(url.href());
    const unsigned long page = std::stoul("0" + std::string(url.path().substr(1)));
    TransferResult result;
    result.response.status = page % 3 == 2 ? 404 : 200;
    result.response.headers.add("Content-Type", "text/html; charset=utf-8");
    for (unsigned long link = 8 * page + 1; link <= 8 * page + 8; ++link) {
      result.response.body += fmt::format("<a href=/{}>x</a>", link);
    }
    return result;
  });
}

class FailsToClose final : public Sink {
 public:
  Result<void> write(const Record&) override { return {}; }
  Result<void> close() override { return fail("the disk is full"); }
};

Url url(const std::string& text) { return Url::parse(text).value(); }

}  // namespace

TEST_CASE("--max-pages is exact on eight threads, each URL asked once, each record once") {
  const SystemClock clock;
  for (int round = 0; round < 20; ++round) {
    EndlessWeb web;
    std::vector<Record> records;
    CrawlSeams seams{
        .clock = clock, .make_transfers = [&] { return transfers_of(web); }, .sinks = {}};
    seams.sinks.push_back(std::make_unique<KeptRecords>(records));
    CrawlConfig config{.seeds = {url("http://a/")},
                       .threads = 8,
                       .jobs = 32,
                       .per_host = 32,
                       .robots = false,
                       .max_pages = 40};
    auto crawl = Crawl::create(std::move(config), std::move(seams)).value();
    crawl->start();
    const CrawlResult result = crawl->join();

    CHECK(result.stopped == StopReason::max_pages);
    std::size_t pages = 0;
    std::set<std::string> recorded;
    for (const Record& record : records) {
      pages += record.outcome == Outcome::ok ? 1 : 0;
      CHECK(recorded.insert(record.url).second);
    }
    CHECK(pages == 40);
    const Lock lock(web.mutex);
    CHECK(web.asked.size() == records.size());
    for (const auto& [asked, times] : web.asked) CHECK(times == 1);
  }
}

TEST_CASE("a crawl dropped at any moment ends, and each URL is recorded or left, not both") {
  const SystemClock clock;
  for (int round = 1; round <= 30; ++round) {
    EndlessWeb web;
    std::vector<Record> records;
    CrawlSeams seams{
        .clock = clock, .make_transfers = [&] { return transfers_of(web); }, .sinks = {}};
    seams.sinks.push_back(std::make_unique<KeptRecords>(records));
    CrawlConfig config{
        .seeds = {url("http://a/")}, .threads = 4, .jobs = 16, .per_host = 16, .robots = false};
    auto crawl = Crawl::create(std::move(config), std::move(seams)).value();
    web.stop_at = 7 * round;
    web.stop = [&crawl] { crawl->stop(StopHow::drop_transfers); };
    crawl->start();
    const CrawlResult result = crawl->join();
    CHECK(result.stopped == StopReason::interrupted);
    CHECK(records.size() + result.left_queued == result.known_urls);
  }
}

TEST_CASE("a stop is heeded between tasks that are settled without asking") {
  TableWeb web{{"http://a/robots.txt", text("Sitemap: http://a/s.txt")}};
  std::string sitemap;
  for (int i = 0; i < 5000; ++i) sitemap += "http://a/" + std::to_string(i) + "\n";
  web.add("http://a/s.txt", text(sitemap));

  Crawl* running = nullptr;
  int planned = 0;
  CrawlSeams seams{.clock = web.clock,
                   .make_transfers = [&] { return web.transfers(); },
                   .sinks = {},
                   .on_planned =
                       [&](const Url&, std::string_view) {
                         if (++planned == 10) running->stop(StopHow::finish_transfers);
                       }};
  CrawlConfig config{.seeds = {url("http://a/")}, .threads = 1, .dry_run = true};
  auto crawl = Crawl::create(std::move(config), std::move(seams)).value();
  running = crawl.get();
  crawl->run_here();
  CHECK(planned < 200);
  CHECK(crawl->join().left_queued > 4000);
}

TEST_CASE("a crawl that is dropped outlives a sink that fails as it is closed") {
  TableWeb web{{"http://a/", html("x")}};
  CrawlSeams seams{
      .clock = web.clock, .make_transfers = [&] { return web.transfers(); }, .sinks = {}};
  seams.sinks.push_back(std::make_unique<FailsToClose>());
  auto crawl = Crawl::create({.seeds = {url("http://a/")}, .threads = 1}, std::move(seams)).value();
  crawl->run_here();
  crawl.reset();
  CHECK(web.asked.size() == 2);
}
