#include "support/ftp_script.hpp"

#include <fmt/core.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <system_error>
#include <utility>

namespace weft::test {

namespace {

int listen_on_loopback() {
  const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in name{};
  name.sin_family = AF_INET;
  name.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (fd < 0 || ::bind(fd, reinterpret_cast<sockaddr*>(&name), sizeof name) != 0 ||
      ::listen(fd, 16) != 0) {
    throw std::system_error(errno, std::generic_category(), "listen");
  }
  return fd;
}

std::uint16_t port_of(int fd) {
  sockaddr_in name{};
  socklen_t size = sizeof name;
  ::getsockname(fd, reinterpret_cast<sockaddr*>(&name), &size);
  return ntohs(name.sin_port);
}

bool send_all(int fd, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t sent = ::send(fd, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
  return true;
}

}  // namespace

// One control connection.
class FtpScript::Session {
 public:
  Session(FtpScript& server, int control) : server_(server), control_(control) {}

  void run() {
    if (!server_.manners_.greeting.empty()) say(server_.manners_.greeting);
    std::string line;
    while (open_ && read_line(line)) {
      {
        const std::scoped_lock lock(server_.mutex_);
        server_.commands_.push_back(line);
      }
      const std::size_t space = std::min(line.find(' '), line.size());
      answer(line.substr(0, space), line.substr(std::min(space + 1, line.size())));
    }
    server_.let_go(passive_);
  }

 private:
  bool read_line(std::string& line) {
    line.clear();
    char c = 0;
    while (::recv(control_, &c, 1, 0) == 1) {
      if (c == '\n') return true;
      if (c != '\r') line.push_back(c);
    }
    return false;
  }

  void say(const std::string& reply) { open_ = open_ && send_all(control_, reply + "\r\n"); }

  void answer(const std::string& word, const std::string& argument) {
    const FtpManners& manners = server_.manners_;
    if (const auto told = manners.replies.find(word); told != manners.replies.end()) {
      if (!told->second.empty()) say(told->second);
      return;
    }
    if (word == "USER") return say("331 and the password?");
    if (word == "PASS") return say("230 come in");
    if (word == "PWD") return say("257 \"/\" is here");
    if (word == "TYPE") return say("200 so be it");
    if (word == "SIZE") return say(fmt::format("213 {}", manners.file.size()));
    if (word == "MDTM") return say("213 20260102030405");
    if (word == "EPSV") return listen_for_data();
    if (word == "REST") return rest(argument);
    if (word == "RETR") return send_file();
    if (word == "QUIT") {
      say("221 bye");
      open_ = false;
      return;
    }
    say("502 not here");
  }

  void listen_for_data() {
    server_.let_go(passive_);
    passive_ = listen_on_loopback();
    if (!server_.hold(passive_)) open_ = false;
    say(fmt::format("229 come (|||{}|)", port_of(passive_)));
  }

  void rest(const std::string& from) {
    from_ = std::stoul(from);
    say("350 from there");
  }

  void send_file() {
    const FtpManners& manners = server_.manners_;
    const int data = ::accept4(passive_, nullptr, nullptr, SOCK_CLOEXEC);
    if (data < 0 || !server_.hold(data)) {
      open_ = false;
      return;
    }
    say("150 here it comes");
    const auto most = manners.cut ? manners.cut : manners.silent_after;
    const std::string_view rest = std::string_view(manners.file).substr(std::exchange(from_, 0));
    send_all(data, rest.substr(0, most.value_or(rest.size())));
    if (manners.silent_after) {  // until the other side, or the server, has gone
      char c = 0;
      open_ = ::recv(data, &c, 1, 0) > 0;
    }
    server_.let_go(data);
    say(manners.cut ? "426 broken off" : "226 that was it");
  }

  FtpScript& server_;
  const int control_;
  int passive_ = -1;
  std::size_t from_ = 0;
  bool open_ = true;
};

FtpScript::FtpScript(FtpManners manners)
    : manners_(std::move(manners)), listener_(listen_on_loopback()), port_(port_of(listener_)) {
  acceptor_ = std::thread([this] { accept_all(); });
}

FtpScript::~FtpScript() {
  {
    const std::scoped_lock lock(mutex_);
    stopping_ = true;
    ::shutdown(listener_, SHUT_RDWR);
    for (const int fd : held_) ::shutdown(fd, SHUT_RDWR);
  }
  acceptor_.join();
  for (std::thread& thread : threads_) thread.join();
  ::close(listener_);
}

void FtpScript::accept_all() {
  while (true) {
    const int control = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (control < 0) return;
    if (!hold(control)) return let_go(control);
    const int on = 1;
    ::setsockopt(control, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    const std::scoped_lock lock(mutex_);
    ++accepted_;
    threads_.emplace_back([this, control] {
      Session(*this, control).run();
      let_go(control);
    });
  }
}

bool FtpScript::hold(int fd) {
  const std::scoped_lock lock(mutex_);
  held_.insert(fd);
  return !stopping_;
}

void FtpScript::let_go(int fd) {
  const std::scoped_lock lock(mutex_);
  if (held_.erase(fd) > 0) ::close(fd);
}

std::string FtpScript::url(std::string_view target) const {
  return fmt::format("ftp://127.0.0.1:{}{}", port_, target);
}

std::vector<std::string> FtpScript::commands() const {
  const std::scoped_lock lock(mutex_);
  return commands_;
}

int FtpScript::connections() const {
  const std::scoped_lock lock(mutex_);
  return accepted_;
}

}  // namespace weft::test
