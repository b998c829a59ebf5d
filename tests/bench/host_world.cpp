// A world of many hosts to crawl: host_world --range RANGE... (see --help).
#include <fmt/core.h>
#include <sys/prctl.h>
#include <sys/resource.h>

#include <algorithm>
#include <csignal>
#include <cstdlib>
#include <exception>
#include <fstream>
#include <stdexcept>
#include <string>
#include <string_view>

#include "bench/world_server.hpp"

namespace {

using weft::bench::kRangeHelp;
using weft::bench::WorldOptions;
using weft::bench::WorldServer;

constexpr std::string_view kUsage =
    R"(usage: host_world [--port N] [--control N] --range RANGE [--range RANGE...]

Serves every address of 127.0.0.0/8 on one port, each as a host of its own, and counts what
each is asked. Prints both ports ("port=N control=N") once it listens; ends with the process
that started it.

  --port N      where the hosts listen (default: a free one)
  --control N   on 127.0.0.1, GET /ranges and GET /hosts give the counts as tab-separated
                lines, times in seconds of CLOCK_MONOTONIC (default: a free one)
  --range RANGE what some hosts are; may be repeated
SIGUSR1 prints what /hosts gives.

)";
constexpr std::string_view kExamples = R"(
Examples
  host_world --range 127.50.0.0/16:kind=good,pages=10
  host_world --port 8100 --range 127.1.0.1:kind=good,pages=300,delay=10ms \
             --range 127.2.0.0/24:kind=drip,well=index
)";

std::uint16_t port_of(std::string_view text) {
  const int port = std::atoi(std::string(text).c_str());
  if (port < 1 || port > 65535)
    throw std::invalid_argument(fmt::format("'{}' is not a port", text));
  return static_cast<std::uint16_t>(port);
}

WorldOptions options_of(int argc, char** argv) {
  WorldOptions options;
  for (int i = 1; i < argc; ++i) {
    const std::string_view key = argv[i];
    if (key != "--port" && key != "--control" && key != "--range") {
      throw std::invalid_argument(fmt::format("'{}' is not an option", key));
    }
    if (++i == argc) throw std::invalid_argument(fmt::format("{} needs a value", key));
    if (key == "--port") options.port = port_of(argv[i]);
    if (key == "--control") options.control = port_of(argv[i]);
    if (key == "--range") options.ranges.push_back(weft::bench::parse_range(argv[i]));
  }
  if (options.ranges.empty()) throw std::invalid_argument("no --range");
  return options;
}

// As many as the kernel lets anybody have, where we may; else as many as we are allowed.
void raise_open_files() {
  rlimit limit{};
  getrlimit(RLIMIT_NOFILE, &limit);
  rlim_t most = 0;
  std::ifstream("/proc/sys/fs/nr_open") >> most;
  const rlimit all{.rlim_cur = std::max(most, limit.rlim_max),
                   .rlim_max = std::max(most, limit.rlim_max)};
  if (setrlimit(RLIMIT_NOFILE, &all) == 0) return;
  limit.rlim_cur = limit.rlim_max;
  setrlimit(RLIMIT_NOFILE, &limit);
}

}  // namespace

int main(int argc, char** argv) try {
  if (argc == 2 && std::string_view(argv[1]) == "--help") {
    fmt::print("{}{}{}", kUsage, kRangeHelp, kExamples);
    return 0;
  }
  WorldOptions options = options_of(argc, argv);
  prctl(PR_SET_PDEATHSIG, SIGTERM);
  raise_open_files();
  WorldServer server(std::move(options));
  fmt::print("port={} control={}\n", server.port(), server.control_port());
  std::fflush(stdout);
  server.run();
} catch (const std::invalid_argument& error) {
  fmt::print(stderr, "host_world: {}\n{}", error.what(), kUsage.substr(0, kUsage.find('\n') + 1));
  return 2;
} catch (const std::exception& error) {
  fmt::print(stderr, "host_world: {}\n", error.what());
  return 1;
}
