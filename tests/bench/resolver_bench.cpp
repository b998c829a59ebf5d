// Names to addresses, when looking up itself costs nothing: what the cache and the threads
// take of each transfer's time.
#include <semaphore>
#include <string>
#include <vector>

#include "bench/bench.hpp"
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

}  // namespace

int main() {
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
