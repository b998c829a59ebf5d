// A curl multi handle driven by its socket interface and level-triggered epoll: the
// cost of a round is the number of sockets that have something to say.
//
// libcurl takes a socket out at the end of each transfer and puts it back for the next
// one on the same connection. The epoll entry is left in place meanwhile, and taken out
// only if the idle connection says something: that saves two system calls a request.
//
// Threads: one thread owns it and calls everything.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <vector>

#include "net/peers.hpp"
#include "net/wire.hpp"
#include "weft/base/fd.hpp"

namespace weft {

class CurlEventLoop {
 public:
  // `wake_fd` ends a poll() when it is readable. At most so many connections are kept idle.
  CurlEventLoop(int wake_fd, std::size_t most_idle);
  CurlEventLoop(const CurlEventLoop&) = delete;
  CurlEventLoop& operator=(const CurlEventLoop&) = delete;

  // `peer` owns the connections that it opens.
  void add(CURL* easy, Peers::Peer& peer);
  void remove(CURL* easy) noexcept;

  Peers& peers() { return peers_; }

  // Closes every connection before libcurl does: it would take leave of an ftp server first, and
  // wait for the answer. The last call. REQUIRES: everything has been removed.
  void hang_up() noexcept;

  // Lets libcurl do what is due now: among it what was just added, which may even end.
  // So look at next_done() before sleeping in poll(): that which has ended wakes nobody.
  void run_due();

  // Waits at most `longest` for a socket, a timer of libcurl's or the wake_fd, and lets
  // libcurl work on whatever is ready.
  void poll(std::chrono::nanoseconds longest);

  // The next transfer that libcurl has done with, if any. Remove it before the next call.
  struct Done {
    CURL* easy;
    CURLcode code;
  };
  std::optional<Done> next_done();

 private:
  // libcurl reads real time, so its timers are real time too.
  using RealTime = std::chrono::steady_clock;

  struct Socket {
    bool in_epoll = false;
    bool watched = false;  // libcurl wants its events now
    std::uint32_t events = 0;
  };

  static int on_socket(CURL* easy, curl_socket_t fd, int what, void* self, void* socket) noexcept;
  static int on_timer(CURLM* multi, long milliseconds, void* self) noexcept;
  static curl_socket_t on_open(void* peer, curlsocktype purpose, curl_sockaddr* address) noexcept;
  static int on_close(void* self, curl_socket_t fd) noexcept;

  Socket& socket(curl_socket_t fd);
  void watch(curl_socket_t fd, std::uint32_t events);
  void dispatch(curl_socket_t fd, std::uint32_t events);

  const Fd epoll_;
  const int wake_fd_;
  std::vector<Socket> sockets_;  // by descriptor
  std::optional<RealTime::time_point> timer_;
  Peers peers_;
  MultiHandle multi_;  // last: its destruction closes sockets through on_close
};

}  // namespace weft
