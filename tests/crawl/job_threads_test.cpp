// Crawls on several threads that are kept in a job, with queues longer than memory.
#include <doctest/doctest.h>

#include <atomic>
#include <functional>
#include <map>
#include <random>

#include "support/instant_transfers.hpp"
#include "support/jobs.hpp"
#include "support/temp_dir.hpp"
#include "weft/base/mutex.hpp"
#include "weft/crawl/crawl.hpp"

using namespace weft;
using namespace weft::test;
using namespace std::chrono_literals;

namespace {

constexpr unsigned kPages = 4000;

std::string address(unsigned page) { return fmt::format("http://h{}/{}", page % 5, page); }

// Each page links to the next eight, on five hosts; nobody answers for the fifth. It answers
// at once, and calls `stop` at the request `stop_at`.
struct FiveHosts {
  std::atomic<int> requests{0};
  int stop_at = 0;
  std::function<void()> stop;
};

TransferResult answer(const Url& url) {
  if (url.host() == "h4") {
    return {.outcome = Outcome::dns_error, .message = "no such host"};
  }
  TransferResult result;
  result.response.status = 200;
  result.response.headers.add("Content-Type", "text/html; charset=utf-8");
  if (url.path() == "/robots.txt") return result;
  const unsigned page = static_cast<unsigned>(std::stoul(std::string(url.path().substr(1))));
  for (unsigned link = 8 * page + 1; link <= 8 * page + 8 && link < kPages; ++link) {
    result.response.body += fmt::format("<a href={}>x</a>", address(link));
  }
  return result;
}

std::unique_ptr<Transfers> transfers_of(FiveHosts& web) {
  return std::make_unique<InstantTransfers>([&web](const Url& url) {
    if (++web.requests == web.stop_at) web.stop();
    return answer(url);
  });
}

class Counted final : public Sink {
 public:
  Counted(std::map<std::string, int>& times, std::size_t fails_at)
      : times_(times), fails_at_(fails_at) {}
  Result<void> write(const Record& record) override {
    if (++written_ == fails_at_) return fail("the disk is full");
    if (record.kind == RecordKind::page) waiting_.push_back(record.url);
    return {};
  }
  Result<void> flush() override {
    for (const std::string& url : waiting_) ++times_[url];
    waiting_.clear();
    return {};
  }
  Result<void> close() override { return {}; }

 private:
  std::map<std::string, int>& times_;
  const std::size_t fails_at_;
  std::size_t written_ = 0;
  std::vector<std::string> waiting_;
};

}  // namespace

TEST_CASE("a job on eight threads, stopped in all ways and gone on with, settles each URL") {
  const SystemClock clock;
  std::minstd_rand random(7);
  for (int round = 0; round < 6; ++round) {
    const TempDir dir;
    std::map<std::string, int> times;
    FiveHosts web;
    int runs = 0;
    for (bool done = false; !done; ++runs) {
      // A first run that cannot write may not even have kept its seeds.
      const int how = runs > 6 ? 0 : static_cast<int>(random() % (runs == 0 ? 3 : 4));
      CrawlSeams seams{
          .clock = clock, .make_transfers = [&] { return transfers_of(web); }, .sinks = {}};
      seams.sinks.push_back(std::make_unique<Counted>(times, how == 3 ? 1 + random() % 900 : 0));
      seams.job = must(runs == 0 ? JobDb::create(dir.path()) : JobDb::open(dir.path()));
      CrawlConfig config{.threads = 8,
                         .jobs = 16 + static_cast<int>(random() % 32),
                         .per_host = 1 + static_cast<int>(random() % 8),
                         .tries = 1,
                         .scope = ScopeKind::any,
                         .limit_depth = round % 2 == 1,
                         .depth = 100,
                         .tasks_in_memory = random() % 60};
      if (runs == 0) config.seeds.push_back(Url::parse(address(0)).value());
      auto crawl =
          must(runs == 0 ? Crawl::create(std::move(config), std::move(seams))
                         : Crawl::resume(std::move(config), std::move(seams), Rejudge::no));
      web.requests = 0;
      web.stop_at = how == 1 || how == 2 ? 1 + static_cast<int>(random() % 900) : 0;
      web.stop = [&] {
        crawl->stop(how == 1 ? StopHow::finish_transfers : StopHow::drop_transfers);
      };
      crawl->start();
      const CrawlResult result = crawl->join();
      done = result.stopped == StopReason::none;
      if (done) CHECK(result.left_queued == 0);
    }
    CHECK(ask(dir.path(), "SELECT count(*), sum(state = 'settled') FROM url WHERE kind = 'page'") ==
          std::vector<std::string>{fmt::format("{}|{}", times.size(), times.size())});
    CHECK(times.size() > 1000);
    for (const auto& one : times) CHECK_MESSAGE(one.second == 1, one.first);
  }
}
