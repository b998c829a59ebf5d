// Many hosts in one crawl: what each may cost the others, and itself.
#include <doctest/doctest.h>
#include <fmt/core.h>

#include <algorithm>
#include <atomic>
#include <memory>
#include <vector>

#include "e2e/weft_run.hpp"
#include "support/test_server.hpp"

namespace weft::test {
namespace {

using namespace std::chrono_literals;

Behaviour site_of(int pages) {
  std::string links;
  for (int i = 1; i < pages; ++i) links += fmt::format("<a href=\"/{}\">x</a>\n", i);
  return [links](Connection& connection, const RequestHead& head) {
    if (head.target == "/robots.txt") return status(404)(connection, head);
    ok(head.target == "/" ? links : "x")(connection, head);
  };
}

// Hosts that keep every request waiting from a certain page on, until they are released: so a
// crawl that passes ends at once, and one that does not is ended by its own --max-time.
class SilentHosts {
 public:
  SilentHosts(int count, int first_address, bool from_the_start) {
    for (int i = 0; i < count; ++i) {
      servers_.push_back(std::make_unique<TestServer>(
          [this, from_the_start](Connection& connection, const RequestHead& head) {
            const bool well = head.target == "/robots.txt" || head.target == "/";
            while ((from_the_start || !well) && !released_ && connection.wait(10ms)) {
            }
            site_of(10)(connection, head);
          },
          fmt::format("127.0.0.{}", first_address + i)));
    }
  }

  void release() { released_ = true; }

  std::string seeds() const {
    std::string lines;
    for (const auto& server : servers_) lines += server->url("/") + "\n";
    return lines;
  }

 private:
  std::atomic<bool> released_{false};
  std::vector<std::unique_ptr<TestServer>> servers_;
};

// Twelve hosts for eight transfers, and the honest one comes last. The time limit of a transfer
// is longer than that of the crawl: nobody is to be saved by a timeout.
void check_honest_host_beside(SilentHosts& silent) {
  constexpr int kPages = 30;
  std::atomic<int> answered{0};
  TestServer honest(
      [&](Connection& connection, const RequestHead& head) {
        site_of(kPages)(connection, head);
        if (head.target != "/robots.txt" && ++answered == kPages) silent.release();
      },
      "127.0.0.60");
  const Workplace here;
  here.write("seeds.txt", silent.seeds() + honest.url("/") + "\n");
  const Ended ended = here.run({"crawl", "-i", "seeds.txt", "-o", "job", "-j", "8", "-T", "40s",
                                "-t", "1", "--max-time", "30s"});
  CHECK(answered.load() == kPages);  // or the silent hosts were never released
  CHECK(ended.exit_code == 0);
  const std::vector<std::string> crawled = here.records().pages("ok");
  const auto is_ours = [&](const std::string& url) { return url.starts_with(honest.url("/")); };
  CHECK(std::ranges::count_if(crawled, is_ours) == kPages);
}

TEST_CASE("an honest host is crawled whole beside hosts that never answer") {
  SilentHosts silent(12, 61, true);
  check_honest_host_beside(silent);
}

TEST_CASE("an honest host is crawled whole beside hosts that answer nothing after their index") {
  SilentHosts silent(12, 61, false);
  check_honest_host_beside(silent);
}

TEST_CASE("a host asked by one transfer at a time is asked over one connection") {
  constexpr int kHosts = 20;
  constexpr int kPages = 10;
  std::vector<std::unique_ptr<TestServer>> servers;
  std::string seeds;
  for (int i = 0; i < kHosts; ++i) {
    servers.push_back(
        std::make_unique<TestServer>(site_of(kPages), fmt::format("127.0.0.{}", 80 + i)));
    seeds += servers.back()->url("/") + "\n";
  }
  const Workplace here;
  here.write("seeds.txt", seeds);
  CHECK(
      here.run({"crawl", "-i", "seeds.txt", "-o", "job", "-x", "1", "--threads", "2"}).exit_code ==
      0);
  CHECK(here.records().pages("ok").size() == kHosts * kPages);
  int connections = 0;
  for (const auto& server : servers) connections += server->connections();
  // Some may be opened twice: where a worker helps another out, it has no connection of its own.
  CHECK(connections <= 1.2 * kHosts);
}

}  // namespace
}  // namespace weft::test
