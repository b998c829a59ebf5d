// Large bodies on one thread, from a child process that sends without end: how fast, at what
// CPU, and how steady a bandwidth limit is. WEFT_BENCH_URL names a large file of another server
// instead.
#include <cstdlib>
#include <memory>
#include <string>
#include <vector>

#include "bench/local_server.hpp"
#include "weft/net/curl_transfers.hpp"

using namespace weft;

namespace {

using Seconds = std::chrono::duration<double>;

// Counts, and ends the transfer once it has enough.
class Counter final : public BodyReceiver {
 public:
  Counter(std::uint64_t& total, std::uint64_t enough) : total_(total), enough_(enough) {}
  bool begin(const Response&) override { return true; }
  bool receive(std::string_view bytes) override {
    total_ += bytes.size();
    return total_ < enough_;
  }

 private:
  std::uint64_t& total_;
  const std::uint64_t enough_;
};

std::string endless_server() {
  return bench::local_server([](int fd) {
    const std::string block(256 * 1024, 'b');
    bool open = bench::send_all(fd, "HTTP/1.1 200 OK\r\n\r\n");
    while (open) open = bench::send_all(fd, block);
    return false;
  });
}

struct Run {
  const Url& url;
  Resolver& resolver;
  const Clock& clock;
};

void start(Transfers& transfers, const Url& url, BodyReceiver& receiver) {
  transfers.start(
      {.url = url, .addresses = AddressPolicy::any, .max_body = {0}, .receiver = &receiver}, 0);
}

void measure_speed(const Run& run) {
  RateLimit none({0}, run.clock);
  const auto transfers = make_curl_transfers({.proxy = "none"}, run.resolver, none, run.clock);
  std::uint64_t total = 0;
  Counter counter(total, 4ULL << 30);
  const auto began = run.clock.now();
  const double cpu = bench::cpu_seconds();
  start(*transfers, run.url, counter);
  std::vector<Completion> ended;
  while (ended.empty()) transfers->wait(Clock::time_point::max(), ended);
  const double gigabytes = static_cast<double>(total) / 1e9;
  bench::row("large body", 1000 * gigabytes / Seconds(run.clock.now() - began).count(), "MB/s");
  bench::row("large body, CPU", 1000 * (bench::cpu_seconds() - cpu) / gigabytes, "ms/GB");
}

// The share of the limit that four transfers together are given: over ten seconds, and in the
// second that was furthest from it.
void measure_limit(const Run& run, Bytes per_second) {
  constexpr int kSeconds = 10;
  RateLimit limit(per_second, run.clock);
  const auto transfers = make_curl_transfers({.proxy = "none"}, run.resolver, limit, run.clock);
  const auto allowed = static_cast<double>(per_second.count);
  std::uint64_t total = 0;
  Counter counter(total, UINT64_MAX);
  for (int i = 0; i < 4; ++i) start(*transfers, run.url, counter);
  std::vector<Completion> ended;
  double worst = 1;
  const auto began = run.clock.now();
  for (int second = 1; second <= kSeconds; ++second) {
    const std::uint64_t before = total;
    const auto until = began + std::chrono::seconds(second);
    while (run.clock.now() < until) transfers->wait(until, ended);
    const double share = static_cast<double>(total - before) / allowed;
    if (std::abs(share - 1) > std::abs(worst - 1)) worst = share;
  }
  const std::string name = fmt::format("limit of {}/s", to_text(per_second));
  bench::row(name + ", ten seconds", 100 * static_cast<double>(total) / kSeconds / allowed, "%");
  bench::row(name + ", worst second", 100 * worst, "%");
}

}  // namespace

int main() {
  const char* named = std::getenv("WEFT_BENCH_URL");  // NOLINT(concurrency-mt-unsafe): at start
  const Url url = Url::parse(named != nullptr ? named : endless_server()).value();
  const SystemClock clock;
  net_global_init();
  Resolver resolver({}, clock);
  const Run run{url, resolver, clock};
  measure_speed(run);
  measure_limit(run, 1_MiB);
  measure_limit(run, 20_MiB);
}
