// Names to addresses: what the cache and the threads take of each transfer's time when looking up
// itself costs nothing, and how many names a second a name server answers that takes 100 ms.
#include <semaphore>
#include <string>
#include <vector>

#include "bench/bench.hpp"
#include "support/dns_server.hpp"
#include "weft/net/resolver.hpp"

using namespace weft;

namespace {

Resolution answer_at_once(const std::string& /*host*/) {
  return {.addresses = {*parse_ip("192.0.2.1")}};
}

template <class Work>
void row(std::string_view name, Work&& work) {
  bench::row(name, 1e9 / bench::per_second(work), "ns");
}

// Living names a second, each asked for the first time; one in `dead_one_in` is never answered,
// and not waited for.
void measure_dns(std::string_view name, std::size_t dead_one_in) {
  constexpr std::size_t kNames = 5'000;
  test::DnsServer server([](const std::string& host) -> test::DnsAnswer {
    if (host.starts_with("dead")) return {.kind = test::DnsAnswer::Kind::silence};
    return {.addresses = {"127.0.0.1"}, .delay = std::chrono::milliseconds(100)};
  });
  const SystemClock clock;
  std::counting_semaphore<> answered(0);
  Resolver resolver(
      {.dns_servers = server.address(), .nsswitch_conf = "", .resolv_conf = "/dev/null"}, clock);
  const auto start = clock.now();
  std::size_t living = 0;
  for (std::size_t i = 0; i < kNames; ++i) {
    const bool dead = dead_one_in > 0 && i % dead_one_in == 0;
    resolver.resolve(fmt::format("{}{}.test", dead ? "dead" : "a", i), [&answered, dead](auto) {
      if (!dead) answered.release();
    });
    living += dead ? 0 : 1;
  }
  for (std::size_t i = 0; i < living; ++i) answered.acquire();
  const std::chrono::duration<double> spent = clock.now() - start;
  bench::row(name, static_cast<double>(living) / spent.count(), "names/s");
}

}  // namespace

int main() {
  measure_dns("5,000 names at 100 ms", 0);
  measure_dns("5,000 names at 100 ms, 10 % dead", 10);

  constexpr std::size_t kNames = 10'000;
  const SystemClock clock;
  Resolver resolver({.max_entries = 10 * kNames}, clock, answer_at_once);
  std::vector<std::string> names;
  for (std::size_t i = 0; i < kNames; ++i) names.push_back(fmt::format("host{}.example.org", i));

  const auto resolve_all = [&](Resolver& with) {
    std::counting_semaphore<> answered(0);
    for (const std::string& name : names) with.resolve(name, [&](auto) { answered.release(); });
    for (std::size_t i = 0; i < kNames; ++i) answered.acquire();
    return kNames;
  };
  row("resolver, a name looked up", [&] {
    Resolver fresh({.max_entries = 10 * kNames}, clock, answer_at_once);
    return resolve_all(fresh);
  });
  resolve_all(resolver);
  row("resolver, a name known", [&] { return resolve_all(resolver); });
  row("resolver, an address", [&] {
    resolver.resolve("192.0.2.7", [](auto answer) { bench::keep(answer); });
    return std::size_t{1};
  });
}
