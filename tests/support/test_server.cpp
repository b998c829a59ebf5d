#include "support/test_server.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <stdexcept>
#include <system_error>

#include "weft/base/text.hpp"

namespace weft::test {

namespace {

constexpr std::size_t kMaxHead = 64 * 1024;

[[noreturn]] void fail_with(const char* what) {
  throw std::system_error(errno, std::generic_category(), what);
}

Behaviour answer_from(std::map<std::string, Behaviour> table) {
  return [table = std::move(table)](Connection& connection, const RequestHead& head) {
    const auto found = table.find(head.target);
    if (found != table.end()) return found->second(connection, head);
    status(404, "no such page")(connection, head);
  };
}

// REQUIRES: `text` ends with the blank line.
RequestHead parse_head(std::string_view text) {
  RequestHead head;
  const auto next_line = [&text] {
    const std::size_t end = std::min(text.find("\r\n"), text.size());
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 2, text.size()));
    return line;
  };
  const std::string_view request = next_line();
  const std::size_t first = std::min(request.find(' '), request.size());
  const std::size_t second = std::min(request.find(' ', first + 1), request.size());
  head.method = request.substr(0, first);
  head.target = request.substr(std::min(first + 1, second), second - std::min(first + 1, second));
  for (std::string_view line = next_line(); !line.empty(); line = next_line()) {
    const std::size_t colon = std::min(line.find(':'), line.size());
    head.headers.emplace_back(to_lower(line.substr(0, colon)),
                              trim(line.substr(std::min(colon + 1, line.size()))));
  }
  return head;
}

}  // namespace

std::optional<std::string> RequestHead::get(std::string_view lower_name) const {
  for (const auto& [name, value] : headers) {
    if (name == lower_name) return value;
  }
  return std::nullopt;
}

Connection::Connection(int fd, int number) : number_(number), fd_(fd) {}

Connection::~Connection() { close(); }

