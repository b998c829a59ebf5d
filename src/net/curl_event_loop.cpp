#include "net/curl_event_loop.hpp"

#include <sys/epoll.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <stdexcept>
#include <system_error>

namespace weft {

namespace {

// More than there can be: connections are closed by Peers, and libcurl never has to.
constexpr long kCacheSize = 1L << 30;

void check(CURLMcode code) {
  if (code != CURLM_OK) throw std::runtime_error(curl_multi_strerror(code));
}

// Rounded up, so that what was waited for is due when the wait is over.
int to_milliseconds(std::chrono::nanoseconds wait) {
  constexpr std::chrono::nanoseconds kLongest = std::chrono::hours(1);
  const auto bounded = std::clamp(wait, std::chrono::nanoseconds::zero(), kLongest);
  return static_cast<int>(std::chrono::ceil<std::chrono::milliseconds>(bounded).count());
}

}  // namespace

CurlEventLoop::CurlEventLoop(int wake_fd, std::size_t most_idle)
    : epoll_(epoll_create1(EPOLL_CLOEXEC)),
      wake_fd_(wake_fd),
      peers_(most_idle),
      multi_(curl_multi_init()) {
  if (epoll_.get() < 0) throw std::system_error(errno, std::generic_category(), "epoll_create1");
  if (!multi_) throw std::bad_alloc();
  check(curl_multi_setopt(multi_.get(), CURLMOPT_SOCKETFUNCTION, &CurlEventLoop::on_socket));
  check(curl_multi_setopt(multi_.get(), CURLMOPT_SOCKETDATA, this));
  check(curl_multi_setopt(multi_.get(), CURLMOPT_TIMERFUNCTION, &CurlEventLoop::on_timer));
  check(curl_multi_setopt(multi_.get(), CURLMOPT_TIMERDATA, this));
  check(curl_multi_setopt(multi_.get(), CURLMOPT_MAXCONNECTS, kCacheSize));
  watch(wake_fd_, EPOLLIN);
}

void CurlEventLoop::add(CURL* easy, Peers::Peer& peer) {
  curl_easy_setopt(easy, CURLOPT_CLOSESOCKETFUNCTION, &CurlEventLoop::on_close);
  curl_easy_setopt(easy, CURLOPT_CLOSESOCKETDATA, this);
  curl_easy_setopt(easy, CURLOPT_OPENSOCKETFUNCTION, &CurlEventLoop::on_open);
  curl_easy_setopt(easy, CURLOPT_OPENSOCKETDATA, &peer);
  check(curl_multi_add_handle(multi_.get(), easy));
}

void CurlEventLoop::remove(CURL* easy) noexcept { curl_multi_remove_handle(multi_.get(), easy); }

void CurlEventLoop::hang_up() noexcept {
  for (std::size_t fd = 0; fd < sockets_.size(); ++fd) {
    if (sockets_[fd].in_epoll && static_cast<int>(fd) != wake_fd_) {
      ::shutdown(static_cast<int>(fd), SHUT_RDWR);
    }
  }
}

CurlEventLoop::Socket& CurlEventLoop::socket(curl_socket_t fd) {
  const auto index = static_cast<std::size_t>(fd);
  if (index >= sockets_.size()) sockets_.resize(index + 1);
  return sockets_[index];
}

void CurlEventLoop::watch(curl_socket_t fd, std::uint32_t events) {
  Socket& state = socket(fd);
  state.watched = true;
  if (state.in_epoll && state.events == events) return;
  epoll_event event{};
  event.events = events;
  event.data.fd = fd;
  const int operation = state.in_epoll ? EPOLL_CTL_MOD : EPOLL_CTL_ADD;
  if (epoll_ctl(epoll_.get(), operation, fd, &event) != 0) {
    throw std::system_error(errno, std::generic_category(), "epoll_ctl");
  }
  state.in_epoll = true;
  state.events = events;
}

int CurlEventLoop::on_socket(CURL*, curl_socket_t fd, int what, void* self, void*) noexcept {
  auto& loop = *static_cast<CurlEventLoop*>(self);
  switch (what) {
    case CURL_POLL_IN:
      loop.watch(fd, EPOLLIN);
      break;
    case CURL_POLL_OUT:
      loop.watch(fd, EPOLLOUT);
      break;
    case CURL_POLL_INOUT:
      loop.watch(fd, EPOLLIN | EPOLLOUT);
      break;
    case CURL_POLL_REMOVE:
      loop.socket(fd).watched = false;
      break;
    default:
      break;
  }
  return 0;
}

int CurlEventLoop::on_timer(CURLM*, long milliseconds, void* self) noexcept {
  auto& loop = *static_cast<CurlEventLoop*>(self);
  loop.timer_.reset();
  if (milliseconds >= 0) {
    loop.timer_ = RealTime::now() + std::chrono::milliseconds(milliseconds);
  }
  return 0;
}

curl_socket_t CurlEventLoop::on_open(void* user, curlsocktype, curl_sockaddr* address) noexcept {
  auto& peer = *static_cast<Peers::Peer*>(user);
  const int fd = ::socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
  if (fd >= 0) peer.all->opened(peer, fd);
  return fd < 0 ? CURL_SOCKET_BAD : fd;
}

// Closing a descriptor takes it out of epoll; the number may come back for another socket.
int CurlEventLoop::on_close(void* self, curl_socket_t fd) noexcept {
  auto& loop = *static_cast<CurlEventLoop*>(self);
  loop.socket(fd) = Socket{};
  loop.peers_.closed(fd);
  return ::close(fd);
}

void CurlEventLoop::dispatch(curl_socket_t fd, std::uint32_t events) {
  if (fd == wake_fd_) return;
  Socket& state = socket(fd);
  if (!state.watched) {
    if (state.in_epoll) epoll_ctl(epoll_.get(), EPOLL_CTL_DEL, fd, nullptr);
    state = Socket{};
    return;
  }
  int ready = 0;
  if ((events & EPOLLIN) != 0) ready |= CURL_CSELECT_IN;
  if ((events & EPOLLOUT) != 0) ready |= CURL_CSELECT_OUT;
  if ((events & (EPOLLERR | EPOLLHUP)) != 0) ready |= CURL_CSELECT_ERR;
  int running = 0;
  check(curl_multi_socket_action(multi_.get(), fd, ready, &running));
}

void CurlEventLoop::run_due() {
  if (!timer_ || *timer_ > RealTime::now()) return;
  timer_.reset();  // libcurl sets the next one through on_timer
  int running = 0;
  check(curl_multi_socket_action(multi_.get(), CURL_SOCKET_TIMEOUT, 0, &running));
}

void CurlEventLoop::poll(std::chrono::nanoseconds longest) {
  if (timer_) longest = std::min<std::chrono::nanoseconds>(longest, *timer_ - RealTime::now());
  std::array<epoll_event, 128> events;
  const int ready = epoll_wait(epoll_.get(), events.data(), static_cast<int>(events.size()),
                               to_milliseconds(longest));
  if (ready < 0 && errno != EINTR) {
    throw std::system_error(errno, std::generic_category(), "epoll_wait");
  }
  for (int i = 0; i < ready; ++i) dispatch(events[i].data.fd, events[i].events);
  run_due();
}

std::optional<CurlEventLoop::Done> CurlEventLoop::next_done() {
  int left = 0;
  while (const CURLMsg* message = curl_multi_info_read(multi_.get(), &left)) {
    if (message->msg == CURLMSG_DONE) return Done{message->easy_handle, message->data.result};
  }
  return std::nullopt;
}

}  // namespace weft
