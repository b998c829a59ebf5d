// Questions to the name servers by c-ares, hundreds at once over a few sockets.
//
// c-ares reads resolv.conf for servers, search domains and options. It does not read /etc/hosts:
// it would read the whole file for every name (name_sources.hpp).
//
// Threads: one thread calls everything, once it has been constructed.
#pragma once

#include <ares.h>

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "weft/base/fd.hpp"
#include "weft/net/resolver.hpp"

namespace weft {

enum class Family : std::uint8_t { v4, both };

// What the machine can reach by its own addresses: as getaddrinfo's AI_ADDRCONFIG.
Family family_of_machine();

struct DnsReply {
  enum class Kind : std::uint8_t { found, no_name, no_address, failed };
  std::uint64_t token = 0;
  Family family = Family::both;
  Kind kind = Kind::failed;
  Resolution resolution{};
};

class DnsChannel {
 public:
  struct Config {
    std::string servers;  // as parse_dns_servers gives it; empty: those of resolv.conf
    std::string resolv_conf;
    int wake_fd = -1;  // ends a wait() when it is readable
  };

  explicit DnsChannel(const Config& config);
  DnsChannel(const DnsChannel&) = delete;
  DnsChannel& operator=(const DnsChannel&) = delete;
  ~DnsChannel();

  // Sends the question. Exactly one reply with `token` comes out of take_replies(), in seconds
  // at most, unless the channel is destroyed first.
  void ask(std::uint64_t token, const std::string& host, Family family);

  // Waits at most `longest` for a socket, a timer of c-ares or wake_fd, and lets c-ares work.
  void wait(std::chrono::nanoseconds longest);

  std::vector<DnsReply> take_replies();

 private:
  // c-ares reads real time, so its timers are real time too.
  using RealTime = std::chrono::steady_clock;
  struct Call;
  struct ChannelEnd {
    void operator()(ares_channel channel) const noexcept { ares_destroy(channel); }
  };

  static void on_socket(void* self, ares_socket_t fd, int readable, int writable) noexcept;
  static void on_answer(void* call, int status, int timeouts, ares_addrinfo* answer) noexcept;
  void run_timers();

  const Fd epoll_;
  RealTime::time_point next_timer_ = RealTime::time_point::max();  // never later than c-ares' own
  std::vector<DnsReply> replies_;
  bool closing_ = false;
  std::unique_ptr<ares_channeldata, ChannelEnd> channel_;  // last: its end calls back
};

}  // namespace weft
