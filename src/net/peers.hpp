// The connections that a multi has, by host: so that those of a host can be closed which has
// nothing more to give, and no more are kept than a bound.
//
// libcurl 7.88 closes none at our word, and where its cache overflows it searches all of it, and
// leaves behind the empty entry of each host. So the cache is never full: here the socket is
// shut down, and libcurl, which looks for dead connections each second, takes it out in order.
//
// Threads: one thread owns it.
#pragma once

#include <sys/socket.h>

#include <algorithm>
#include <list>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace weft {

class Peers {
 public:
  struct Peer {
    Peers* all = nullptr;
    std::string host{};
    int in_flight = 0;
    std::vector<int> sockets{};
    bool is_idle = false;  // then in idle_
    std::list<Peer*>::iterator idle_at{};
  };

  explicit Peers(std::size_t most_idle) : most_idle_(most_idle) {}

  Peer& begin(const std::string& host) {
    Peer& peer = peers_[host];
    if (peer.all == nullptr) {
      peer.all = this;
      peer.host = host;
    }
    ++peer.in_flight;
    use(peer);
    return peer;
  }

  void end(Peer& peer) {
    if (--peer.in_flight > 0) return;
    if (peer.sockets.empty()) return forget(peer);
    peer.is_idle = true;
    peer.idle_at = idle_.insert(idle_.end(), &peer);
    idle_sockets_ += peer.sockets.size();
    while (idle_sockets_ > most_idle_) shut_down(*idle_.front());
  }

  void opened(Peer& peer, int socket) {
    peer.sockets.push_back(socket);
    const auto index = static_cast<std::size_t>(socket);
    if (index >= owners_.size()) owners_.resize(index + 1);
    owners_[index] = &peer;
  }

  void closed(int socket) {
    const auto index = static_cast<std::size_t>(socket);
    if (index >= owners_.size() || owners_[index] == nullptr) return;
    Peer& peer = *std::exchange(owners_[index], nullptr);
    std::erase(peer.sockets, socket);
    if (peer.is_idle) --idle_sockets_;
    if (!peer.sockets.empty() || peer.in_flight > 0) return;
    use(peer);
    forget(peer);
  }

  // Those of `host`, unless a transfer is under way to it.
  void close(const std::string& host) {
    const auto found = peers_.find(host);
    if (found != peers_.end() && found->second.is_idle) shut_down(found->second);
  }

 private:
  // It is in use, or about to be forgotten.
  void use(Peer& peer) {
    if (!peer.is_idle) return;
    peer.is_idle = false;
    idle_.erase(peer.idle_at);
    idle_sockets_ -= peer.sockets.size();
  }

  void shut_down(Peer& peer) {
    use(peer);
    for (const int socket : peer.sockets) ::shutdown(socket, SHUT_RDWR);
  }

  void forget(const Peer& peer) { peers_.erase(std::string(peer.host)); }

  const std::size_t most_idle_;
  std::vector<Peer*> owners_;  // by socket; none: nobody's
  std::unordered_map<std::string, Peer> peers_;
  std::list<Peer*> idle_;  // the longest idle first
  std::size_t idle_sockets_ = 0;
};

}  // namespace weft
