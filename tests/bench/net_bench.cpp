// Small GETs by one thread from a server on this machine: requests a second, and CPU of
// this process for each. The server is a child process that answers 8 KiB to anything;
// WEFT_BENCH_URL names a page of another one instead.
#include <netinet/in.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <iterator>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "bench/bench.hpp"
#include "weft/net/curl_transfers.hpp"

using namespace weft;

namespace {

constexpr std::size_t kRequests = 20'000;

double cpu_seconds() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  const auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

void answer_all(int fd) {
  const std::string body(8192, 'b');
  const std::string response =
      fmt::format("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n{}", body.size(), body);
  char request[4096];
  while (recv(fd, request, sizeof request, 0) > 0) {  // one request at a time, in one piece
    if (send(fd, response.data(), response.size(), MSG_NOSIGNAL) < 0) break;
  }
  close(fd);
}

struct Listener {
  int fd;
  std::string url;
};

Listener listen_here() {
  const int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in name{};
  name.sin_family = AF_INET;
  name.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof name;
  auto* const any = reinterpret_cast<sockaddr*>(&name);
  if (bind(listener, any, size) != 0 || listen(listener, 2048) != 0 ||
      getsockname(listener, any, &size) != 0) {
    throw std::runtime_error("no port to listen on");
  }
  return {listener, fmt::format("http://127.0.0.1:{}/", ntohs(name.sin_port))};
}

// A child process serves it and ends with this one.
std::string local_server() {
  const Listener listener = listen_here();
  const pid_t parent = getpid();
  if (fork() == 0) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    while (getppid() == parent) {
      const int fd = accept4(listener.fd, nullptr, nullptr, SOCK_CLOEXEC);
      if (fd >= 0) std::thread(answer_all, fd).detach();
    }
    _exit(0);
  }
  close(listener.fd);
  return listener.url;
}

std::size_t threads() {
  const std::filesystem::directory_iterator tasks("/proc/self/task");
  return static_cast<std::size_t>(std::distance(begin(tasks), end(tasks)));
}

// What a transfer takes that waits for its answer, and whether any has a thread.
void measure_waiting(Resolver& resolver, RateLimit& limit, const Clock& clock) {
  constexpr std::size_t kFew = 100;
  constexpr std::size_t kMany = 1000;
  const Listener silent = listen_here();  // connections are made, and nothing is answered
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
  const double cpu_start = cpu_seconds();
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
             (cpu_seconds() - cpu_start) / count * 1e6, "us");
}

}  // namespace

int main() {
  const char* named = std::getenv("WEFT_BENCH_URL");  // NOLINT(concurrency-mt-unsafe): at start
  const Url url = Url::parse(named != nullptr ? named : local_server()).value();
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
