// Names to addresses: a few threads, one look-up per name in flight, answers kept.
//
// Threads: every method may be called from any thread; callbacks run on a resolver
//          thread (or on the caller's, when the answer is at hand) and must only
//          hand the answer over.
// Ownership: destroying it waits for look-ups under way to return.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "weft/base/clock.hpp"
#include "weft/base/result.hpp"
#include "weft/net/address.hpp"

namespace weft {

struct ResolverConfig {
  int threads = 4;
  Clock::duration ttl = std::chrono::minutes(5);
  Clock::duration negative_ttl = std::chrono::seconds(30);
  std::size_t max_entries = 100'000;
};

using Addresses = std::vector<IpAddress>;  // in the order they should be tried
struct Resolution {
  Addresses addresses{};   // empty: failed
  std::string error{};     // for people
  bool retryable = false;  // EAI_AGAIN, timeout: yes; no such name: no
};

class Resolver {
 public:
  using Callback = std::function<void(std::shared_ptr<const Resolution>)>;
  using Lookup = std::function<Resolution(const std::string& host)>;  // may block

  // `lookup` is getaddrinfo unless a test gives its own. `clock` must outlive this.
  explicit Resolver(const ResolverConfig& config, const Clock& clock,
                    Lookup lookup = system_lookup);
  ~Resolver();

  // `host` as Url::host() has it; addresses answer themselves at once.
  void resolve(std::string_view host, Callback done);

  static Resolution system_lookup(const std::string& host);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace weft
