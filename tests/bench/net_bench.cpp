// Small GETs by one thread from a server on this machine: requests a second, and CPU of
// this process for each. The server is a child process that answers 8 KiB to anything;
// WEFT_BENCH_URL names a page of another one instead.
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <iterator>
#include <stdexcept>
#include <string>
#include <vector>

#include "bench/local_server.hpp"
#include "weft/net/curl_transfers.hpp"

using namespace weft;

namespace {

constexpr std::size_t kRequests = 20'000;

std::string page_server() {
  const std::string body(8192, 'b');
  return bench::local_server(
      [response = fmt::format("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n{}", body.size(),
                              body)](int fd) { return bench::send_all(fd, response); });
}

std::size_t threads() {
  const std::filesystem::directory_iterator tasks("/proc/self/task");
  return static_cast<std::size_t>(std::distance(begin(tasks), end(tasks)));
}

// What a transfer takes that waits for its answer, and whether any has a thread.
void measure_waiting(Resolver& resolver, RateLimit& limit, const Clock& clock) {
  constexpr std::size_t kFew = 100;
  constexpr std::size_t kMany = 1000;
  const bench::Listener silent =
      bench::listen_here();  // connections are made, and nothing is answered
  const Url url = Url::parse(silent.url).value();
  const auto transfers = make_curl_transfers({.proxy = "none"}, resolver, limit, clock);
  std::vector<Completion> ended;
  double few = 0;
  for (std::size_t started = 0; started < kMany;) {
    transfers->start({.url = url, .addresses = AddressPolicy::any}, started++);
    if (started != kFew && started != kMany) continue;
    for (int turns = 0; turns < 20; ++turns) {  // until they are connected and have asked
      transfers->wait(clock.now() + std::chrono::milliseconds(20), ended);
    }
    if (started == kFew) few = bench::resident_bytes();
  }
  if (!ended.empty()) throw std::runtime_error("a transfer did not wait");
  bench::row("memory of a waiting transfer", (bench::resident_bytes() - few) / (kMany - kFew),
             "bytes");
  bench::row("threads with 1000 waiting", static_cast<double>(threads()), "");
  transfers->cancel_all();
  while (transfers->in_flight() > 0) transfers->wait(Clock::time_point::max(), ended);
  close(silent.fd);
}

void measure(Transfers& transfers, const Clock& clock, const Url& url, std::size_t in_flight) {
  const auto start = clock.now();
  const double cpu_start = bench::cpu_seconds();
  std::size_t started = 0;
  std::size_t good = 0;
  std::vector<Completion> ended;
  while (started < kRequests || transfers.in_flight() > 0) {
    for (; started < kRequests && transfers.in_flight() < in_flight; ++started) {
      transfers.start({.url = url, .addresses = AddressPolicy::any}, started);
    }
    ended.clear();
    transfers.wait(Clock::time_point::max(), ended);
    for (const Completion& end : ended) good += end.result.response.status == 200 ? 1 : 0;
  }
  if (good != kRequests) throw std::runtime_error("not every request was answered");
  const double seconds = std::chrono::duration<double>(clock.now() - start).count();
  const auto count = static_cast<double>(kRequests);
  bench::row(fmt::format("get, {} in flight", in_flight), count / seconds, "1/s");
  bench::row(fmt::format("get, {} in flight, CPU", in_flight),
             (bench::cpu_seconds() - cpu_start) / count * 1e6, "us");
}

}  // namespace

int main() {
  const char* named = std::getenv("WEFT_BENCH_URL");  // NOLINT(concurrency-mt-unsafe): at start
  const Url url = Url::parse(named != nullptr ? named : page_server()).value();
  const SystemClock clock;
  net_global_init();
  Resolver resolver({}, clock);
  RateLimit limit({0}, clock);
  measure_waiting(resolver, limit, clock);
  const auto transfers = make_curl_transfers({.proxy = "none"}, resolver, limit, clock);
  for (const std::size_t in_flight : {1u, 8u, 32u, 256u}) {
    measure(*transfers, clock, url, in_flight);
  }
}
