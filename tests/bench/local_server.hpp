// A server in a child process, so that its CPU is not counted as ours. It ends with us.
#pragma once

#include <netinet/in.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <csignal>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>

#include "bench/bench.hpp"

namespace weft::bench {

struct Listener {
  int fd;
  std::string url;
};

inline Listener listen_here() {
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

inline bool send_all(int fd, std::string_view bytes) {
  while (!bytes.empty()) {
    const auto sent = send(fd, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
  return true;
}

// `answer(fd)` answers one request that has been read (in one piece) from a connection, and
// says whether to read on. REQUIRES: called before there are threads.
template <class Answer>
std::string local_server(Answer answer) {
  const Listener listener = listen_here();
  const pid_t parent = getpid();
  if (fork() == 0) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    while (getppid() == parent) {
      const int client = accept4(listener.fd, nullptr, nullptr, SOCK_CLOEXEC);
      if (client < 0) continue;
      std::thread([client, answer] {
        char request[4096];
        while (recv(client, request, sizeof request, 0) > 0 && answer(client)) {
        }
        close(client);
      }).detach();
    }
    _exit(0);
  }
  close(listener.fd);
  return listener.url;
}

inline double cpu_seconds() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  const auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

}  // namespace weft::bench
