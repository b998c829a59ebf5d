#include "net/dns_channel.hpp"

#include <ifaddrs.h>
#include <netinet/in.h>
#include <sys/epoll.h>
#include <sys/time.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <stdexcept>
#include <system_error>
#include <utility>

#include "net/addrinfo.hpp"

namespace weft {

namespace {

// The wait for the first answer; c-ares doubles it each time it has asked every server.
constexpr std::chrono::milliseconds kTryTimeout{2000};
constexpr int kTries = 3;  // of each server

// Hundreds of questions go out, and their answers come back, in one burst.
constexpr int kSocketBuffer = 1 << 20;

struct AnswerEnd {
  void operator()(ares_addrinfo* answer) const noexcept { ares_freeaddrinfo(answer); }
};

struct InterfacesEnd {
  void operator()(ifaddrs* list) const noexcept { freeifaddrs(list); }
};

void must_work(int status, const char* what) {
  if (status == ARES_SUCCESS) return;
  throw std::runtime_error(fmt::format("{}: {}", what, ares_strerror(status)));
}

DnsReply::Kind kind_of(int status) {
  switch (status) {
    case ARES_SUCCESS:
      return DnsReply::Kind::found;
    case ARES_ENOTFOUND:
    case ARES_EBADNAME:
      return DnsReply::Kind::no_name;
    case ARES_ENODATA:
      return DnsReply::Kind::no_address;
    default:
      return DnsReply::Kind::failed;
  }
}

std::string reason_of(int status) {
  switch (status) {
    case ARES_ENOTFOUND:
      return "no such name";
    case ARES_EBADNAME:
      return "not a valid name";
    case ARES_ENODATA:
      return "the name has no address";
    case ARES_ETIMEOUT:
      return "no answer from the name servers";
    // c-ares has asked every server kTries times, and says this of refusals and failures alike.
    case ARES_ECONNREFUSED:
    case ARES_EREFUSED:
    case ARES_ESERVFAIL:
      return "the name servers failed to answer";
    default:
      return fmt::format("the name servers gave no usable answer ({})", ares_strerror(status));
  }
}

// How long all of it holds: the shortest of the addresses' and the aliases' times.
Resolution resolution_of(const ares_addrinfo& answer) {
  Resolution resolution;
  int ttl = std::numeric_limits<int>::max();
  for (const auto* node = answer.nodes; node != nullptr; node = node->ai_next) {
    ttl = std::min(ttl, node->ai_ttl);
    add_address(*node->ai_addr, resolution.addresses);
  }
  for (const auto* alias = answer.cnames; alias != nullptr; alias = alias->next) {
    ttl = std::min(ttl, alias->ttl);
  }
  resolution.ttl = std::chrono::seconds(std::max(0, ttl));
  return resolution;
}

}  // namespace

Family family_of_machine() {
  ifaddrs* found = nullptr;
  if (getifaddrs(&found) != 0) return Family::both;
  const std::unique_ptr<ifaddrs, InterfacesEnd> list(found);
  for (const ifaddrs* one = list.get(); one != nullptr; one = one->ifa_next) {
    if (one->ifa_addr == nullptr || one->ifa_addr->sa_family != AF_INET6) continue;
    const auto& v6 = *reinterpret_cast<const sockaddr_in6*>(one->ifa_addr);
    if (!IN6_IS_ADDR_LOOPBACK(&v6.sin6_addr) && !IN6_IS_ADDR_LINKLOCAL(&v6.sin6_addr)) {
      return Family::both;
    }
  }
  return Family::v4;
}

struct DnsChannel::Call {
  DnsChannel& channel;
  std::uint64_t token;
  Family family;
};

DnsChannel::DnsChannel(const Config& config) : epoll_(epoll_create1(EPOLL_CLOEXEC)) {
  if (epoll_.get() < 0) throw std::system_error(errno, std::generic_category(), "epoll_create1");
  epoll_event event{};
  event.events = EPOLLIN;
  event.data.fd = -1;  // not one of c-ares'
  if (epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, config.wake_fd, &event) != 0) {
    throw std::system_error(errno, std::generic_category(), "epoll_ctl");
  }

  static const int library = ares_library_init(ARES_LIB_INIT_ALL);
  must_work(library, "c-ares");
  std::string lookups = "b";  // the name servers, and no file
  std::string resolv_conf = config.resolv_conf;
  ares_options options{};
  options.timeout = static_cast<int>(kTryTimeout.count());
  options.tries = kTries;
  options.socket_send_buffer_size = kSocketBuffer;
  options.socket_receive_buffer_size = kSocketBuffer;
  options.lookups = lookups.data();
  options.resolvconf_path = resolv_conf.data();
  options.sock_state_cb = &on_socket;
  options.sock_state_cb_data = this;
  ares_channel channel = nullptr;
  must_work(ares_init_options(&channel, &options,
                              ARES_OPT_TIMEOUTMS | ARES_OPT_TRIES | ARES_OPT_SOCK_SNDBUF |
                                  ARES_OPT_SOCK_RCVBUF | ARES_OPT_LOOKUPS | ARES_OPT_RESOLVCONF |
                                  ARES_OPT_SOCK_STATE_CB),
            "cannot ask name servers");
  channel_.reset(channel);
  if (!config.servers.empty()) {
    must_work(ares_set_servers_ports_csv(channel, config.servers.c_str()), "the name servers");
  }
}

