// Politeness as the servers see it: by their logs, not by the crawl's own counters.
#include <doctest/doctest.h>
#include <fmt/core.h>

#include <algorithm>
#include <atomic>
#include <memory>

#include "e2e/weft_run.hpp"
#include "support/nginx.hpp"
#include "support/test_server.hpp"

namespace weft::test {
namespace {

using namespace std::chrono_literals;
using std::chrono::milliseconds;

constexpr int kHosts = 8;
constexpr milliseconds kWait = 200ms;
constexpr milliseconds kRounding = 2ms;  // of the log: starts are a difference of two times

std::string links(int pages) {
  std::string body;
  for (int i = 0; i < pages; ++i) body += fmt::format("<a href=\"/{}.html\">x</a>\n", i);
  return body;
}

// Pages that take longer to send than the wait between two of them.
Site slow_reader_site(int host) {
  constexpr int kPages = 4;
  Site site{.address = fmt::format("127.0.0.{}", 11 + host),
            .config = "limit_rate 8k; sendfile off; output_buffers 1 1k;"};
  site.files["/index.html"] = links(kPages);
  for (int i = 0; i < kPages; ++i) {
    site.files[fmt::format("/{}.html", i)] = std::string(5000, 'x');
  }
  return site;
}

// What one host served, in the order of the starts.
std::vector<Served> of_host(const std::vector<Served>& log, const std::string& address) {
  std::vector<Served> served;
  std::ranges::copy_if(log, std::back_inserter(served),
                       [&](const Served& one) { return one.address == address; });
  std::ranges::sort(served, {}, &Served::started);
  return served;
}

// Of intervals that only touch, the log's milliseconds cannot say whether they overlap.
int most_at_once(const std::vector<Served>& served) {
  int most = 0;
  for (const Served& at : served) {
    const auto runs = [&at](const Served& other) {
      return other.started <= at.started && at.started < other.ended;
    };
    most = std::max(most, static_cast<int>(std::ranges::count_if(served, runs)));
  }
  return most;
}

TEST_CASE("--wait and --per-host hold for each host, and hosts do not wait for each other") {
  std::vector<Site> sites;
  for (int host = 0; host < kHosts; ++host) sites.push_back(slow_reader_site(host));
  const auto nginx = Nginx::start(sites);
  if (nginx == nullptr) return;
  const Workplace here;
  std::string seeds;
  for (const Site& site : sites) seeds += nginx->url("/", site.address) + "\n";
  here.write("seeds.txt", seeds);
  Command command = here.command(
      {"crawl", "-i", "seeds.txt", "-o", "job", "-x", "2", "--wait", "200ms", "--threads", "4"});
  command.words = before_others(std::move(command.words));
  const Ended ended = run(std::move(command));
  CHECK(ended.exit_code == 0);

  const std::vector<Served>& log = nginx->stop();
  auto last_begin = milliseconds::min();
  auto first_end = milliseconds::max();
  int most_anywhere = 0;
  for (const Site& site : sites) {
    CAPTURE(site.address);
    const std::vector<Served> served = of_host(log, site.address);
    REQUIRE(served.size() == 6);  // robots.txt, the index and four pages
    CHECK(served[0].target == "/robots.txt");
    for (std::size_t i = 1; i < served.size(); ++i) {
      CAPTURE(served[i].target);
      CHECK(served[i].started - served[i - 1].started >= kWait - kRounding);
    }
    CHECK(most_at_once(served) <= 2);
    most_anywhere = std::max(most_anywhere, most_at_once(served));
    last_begin = std::max(last_begin, served.front().started);
    first_end = std::min(first_end, std::ranges::max(served, {}, &Served::ended).ended);
  }
  CHECK(most_anywhere == 2);      // or the pages were too quick to show anything
  CHECK(last_begin < first_end);  // every host had begun before any was done
}

TEST_CASE("a server that answers 429 is left alone as long as its Retry-After says") {
  TestServer server({{"/", ok("<a href=1>1</a> <a href=2>2</a> <a href=3>3</a>")},
                     {"/1", ok("one")},
                     {"/2", busy(1, "2", ok("two"))},
                     {"/3", ok("three")}});
  const Workplace here;
  const Ended ended = here.run({"crawl", server.url("/"), "-o", "job", "-x", "1"});
  CHECK(ended.exit_code == 0);

  const std::vector<SeenRequest> seen = server.requests();
  const auto refused = std::ranges::find_if(
      seen, [](const SeenRequest& request) { return request.head.target == "/2"; });
  REQUIRE(refused != seen.end());
  REQUIRE(refused + 1 != seen.end());
  CHECK((refused + 1)->started - refused->started >= 2s);
  const Records records = here.records();
  CHECK(records.pages("ok").size() == 4);
  CHECK(records.of(server.url("/2"))["attempts"] == 2);
}

TEST_CASE("a robots.txt that is answered 429 is asked for again, and nothing before it") {
  TestServer server({{"/robots.txt", busy(1, "1", status(200, "User-agent: *\nDisallow: /no\n"))},
                     {"/", ok("<a href=/no>no</a><a href=/yes>yes</a>")},
                     {"/yes", ok("yes")}});
  const Workplace here;
  CHECK(here.run({"crawl", server.url("/"), "-o", "job"}).exit_code == 0);
  std::vector<std::string> targets;
  for (const SeenRequest& request : server.requests()) targets.push_back(request.head.target);
  CHECK(targets == std::vector<std::string>{"/robots.txt", "/robots.txt", "/", "/yes"});
}

TEST_CASE("a slow host costs the fast ones nothing") {
  constexpr int kFast = 7;
  constexpr int kPages = 20;
  std::vector<std::unique_ptr<TestServer>> fast;
  const auto serve = [](Connection& connection, const RequestHead& head) {
    ok(head.target == "/" ? links(kPages) : "x")(connection, head);
  };
  std::string seeds;
  for (int i = 0; i < kFast; ++i) {
    fast.push_back(std::make_unique<TestServer>(serve, fmt::format("127.0.0.{}", 41 + i)));
    seeds += fast.back()->url("/") + "\n";
  }
  const auto fast_are_done = [&fast] {
    return std::ranges::all_of(
        fast, [](const auto& server) { return server->requests().size() == kPages + 1; });
  };
  // Answers when the fast hosts are done, or else in the end after all.
  std::atomic<bool> answered_last{false};
  TestServer slow(
      [&](Connection& connection, const RequestHead& head) {
        for (int i = 0; i < 500 && !fast_are_done(); ++i) connection.wait(10ms);
        answered_last = fast_are_done();
        ok("at last")(connection, head);
      },
      "127.0.0.40");
  const Workplace here;
  here.write("seeds.txt", slow.url("/1") + "\n" + slow.url("/2") + "\n" + seeds);
  const Ended ended =
      here.run({"crawl", "-i", "seeds.txt", "-o", "job", "--no-robots", "--threads", "2"});
  CHECK(ended.exit_code == 0);
  CHECK(answered_last);
  CHECK(here.records().pages("ok").size() == 2 + kFast * (kPages + 1));
}

}  // namespace
}  // namespace weft::test
