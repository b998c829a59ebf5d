// A name server on a loopback port that knows what a test says, and counts what it is asked.
//
//   DnsServer server([](const std::string& name) -> DnsAnswer { return {.addresses =
//   {"127.0.0.1"}}; }); server.address()  // "127.0.0.1:PORT", as --dns-servers takes it
//
// UDP, and TCP on the same port for answers that are truncated.
//
// Threads: every method may be called from any thread; the table is asked on the server's own.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "weft/base/fd.hpp"

namespace weft::test {

struct DnsAnswer {
  enum class Kind : std::uint8_t { found, no_name, server_failure, refused, silence };
  std::vector<std::string> addresses{};  // IPv4 and IPv6; none of a family: no data of it
  Kind kind = Kind::found;
  std::uint32_t ttl = 300;
  std::chrono::milliseconds delay{0};
  bool truncated = false;  // over UDP; whole over TCP
  bool silent_v6 = false;  // no answer to a question for IPv6
};

class DnsServer {
 public:
  using Table = std::function<DnsAnswer(const std::string& name)>;

  explicit DnsServer(Table table);
  DnsServer(const DnsServer&) = delete;
  DnsServer& operator=(const DnsServer&) = delete;
  ~DnsServer();

  std::string address() const;

  // Answers are kept back from hold() to release(); questions are counted all the same.
  void hold();
  void release();

  // Questions for IPv4. One that is sent again, with the same number, counts once.
  int asked(const std::string& name) const;
  std::size_t names() const;  // different ones, so far
  void wait_until_asked(const std::string& name, int times = 1) const;
  void wait_for_names(std::size_t count) const;

 private:
  struct Question {
    std::string bytes{};  // as received
    std::string name{};   // in lower case
    std::uint16_t type = 0;
    std::size_t end = 0;  // of the question in `bytes`
  };
  using Time = std::chrono::steady_clock::time_point;
  struct Late {
    std::string to;  // as the kernel has it
    std::string reply;
  };

  void run();
  void read_datagrams();
  void serve_tcp();
  void send_due(Time now);
  int poll_timeout(Time now) const;
  static bool parse(std::string bytes, Question& question);
  static std::string reply_to(const Question& question, const DnsAnswer& answer, bool tcp);
  void count(const Question& question);
  int counted(const std::string& name) const;  // REQUIRES: mutex_
  bool held() const;

  const Table table_;
  Fd udp_{-1};
  Fd tcp_{-1};
  const Fd wake_;
  std::uint16_t port_ = 0;
  std::multimap<Time, Late> late_;  // of the server's thread

  mutable std::mutex mutex_;
  mutable std::condition_variable changed_;
  bool held_ = false;
  bool closing_ = false;
  std::map<std::string, std::set<std::uint16_t>> asked_;  // the questions' numbers
  std::thread thread_;
};

}  // namespace weft::test
