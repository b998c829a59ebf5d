#include "bench/world_server.hpp"

#include <fmt/core.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <system_error>

namespace weft::bench {

namespace {

constexpr std::size_t kMaxHead = 64 * 1024;
// Sent to one connection before the others have their turn, so that large answers do not hold up
// small ones here: it is the client's fairness that is measured.
constexpr std::size_t kTurn = 128 * 1024;

[[noreturn]] void fail_with(const char* what) {
  throw std::system_error(errno, std::generic_category(), what);
}

std::string_view piece_of(const Answer& answer, std::size_t piece) {
  if (piece == 0) return answer.start;
  return piece <= answer.repeat ? answer.block : std::string_view(answer.end);
}

std::size_t pieces_of(const Answer& answer) { return answer.repeat + 2; }

}  // namespace

WorldServer::WorldServer(WorldOptions options)
    : ranges_(std::move(options.ranges)), counts_(ranges_) {
  for (const HostRange& range : ranges_) pages_.emplace_back(range);
  epoll_ = epoll_create1(EPOLL_CLOEXEC);
  if (epoll_ < 0) fail_with("epoll_create1");
  listener_ = listen_on(INADDR_ANY, options.port, port_);
  control_ = listen_on(INADDR_LOOPBACK, options.control, control_port_);

  sigset_t wanted;
  sigemptyset(&wanted);
  sigaddset(&wanted, SIGUSR1);
  sigprocmask(SIG_BLOCK, &wanted, nullptr);
  signals_ = signalfd(-1, &wanted, SFD_CLOEXEC | SFD_NONBLOCK);
  if (signals_ < 0) fail_with("signalfd");
  watch(signals_, EPOLLIN, EPOLL_CTL_ADD);
}

WorldServer::~WorldServer() {
  for (const auto& connection : connections_) {
    if (connection != nullptr) ::close(connection->fd);
  }
  for (const int fd : {listener_, control_, signals_, epoll_}) ::close(fd);
}

int WorldServer::listen_on(std::uint32_t address, std::uint16_t port, std::uint16_t& got) {
  const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (fd < 0) fail_with("socket");
  const int on = 1;
  setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  sockaddr_in name{};
  name.sin_family = AF_INET;
  name.sin_addr.s_addr = htonl(address);
  name.sin_port = htons(port);
  socklen_t size = sizeof name;
  auto* const any = reinterpret_cast<sockaddr*>(&name);
  if (bind(fd, any, size) != 0) fail_with("bind");
  if (listen(fd, 4096) != 0) fail_with("listen");
  if (getsockname(fd, any, &size) != 0) fail_with("getsockname");
  got = ntohs(name.sin_port);
  watch(fd, EPOLLIN, EPOLL_CTL_ADD);
  return fd;
}

void WorldServer::watch(int fd, std::uint32_t events, int operation) {
  epoll_event event{.events = events, .data = {.fd = fd}};
  if (epoll_ctl(epoll_, operation, fd, &event) != 0) fail_with("epoll_ctl");
}

void WorldServer::run() {
  std::array<epoll_event, 512> events{};
  while (true) {
    now_ = std::chrono::steady_clock::now();
    const int wait = run_due();
    const int count = epoll_wait(epoll_, events.data(), static_cast<int>(events.size()), wait);
    if (count < 0 && errno != EINTR) fail_with("epoll_wait");
    now_ = std::chrono::steady_clock::now();
    for (int i = 0; i < count; ++i) on_event(events[i].data.fd, events[i].events);
  }
}

void WorldServer::on_event(int fd, std::uint32_t events) {
  if (fd == listener_ || fd == control_) return accept_all(fd);
  if (fd == signals_) return on_signal();
  // It may have gone in this round of events.
  if (static_cast<std::size_t>(fd) >= connections_.size() || connections_[fd] == nullptr) return;
  Connection& connection = *connections_[fd];
  if ((events & (EPOLLERR | EPOLLHUP)) != 0) return close(connection);
  if ((events & EPOLLIN) != 0) {
    if (!receive(connection)) return close(connection);
    // Closes where it ends the connection, so it is the last thing done to it.
    if (connection.state == State::reading) return read_request(connection);
  }
  if ((events & EPOLLOUT) != 0 && connection.state == State::sending) send_some(connection);
}

void WorldServer::on_signal() {
  signalfd_siginfo info{};
  while (read(signals_, &info, sizeof info) == static_cast<ssize_t>(sizeof info)) {
    fmt::print("{}", counts_.hosts_tsv());
    std::fflush(stdout);
  }
}

// ---- Connections ----

void WorldServer::accept_all(int listener) {
  // Not all that wait: those that are here have their turn too.
  for (int i = 0; i < 64; ++i) {
    const int fd = accept4(listener, nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK);
    if (fd < 0 && (errno == EINTR || errno == ECONNABORTED)) continue;
    if (fd < 0 && errno != EAGAIN) fail_with("accept");
    if (fd < 0) return;
    listener == control_ ? adopt_control(fd) : adopt(fd);
  }
}

WorldServer::Connection& WorldServer::add(int fd) {
  if (static_cast<std::size_t>(fd) >= connections_.size()) connections_.resize(fd + 1);
  connections_[fd] = std::make_unique<Connection>();
  connections_[fd]->fd = fd;
  connections_[fd]->number = ++accepted_;
  watch(fd, EPOLLIN, EPOLL_CTL_ADD);
  return *connections_[fd];
}

void WorldServer::adopt(int fd) {
  sockaddr_in name{};
  socklen_t size = sizeof name;
  if (getsockname(fd, reinterpret_cast<sockaddr*>(&name), &size) != 0) fail_with("getsockname");
  const std::uint32_t address = ntohl(name.sin_addr.s_addr);
  const auto range =
      std::ranges::find_if(ranges_, [&](const HostRange& one) { return one.has(address); });
  const auto reset = [fd] {
    const linger at_once{.l_onoff = 1, .l_linger = 0};
    setsockopt(fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
    ::close(fd);
  };
  if (range == ranges_.end()) return reset();
  const auto number = static_cast<std::size_t>(range - ranges_.begin());
  HostCounts& counts = counts_.of(address, number);
  counts.opened();
  if (range->kind == Kind::refuse && range->well == Well::nothing) {
    counts.closed();
    return reset();
  }
  const int on = 1;
  setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  Connection& connection = add(fd);
  connection.pages = &pages_[number];
  connection.range = &*range;
  connection.counts = &counts;
}

void WorldServer::adopt_control(int fd) { add(fd); }

void WorldServer::close(Connection& connection) {
  if (connection.counts != nullptr) connection.counts->closed();
  ::close(connection.fd);
  connections_[connection.fd].reset();
}

// ---- Later ----

void WorldServer::later(const Connection& connection, std::chrono::nanoseconds wait) {
  due_.push({.at = now_ + wait, .fd = connection.fd, .number = connection.number});
}

int WorldServer::run_due() {
  while (!due_.empty() && due_.top().at <= now_) {
    const Due due = due_.top();
    due_.pop();
    Connection* const connection = connections_[due.fd].get();
    if (connection != nullptr && connection->number == due.number) on_due(*connection);
  }
  if (due_.empty()) return -1;
  // Rounded up: a wait that ends too early would only be begun again.
  const auto wait = std::chrono::ceil<std::chrono::milliseconds>(due_.top().at - now_);
  return static_cast<int>(std::min<std::int64_t>(wait.count(), 1000));
}

void WorldServer::on_due(Connection& connection) {
  if (connection.state == State::delayed) return start_sending(connection);
  if (connection.state != State::dripping) return;
  if (::send(connection.fd, "a", 1, MSG_NOSIGNAL) != 1 && errno != EAGAIN) return close(connection);
  later(connection, connection.range->gap);
}

// ---- Requests ----

bool WorldServer::receive(Connection& connection) {
  std::array<char, 16 * 1024> bytes;  // recv fills it, so it is not cleared first
  const ssize_t got = recv(connection.fd, bytes.data(), bytes.size(), 0);
  if (got < 0) return errno == EAGAIN || errno == EINTR;
  if (got == 0 || connection.in.size() > kMaxHead) return false;
  connection.in.append(bytes.data(), static_cast<std::size_t>(got));
  return true;
}

void WorldServer::read_request(Connection& connection) {
  const std::size_t end = connection.in.find("\r\n\r\n");
  if (end == std::string::npos) return;
  const std::string head = connection.in.substr(0, end);
  connection.in.erase(0, end + 4);
  connection.head_only = head.starts_with("HEAD ");
  const std::size_t begin = std::min(head.find(' '), head.size() - 1) + 1;
  const std::string_view target =
      std::string_view(head).substr(begin, head.find(' ', begin) - begin);
  if (connection.pages == nullptr) return answer_control(connection, target);
  answer(connection, target);
}

void WorldServer::answer(Connection& connection, std::string_view target) {
  const HostRange& range = *connection.range;
  const bool for_robots = target == "/robots.txt";
  connection.counts->asked(now_, for_robots);
  connection.page = std::nullopt;
  connection.ends_after = range.close;
  const bool well =
      for_robots ? range.well != Well::nothing : target == "/" && range.well == Well::index;
  if (for_robots && well) {
    connection.out = connection.pages->robots();
  } else if (!well && (range.kind == Kind::silent || range.kind == Kind::drip ||
                       range.kind == Kind::dripheader || range.kind == Kind::refuse)) {
    return misbehave(connection);
  } else {
    connection.page = connection.pages->page_of(target);
    connection.out = !connection.page ? connection.pages->not_found()
                     : well           ? connection.pages->plain_page(*connection.page)
                                      : connection.pages->page(*connection.page);
  }
  if (range.delay == std::chrono::nanoseconds{0}) return start_sending(connection);
  connection.state = State::delayed;
  later(connection, range.delay);
}

void WorldServer::misbehave(Connection& connection) {
  if (connection.range->kind == Kind::refuse) return close(connection);
  connection.state = State::mute;
  if (connection.range->kind == Kind::silent) return;
  const std::string begin = connection.range->kind == Kind::drip ? connection.pages->dripping_head()
                                                                 : "HTTP/1.1 200 OK\r\nX-Drip: ";
  ::send(connection.fd, begin.data(), begin.size(), MSG_NOSIGNAL);
  connection.state = State::dripping;
  later(connection, connection.range->gap);
}

void WorldServer::answer_control(Connection& connection, std::string_view target) {
  const std::string body = target == "/hosts" ? counts_.hosts_tsv() : counts_.ranges_tsv();
  connection.out = {.start = fmt::format("HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n"
                                         "Connection: close\r\nContent-Length: {}\r\n\r\n{}",
                                         body.size(), body)};
  connection.ends_after = true;
  start_sending(connection);
}

// ---- Answers ----

void WorldServer::start_sending(Connection& connection) {
  connection.state = State::sending;
  connection.piece = connection.offset = 0;
  if (connection.head_only) {
    connection.out.start.resize(connection.out.start.find("\r\n\r\n") + 4);
    connection.out.repeat = 0;
    connection.out.end.clear();
  }
  send_some(connection);
}

void WorldServer::send_some(Connection& connection) {
  const Answer& out = connection.out;
  for (std::size_t turn = 0; turn < kTurn && connection.piece < pieces_of(out);) {
    std::array<iovec, 32> parts{};
    std::size_t count = 0;
    for (std::size_t piece = connection.piece; piece < pieces_of(out) && count < parts.size();
         ++piece) {
      std::string_view text = piece_of(out, piece);
      if (piece == connection.piece) text.remove_prefix(connection.offset);
      parts[count++] = {.iov_base = const_cast<char*>(text.data()), .iov_len = text.size()};
    }
    msghdr message{};
    message.msg_iov = parts.data();
    message.msg_iovlen = count;
    const ssize_t sent = sendmsg(connection.fd, &message, MSG_NOSIGNAL);
    if (sent < 0 && errno == EINTR) continue;
    if (sent < 0 && errno != EAGAIN) return close(connection);
    if (sent < 0) break;
    turn += static_cast<std::size_t>(sent);
    connection.offset += static_cast<std::size_t>(sent);
    while (connection.piece < pieces_of(out) &&
           connection.offset >= piece_of(out, connection.piece).size()) {
      connection.offset -= piece_of(out, connection.piece++).size();
    }
  }
  if (connection.piece == pieces_of(out)) return sent_all(connection);
  if (connection.wants_out) return;
  connection.wants_out = true;
  watch(connection.fd, EPOLLIN | EPOLLOUT, EPOLL_CTL_MOD);
}

void WorldServer::sent_all(Connection& connection) {
  if (connection.page) connection.counts->sent(*connection.page, now_);
  if (connection.ends_after) return close(connection);
  if (connection.wants_out) watch(connection.fd, EPOLLIN, EPOLL_CTL_MOD);
  connection.wants_out = false;
  connection.state = State::reading;
  if (!connection.in.empty()) read_request(connection);
}

}  // namespace weft::bench
