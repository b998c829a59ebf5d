#include "support/nginx.hpp"

#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmath>
#include <cstdio>
#include <sstream>
#include <stdexcept>
#include <system_error>

namespace weft::test {

namespace {

constexpr int kStarts = 5;  // a port found free may be taken by another before nginx has it

class Socket {
 public:
  Socket() : fd_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    if (fd_ < 0) throw std::system_error(errno, std::generic_category(), "socket");
  }
  Socket(const Socket&) = delete;
  Socket& operator=(const Socket&) = delete;
  ~Socket() { ::close(fd_); }
  int get() const { return fd_; }

 private:
  int fd_;
};

std::uint16_t free_port() {
  const Socket socket;
  sockaddr_in name{};
  name.sin_family = AF_INET;
  socklen_t size = sizeof name;
  auto* const any = reinterpret_cast<sockaddr*>(&name);
  if (::bind(socket.get(), any, size) != 0 || ::getsockname(socket.get(), any, &size) != 0) {
    throw std::system_error(errno, std::generic_category(), "bind");
  }
  return ntohs(name.sin_port);
}

// What it says of how it was built; nothing where it is not installed.
std::optional<std::string> version() {
  try {
    const Ended ended = run({.words = {"nginx", "-V"}});
    if (ended.exit_code == 0) return ended.err;
  } catch (const std::system_error&) {
  }
  return std::nullopt;
}

std::string with_port(std::string text, std::uint16_t port) {
  constexpr std::string_view kPlace = "@PORT@";
  for (std::size_t at = 0; (at = text.find(kPlace, at)) != std::string::npos;) {
    text.replace(at, kPlace.size(), std::to_string(port));
  }
  return text;
}

std::chrono::milliseconds milliseconds(double seconds) {
  return std::chrono::milliseconds(std::llround(seconds * 1000));
}

std::vector<Served> read_log(const std::string& path) {
  std::vector<Served> served;
  std::istringstream log(contents(path));
  double ended = 0;
  double lasted = 0;
  for (Served line;
       log >> ended >> lasted >> line.connection >> line.address >> line.status >> line.bytes &&
       std::getline(log >> std::ws, line.target);) {
    line.ended = milliseconds(ended);
    line.started = milliseconds(ended) - milliseconds(lasted);
    served.push_back(line);
  }
  return served;
}

}  // namespace

bool nginx_has_http2() {
  if (version().value_or("").find("http_v2_module") != std::string::npos) return true;
  std::printf("SKIPPED nginx with HTTP/2\n");
  return false;
}

std::unique_ptr<Nginx> Nginx::start(std::vector<Site> sites) {
  if (!version()) {
    std::printf("SKIPPED nginx\n");
    return nullptr;
  }
  std::string why;
  for (int i = 0; i < kStarts; ++i) {
    std::unique_ptr<Nginx> nginx(new Nginx(sites, free_port()));
    // It says how it waits for events once it listens on every address.
    if (nginx->process_->wait_for_error_text("event method")) return nginx;
    why = nginx->process_->wait().err;
    nginx->process_.reset();
  }
  throw std::runtime_error("nginx does not start: " + why);
}

Nginx::Nginx(const std::vector<Site>& sites, std::uint16_t port) : port_(port) {
  for (const Site& site : sites) {
    for (const auto& [path, text] : site.files) {
      write_file(directory_ / (site.address + path), with_port(text, port));
    }
  }
  write_file(directory_ / "nginx.conf", with_port(config(sites), port));
  // One process, that ends with this one however this one ends; not kept waiting, so that the
  // times in its log are those of the requests.
  process_.emplace(
      Command{.words = before_others({"setpriv", "--pdeathsig", "KILL", "nginx", "-p",
                                      directory_.path(), "-c", "nginx.conf", "-e", "stderr"})});
}

Nginx::~Nginx() { stop(); }

std::string Nginx::config(const std::vector<Site>& sites) const {
  std::string text = R"(
daemon off;
error_log stderr notice;
master_process off;
pid nginx.pid;
events { worker_connections 1024; }
http {
  types { text/html html; text/css css; text/plain txt; application/xml xml; }
  default_type application/octet-stream;
  log_format times '$msec $request_time $connection $server_addr $status $body_bytes_sent '
                   '$request_uri';
  access_log access.log times;
  client_body_temp_path t; proxy_temp_path t; fastcgi_temp_path t; uwsgi_temp_path t;
  scgi_temp_path t;
)";
  for (const Site& site : sites) {
    text += "  server {\n    listen " + site.address + ":@PORT@;\n    root " +
            directory_ / site.address + ";\n    " + site.config + "\n  }\n";
  }
  return text + "}\n";
}

std::string Nginx::url(std::string_view target, std::string_view address) const {
  return "http://" + std::string(address) + ":" + std::to_string(port_) + std::string(target);
}

const std::vector<Served>& Nginx::stop() {
  if (!process_) return served_;
  process_->send(SIGQUIT);
  process_->wait();
  process_.reset();
  served_ = read_log(directory_ / "access.log");
  return served_;
}

}  // namespace weft::test
