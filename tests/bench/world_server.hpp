// The server of host_world: one thread, one epoll, every address of 127.0.0.0/8.
//
//   WorldServer server({.port = 8100, .control = 8101, .ranges = ranges});
//   server.run();
//
// A connection is of the host whose address it came to (getsockname), and serves one request
// after the other. What is to happen later (an answer that is delayed, the next byte of a drip)
// stands in one heap; nothing sleeps.
//
// Threads: one owner calls everything.
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <queue>
#include <string>
#include <string_view>
#include <vector>

#include "bench/world_counts.hpp"
#include "bench/world_pages.hpp"
#include "bench/world_range.hpp"

namespace weft::bench {

struct WorldOptions {
  std::uint16_t port = 0;     // 0: the system's choice
  std::uint16_t control = 0;  // on 127.0.0.1
  std::vector<HostRange> ranges;
};

class WorldServer {
 public:
  // Throws std::system_error where it cannot listen.
  explicit WorldServer(WorldOptions options);
  ~WorldServer();
  WorldServer(const WorldServer&) = delete;
  WorldServer& operator=(const WorldServer&) = delete;

  std::uint16_t port() const { return port_; }
  std::uint16_t control_port() const { return control_port_; }

  // For ever. SIGUSR1 prints the hosts' counts to standard output.
  [[noreturn]] void run();

 private:
  enum class State : std::uint8_t {
    reading,   // a request
    delayed,   // its answer waits for its moment
    sending,   // an answer
    dripping,  // a byte at a time, for ever
    mute,      // says nothing more
  };

  struct Connection {
    int fd = -1;
    std::uint64_t number = 0;           // no other connection has it
    const WorldPages* pages = nullptr;  // none: the control port's
    const HostRange* range = nullptr;
    HostCounts* counts = nullptr;
    State state = State::reading;
    bool wants_out = false;   // epoll has been asked for EPOLLOUT
    bool ends_after = false;  // closed once the answer has been sent
    bool head_only = false;   // of an answer to HEAD
    std::string in;
    Answer out;
    std::size_t piece = 0;              // of `out`: 0 its start, then each block, then its end
    std::size_t offset = 0;             // within the piece
    std::optional<std::uint64_t> page;  // that `out` is
  };

  struct Due {
    Moment at;
    int fd;
    std::uint64_t number;  // of the connection; it may have gone
    friend bool operator>(const Due& a, const Due& b) { return a.at > b.at; }
  };

  int listen_on(std::uint32_t address, std::uint16_t port, std::uint16_t& got);
  void watch(int fd, std::uint32_t events, int operation);
  void accept_all(int listener);
  void adopt(int fd);
  void adopt_control(int fd);
  Connection& add(int fd);
  void on_event(int fd, std::uint32_t events);
  void on_signal();
  int run_due();  // milliseconds until the next is due; -1: nothing is
  void on_due(Connection& connection);
  void later(const Connection& connection, std::chrono::nanoseconds wait);

  bool receive(Connection& connection);  // false: the other side has gone
  void read_request(Connection& connection);
  void answer(Connection& connection, std::string_view target);
  void misbehave(Connection& connection);
  void answer_control(Connection& connection, std::string_view target);
  void start_sending(Connection& connection);
  void send_some(Connection& connection);
  void sent_all(Connection& connection);
  void close(Connection& connection);

  const std::vector<HostRange> ranges_;
  std::deque<WorldPages> pages_;  // one for each range
  WorldCounts counts_;

  int epoll_ = -1;
  int signals_ = -1;
  int listener_ = -1;
  int control_ = -1;
  std::uint16_t port_ = 0;
  std::uint16_t control_port_ = 0;

  Moment now_{};  // of this round of events
  std::uint64_t accepted_ = 0;
  std::vector<std::unique_ptr<Connection>> connections_;  // by descriptor
  std::priority_queue<Due, std::vector<Due>, std::greater<>> due_;
};

}  // namespace weft::bench