bool Connection::send(std::string_view bytes) {
  while (!bytes.empty()) {
    int fd = -1;
    {
      const std::scoped_lock lock(mutex_);
      if (stopping_ || fd_ < 0) return false;
      fd = fd_;
    }
    const ssize_t sent = ::send(fd, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent < 0 && errno == EINTR) continue;
    if (sent <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
  return true;
}

void Connection::close() {
  const std::scoped_lock lock(mutex_);
  if (fd_ >= 0) ::close(fd_);
  fd_ = -1;
}

void Connection::reset() {
  const std::scoped_lock lock(mutex_);
  if (fd_ < 0) return;
  const linger at_once{.l_onoff = 1, .l_linger = 0};
  setsockopt(fd_, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
  ::close(fd_);
  fd_ = -1;
}

bool Connection::wait(std::chrono::nanoseconds duration) {
  std::unique_lock lock(mutex_);
  return !stopped_.wait_for(lock, duration, [this] { return stopping_; });
}

void Connection::wait_for_end() {
  pollfd end{};
  {
    const std::scoped_lock lock(mutex_);
    if (fd_ < 0) return;
    end = {.fd = fd_, .events = POLLRDHUP, .revents = 0};
  }
  while (poll(&end, 1, -1) < 0 && errno == EINTR) {
  }
}

// Shuts the socket down, so that whatever its thread waits for comes to an end. The
// descriptor stays its thread's to close.
void Connection::stop() {
  {
    const std::scoped_lock lock(mutex_);
    stopping_ = true;
    if (fd_ >= 0) shutdown(fd_, SHUT_RDWR);
  }
  stopped_.notify_all();
}

bool Connection::read_head(RequestHead& head) {
  while (true) {
    const std::size_t end = buffer_.find("\r\n\r\n");
    if (end != std::string::npos) {
      head = parse_head(std::string_view(buffer_).substr(0, end + 4));
      buffer_.erase(0, end + 4);
      return true;
    }
    if (buffer_.size() > kMaxHead) return false;
    int fd = -1;
    {
      const std::scoped_lock lock(mutex_);
      if (stopping_ || fd_ < 0) return false;
      fd = fd_;
    }
    char bytes[4096];
    const ssize_t got = ::recv(fd, bytes, sizeof bytes, 0);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return false;
    buffer_.append(bytes, static_cast<std::size_t>(got));
    if (!is_ascii_alpha(buffer_.front())) return false;
  }
}

TestServer::TestServer(Table table, std::string address)
    : TestServer(answer_from({table.begin(), table.end()}), std::move(address)) {}

TestServer::TestServer(Behaviour behaviour, std::string address)
    : address_(std::move(address)), behaviour_(std::move(behaviour)) {
  listen_on(address_);
  acceptor_ = std::thread([this] { accept_all(); });
}

TestServer::~TestServer() {
  {
    const std::scoped_lock lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
  shutdown(listener_, SHUT_RDWR);
  acceptor_.join();
  for (Worker& worker : workers_) worker.connection->stop();
  join_finished(true);
  ::close(listener_);
}

void TestServer::listen_on(const std::string& address) {
  const bool v6 = address.find(':') != std::string::npos;
  sockaddr_in v4_name{};
  sockaddr_in6 v6_name{};
  v4_name.sin_family = AF_INET;
  v6_name.sin6_family = AF_INET6;
  if ((v6 ? inet_pton(AF_INET6, address.c_str(), &v6_name.sin6_addr)
          : inet_pton(AF_INET, address.c_str(), &v4_name.sin_addr)) != 1) {
    throw std::invalid_argument("not an address: " + address);
  }
  auto* name = v6 ? reinterpret_cast<sockaddr*>(&v6_name) : reinterpret_cast<sockaddr*>(&v4_name);
  socklen_t size = v6 ? sizeof v6_name : sizeof v4_name;
  listener_ = socket(name->sa_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (listener_ < 0) fail_with("socket");
  if (bind(listener_, name, size) != 0) fail_with("bind");
  if (listen(listener_, 128) != 0) fail_with("listen");
  if (getsockname(listener_, name, &size) != 0) fail_with("getsockname");
  port_ = ntohs(v6 ? v6_name.sin6_port : v4_name.sin_port);
}

void TestServer::accept_all() {
  while (wait_for_room()) {
    const int fd = accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (fd < 0 && (errno == EINTR || errno == ECONNABORTED)) continue;
    const std::scoped_lock lock(mutex_);
    if (fd < 0) return;
    const int on = 1;
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    Worker& worker = workers_.emplace_back();
    worker.connection = std::make_unique<Connection>(fd, ++accepted_);
    worker.thread = std::thread([this, &connection = *worker.connection] { serve(connection); });
  }
}

// False when the server is being destroyed.
bool TestServer::wait_for_room() {
  while (true) {
    join_finished(false);
    std::unique_lock lock(mutex_);
    if (stopping_) return false;
    if (workers_.size() < kMaxConnections) return true;
    changed_.wait(lock);
  }
}

void TestServer::serve(Connection& connection) {
  RequestHead head;
  while (connection.read_head(head)) {
    {
      const std::scoped_lock lock(mutex_);
      requests_.push_back({head, std::chrono::steady_clock::now(), connection.number_});
      most_ = std::max(most_, ++answering_);
    }
    changed_.notify_all();
    behaviour_(connection, head);
    const std::scoped_lock lock(mutex_);
    --answering_;
  }
  connection.close();
  {
    const std::scoped_lock lock(mutex_);
    connection.done_ = true;
  }
  changed_.notify_all();
}

// Joins the threads of connections that have ended (or of all, and then waits for them).
void TestServer::join_finished(bool all) {
  std::list<Worker> finished;
  {
    const std::scoped_lock lock(mutex_);
    for (auto worker = workers_.begin(); worker != workers_.end();) {
      const auto next = std::next(worker);
      if (all || worker->connection->done_) finished.splice(finished.end(), workers_, worker);
      worker = next;
    }
  }
  for (Worker& worker : finished) worker.thread.join();
}

std::string TestServer::url(std::string_view target) const {
  const bool v6 = address_.find(':') != std::string::npos;
  return "http://" + (v6 ? "[" + address_ + "]" : address_) + ":" + std::to_string(port_) +
         std::string(target);
}

std::vector<SeenRequest> TestServer::requests() const {
  const std::scoped_lock lock(mutex_);
  return requests_;
}

void TestServer::wait_for_requests(std::size_t count) const {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [&] { return requests_.size() >= count; });
}

int TestServer::connections() const {
  const std::scoped_lock lock(mutex_);
  return accepted_;
}

int TestServer::most_at_once() const {
  const std::scoped_lock lock(mutex_);
  return most_;
}

}  // namespace weft::test
