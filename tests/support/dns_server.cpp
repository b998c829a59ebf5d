#include "support/dns_server.hpp"

#include <arpa/inet.h>
#include <fmt/core.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <optional>
#include <stdexcept>
#include <utility>

#include "weft/base/text.hpp"

namespace weft::test {

namespace {

constexpr std::uint16_t kTypeA = 1;
constexpr std::uint16_t kTypeAaaa = 28;
constexpr std::size_t kHeader = 12;  // RFC 1035 §4.1.1

std::uint16_t number_at(const std::string& bytes, std::size_t at) {
  return static_cast<std::uint16_t>(static_cast<std::uint8_t>(bytes[at]) << 8 |
                                    static_cast<std::uint8_t>(bytes[at + 1]));
}

void put16(std::string& to, unsigned number) {
  to += static_cast<char>(number >> 8 & 0xff);
  to += static_cast<char>(number & 0xff);
}

// The address as it stands in a record of this type; nothing where it is of another family.
std::optional<std::string> rdata(const std::string& address, std::uint16_t type) {
  const bool v6 = address.find(':') != address.npos;
  if (v6 != (type == kTypeAaaa)) return std::nullopt;
  std::array<char, 16> octets{};
  inet_pton(v6 ? AF_INET6 : AF_INET, address.c_str(), octets.data());
  return std::string(octets.data(), v6 ? 16 : 4);
}

unsigned code_of(DnsAnswer::Kind kind) {  // RFC 1035 §4.1.1, RCODE
  switch (kind) {
    case DnsAnswer::Kind::no_name:
      return 3;
    case DnsAnswer::Kind::server_failure:
      return 2;
    case DnsAnswer::Kind::refused:
      return 5;
    case DnsAnswer::Kind::found:
    case DnsAnswer::Kind::silence:
      break;
  }
  return 0;
}

int bound(int type, std::uint16_t& port) {
  const int fd = socket(AF_INET, type | SOCK_CLOEXEC, 0);
  sockaddr_in name{};
  name.sin_family = AF_INET;
  name.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  name.sin_port = htons(port);
  socklen_t size = sizeof name;
  auto* const address = reinterpret_cast<sockaddr*>(&name);
  if (bind(fd, address, size) != 0 || getsockname(fd, address, &size) != 0) {
    close(fd);
    return -1;
  }
  port = ntohs(name.sin_port);
  return fd;
}

}  // namespace

DnsServer::DnsServer(Table table)
    : table_(std::move(table)), wake_(eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)) {
  // A port that is free for both.
  for (int tries = 0; tries < 100 && !tcp_; ++tries) {
    port_ = 0;
    udp_ = Fd(bound(SOCK_DGRAM, port_));
    tcp_ = Fd(bound(SOCK_STREAM, port_));
  }
  if (!udp_ || !tcp_ || listen(tcp_.get(), 16) != 0) throw std::runtime_error("no port for DNS");
  const int buffer = 4 << 20;
  setsockopt(udp_.get(), SOL_SOCKET, SO_RCVBUF, &buffer, sizeof buffer);
  setsockopt(udp_.get(), SOL_SOCKET, SO_SNDBUF, &buffer, sizeof buffer);
  thread_ = std::thread([this] { run(); });
}

DnsServer::~DnsServer() {
  {
    const std::scoped_lock lock(mutex_);
    closing_ = true;
  }
  eventfd_write(wake_.get(), 1);
  thread_.join();
}

std::string DnsServer::address() const { return fmt::format("127.0.0.1:{}", port_); }

void DnsServer::hold() {
  const std::scoped_lock lock(mutex_);
  held_ = true;
}

void DnsServer::release() {
  {
    const std::scoped_lock lock(mutex_);
    held_ = false;
  }
  eventfd_write(wake_.get(), 1);
}

bool DnsServer::held() const {
  const std::scoped_lock lock(mutex_);
  return held_;
}

int DnsServer::counted(const std::string& name) const {
  const auto found = asked_.find(name);
  return found == asked_.end() ? 0 : static_cast<int>(found->second.size());
}

int DnsServer::asked(const std::string& name) const {
  const std::scoped_lock lock(mutex_);
  return counted(name);
}

std::size_t DnsServer::names() const {
  const std::scoped_lock lock(mutex_);
  return asked_.size();
}

void DnsServer::wait_until_asked(const std::string& name, int times) const {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [&] { return counted(name) >= times; });
}

void DnsServer::wait_for_names(std::size_t count) const {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [&] { return asked_.size() >= count; });
}

void DnsServer::count(const Question& question) {
  if (question.type != kTypeA) return;
  const std::scoped_lock lock(mutex_);
  asked_[question.name].insert(number_at(question.bytes, 0));
  changed_.notify_all();
}