DnsChannel::~DnsChannel() { closing_ = true; }

void DnsChannel::ask(std::uint64_t token, const std::string& host, Family family) {
  next_timer_ = std::min(next_timer_, RealTime::now() + kTryTimeout);
  ares_addrinfo_hints hints{};
  hints.ai_family = family == Family::v4 ? AF_INET : AF_UNSPEC;
  hints.ai_socktype = SOCK_STREAM;
  auto call = std::make_unique<Call>(Call{*this, token, family});
  // It may call back at once.
  ares_getaddrinfo(channel_.get(), host.c_str(), nullptr, &hints, &on_answer, call.release());
}

void DnsChannel::on_answer(void* call, int status, int, ares_addrinfo* answer) noexcept {
  const std::unique_ptr<Call> ours(static_cast<Call*>(call));
  const std::unique_ptr<ares_addrinfo, AnswerEnd> list(answer);
  DnsChannel& self = ours->channel;
  if (self.closing_) return;
  DnsReply reply{.token = ours->token, .family = ours->family, .kind = kind_of(status)};
  if (list) reply.resolution = resolution_of(*list);
  if (reply.resolution.addresses.empty()) {
    if (reply.kind == DnsReply::Kind::found) reply.kind = DnsReply::Kind::no_address;
    reply.resolution.error = reason_of(status == ARES_SUCCESS ? ARES_ENODATA : status);
    reply.resolution.retryable = reply.kind == DnsReply::Kind::failed;
    reply.resolution.ttl.reset();
  }
  self.replies_.push_back(std::move(reply));
}

void DnsChannel::on_socket(void* self, ares_socket_t fd, int readable, int writable) noexcept {
  const int epoll = static_cast<DnsChannel*>(self)->epoll_.get();
  epoll_event event{};
  event.events = (readable != 0 ? EPOLLIN : 0U) | (writable != 0 ? EPOLLOUT : 0U);
  event.data.fd = fd;
  if (event.events == 0) {
    epoll_ctl(epoll, EPOLL_CTL_DEL, fd, nullptr);
  } else if (epoll_ctl(epoll, EPOLL_CTL_MOD, fd, &event) != 0) {
    epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event);
  }
}

// ares_timeout looks at every question, so it is called only once the time it gave last has come:
// what was sent since is due no earlier than kTryTimeout after it was sent.
void DnsChannel::run_timers() {
  const auto now = RealTime::now();
  if (next_timer_ > now) return;
  ares_process_fd(channel_.get(), ARES_SOCKET_BAD, ARES_SOCKET_BAD);
  timeval left{};
  next_timer_ = RealTime::time_point::max();
  if (ares_timeout(channel_.get(), nullptr, &left) != nullptr) {
    next_timer_ = now + std::chrono::seconds(left.tv_sec) + std::chrono::microseconds(left.tv_usec);
  }
}

void DnsChannel::wait(std::chrono::nanoseconds longest) {
  if (next_timer_ != RealTime::time_point::max()) {
    longest = std::min<std::chrono::nanoseconds>(longest, next_timer_ - RealTime::now());
  }
  if (!replies_.empty()) longest = {};
  // Rounded up: to wake too early would be to wake again and again.
  const auto milliseconds = std::chrono::ceil<std::chrono::milliseconds>(
      std::clamp<std::chrono::nanoseconds>(longest, {}, std::chrono::hours(1)));
  std::array<epoll_event, 16> events;
  const int ready = epoll_wait(epoll_.get(), events.data(), static_cast<int>(events.size()),
                               static_cast<int>(milliseconds.count()));
  if (ready < 0 && errno != EINTR) {
    throw std::system_error(errno, std::generic_category(), "epoll_wait");
  }
  for (int i = 0; i < ready; ++i) {
    const int fd = events[i].data.fd;
    if (fd < 0) continue;
    const bool writable = (events[i].events & EPOLLOUT) != 0;
    const bool readable = (events[i].events & ~static_cast<std::uint32_t>(EPOLLOUT)) != 0;
    ares_process_fd(channel_.get(), readable ? fd : ARES_SOCKET_BAD,
                    writable ? fd : ARES_SOCKET_BAD);
  }
  run_timers();
}

std::vector<DnsReply> DnsChannel::take_replies() { return std::exchange(replies_, {}); }

}  // namespace weft
