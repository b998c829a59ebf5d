// Names to addresses: hundreds of questions to the name servers at once, one for each name,
// answers kept as long as they say they hold.
//
// Names of /etc/hosts, `localhost`, and what /etc/nsswitch.conf has modules for besides are asked
// of getaddrinfo, on a few threads that exist only when there are such names.
//
// Threads: every method may be called from any thread. Callbacks run on the resolver's thread
//          (on the caller's, when the answer is at hand), with no lock held; they may resolve
//          further names, and must not block.
// Ownership: destroying it waits for calls of getaddrinfo under way to return.
// Invariant: every callback is called exactly once.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "weft/base/clock.hpp"
#include "weft/base/result.hpp"
#include "weft/net/address.hpp"

namespace weft {

using Addresses = std::vector<IpAddress>;  // in the order they should be tried

struct Resolution {
  Addresses addresses{};   // empty: failed
  std::string error{};     // for people
  bool retryable = false;  // no answer, a server's failure: yes; no such name: no
  // How long it holds; nothing: as ResolverConfig has it.
  std::optional<Clock::duration> ttl{};
  Clock::duration took{};  // since the question was sent
};

// "192.0.2.1,192.0.2.2:5353,[2001:db8::1]:53", as ResolverConfig::dns_servers has them.
Result<std::string> parse_dns_servers(std::string_view list);

struct ResolverConfig {
  using Lookup = std::function<Resolution(const std::string& host)>;  // may block

  // Those who ask have a failure, which is retryable, after so long without an answer, from when
  // the question was sent. An answer that comes later is kept. 0: they wait for whatever comes.
  Clock::duration timeout = std::chrono::seconds(10);
  std::string dns_servers{};  // empty: those of resolv.conf

  // Questions under way at once: those younger than a second, and all. A name that nobody
  // answers for thus delays no other; the rest waits its turn, unsent.
  std::size_t most_young = 1024;
  std::size_t most_asked = 4096;

  int threads = 4;  // at most, for names asked of the system
  // How long answers are kept. What a name server says of it holds from 5 s to an hour.
  Clock::duration ttl = std::chrono::minutes(5);  // of addresses by the system, which does not say
  Clock::duration negative_ttl = std::chrono::seconds(30);
  Clock::duration retryable_ttl = std::chrono::seconds(5);  // of failures that are retryable
  std::size_t max_entries = 100'000;

  // The machine's own, unless a test has others.
  std::string hosts_file = "/etc/hosts";
  std::string nsswitch_conf = "/etc/nsswitch.conf";  // empty: no modules besides
  std::string resolv_conf = "/etc/resolv.conf";
  Lookup system{};  // empty: getaddrinfo
};

class Resolver {
 public:
  using Callback = std::function<void(std::shared_ptr<const Resolution>)>;
  using Lookup = ResolverConfig::Lookup;

  // `clock` must outlive this.
  Resolver(const ResolverConfig& config, const Clock& clock);
  // Asks `lookup` for every name, and no name server: for tests.
  Resolver(const ResolverConfig& config, const Clock& clock, Lookup lookup);
  ~Resolver();

  // `host` as Url::host() has it; addresses answer themselves at once. To have an answer at hand
  // later, ask ahead with a callback that does nothing.
  void resolve(std::string_view host, Callback done);

  static Resolution system_lookup(const std::string& host);

 private:
  class State;
  std::unique_ptr<State> state_;
};

}  // namespace weft