bool DnsServer::parse(std::string bytes, Question& question) {
  question = {.bytes = std::move(bytes)};
  const std::string& all = question.bytes;
  std::size_t at = kHeader;
  while (at < all.size() && all[at] != 0) {
    const auto size = static_cast<std::uint8_t>(all[at]);
    if (at + 1 + size >= all.size()) return false;
    if (!question.name.empty()) question.name += '.';
    question.name += to_lower(std::string_view(all).substr(at + 1, size));
    at += 1 + size;
  }
  question.end = at + 5;  // the root, type and class
  if (question.end > all.size()) return false;
  question.type = number_at(all, at + 1);
  return true;
}

std::string DnsServer::reply_to(const Question& question, const DnsAnswer& answer, bool tcp) {
  const bool cut = answer.truncated && !tcp;
  std::string records;
  unsigned count = 0;
  for (const std::string& address : answer.addresses) {
    const auto data = rdata(address, question.type);
    if (!data || cut || answer.kind != DnsAnswer::Kind::found) continue;
    ++count;
    put16(records, 0xc00c);  // the name that was asked for
    put16(records, question.type);
    put16(records, 1);  // IN
    put16(records, answer.ttl >> 16);
    put16(records, answer.ttl & 0xffff);
    put16(records, static_cast<unsigned>(data->size()));
    records += *data;
  }
  std::string reply = question.bytes.substr(0, 2);
  put16(reply, 0x8180U | (cut ? 0x0200U : 0U) | code_of(answer.kind));
  put16(reply, 1);
  put16(reply, count);
  put16(reply, 0);
  put16(reply, 0);
  reply += question.bytes.substr(kHeader, question.end - kHeader);
  return reply + records;
}

void DnsServer::read_datagrams() {
  std::array<char, 2048> bytes;
  while (true) {
    sockaddr_in from{};
    socklen_t size = sizeof from;
    const auto got = recvfrom(udp_.get(), bytes.data(), bytes.size(), MSG_DONTWAIT,
                              reinterpret_cast<sockaddr*>(&from), &size);
    if (got < 0) return;
    Question question;
    if (!parse({bytes.data(), static_cast<std::size_t>(got)}, question)) continue;
    count(question);
    const DnsAnswer answer = table_(question.name);
    if (answer.kind == DnsAnswer::Kind::silence) continue;
    if (answer.silent_v6 && question.type == kTypeAaaa) continue;
    late_.emplace(std::chrono::steady_clock::now() + answer.delay,
                  Late{.to = {reinterpret_cast<const char*>(&from), size},
                       .reply = reply_to(question, answer, false)});
  }
}

// One question on each connection.
void DnsServer::serve_tcp() {
  const Fd peer(accept4(tcp_.get(), nullptr, nullptr, SOCK_CLOEXEC));
  std::array<char, 2048> bytes;
  if (recv(peer.get(), bytes.data(), 2, MSG_WAITALL) != 2) return;
  const std::size_t size = number_at({bytes.data(), 2}, 0);
  if (size > bytes.size()) return;
  const auto got = recv(peer.get(), bytes.data(), size, MSG_WAITALL);
  Question question;
  if (got < 0 || !parse({bytes.data(), static_cast<std::size_t>(got)}, question)) return;
  const std::string reply = reply_to(question, table_(question.name), true);
  std::string whole;
  put16(whole, static_cast<unsigned>(reply.size()));
  whole += reply;
  send(peer.get(), whole.data(), whole.size(), MSG_NOSIGNAL);
}

void DnsServer::send_due(Time now) {
  while (!late_.empty() && late_.begin()->first <= now) {
    const Late& late = late_.begin()->second;
    sendto(udp_.get(), late.reply.data(), late.reply.size(), MSG_NOSIGNAL,
           reinterpret_cast<const sockaddr*>(late.to.data()),
           static_cast<socklen_t>(late.to.size()));
    late_.erase(late_.begin());
  }
}

int DnsServer::poll_timeout(Time now) const {
  if (late_.empty() || held()) return -1;
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(late_.begin()->first - now);
  return static_cast<int>(std::max<std::chrono::milliseconds::rep>(0, left.count()));
}

void DnsServer::run() {
  while (true) {
    std::array<pollfd, 3> fds{pollfd{udp_.get(), POLLIN, 0}, pollfd{tcp_.get(), POLLIN, 0},
                              pollfd{wake_.get(), POLLIN, 0}};
    poll(fds.data(), fds.size(), poll_timeout(std::chrono::steady_clock::now()));
    eventfd_t woken = 0;
    eventfd_read(wake_.get(), &woken);
    {
      const std::scoped_lock lock(mutex_);
      if (closing_) return;
    }
    if (fds[0].revents != 0) read_datagrams();
    if (fds[1].revents != 0) serve_tcp();
    if (!held()) send_due(std::chrono::steady_clock::now());
  }
}

}  // namespace weft::test
