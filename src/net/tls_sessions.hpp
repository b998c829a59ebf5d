// TLS sessions by origin, so that a second connection resumes the first one's session.
//
// An easy handle serves one transfer, so sessions cannot stay with handles; and a share of
// libcurl 7.88 keeps eight sessions, whatever their hosts. So each origin has a share of its own.
//
// Threads:   one thread owns it: the shares have no locks.
// Ownership: handles own their share together with the cache, which forgets the oldest.
#pragma once

#include <curl/curl.h>

#include <list>
#include <memory>
#include <new>
#include <string>
#include <unordered_map>

namespace weft {

class TlsSessions {
 public:
  TlsSessions() : share_(curl_share_init()) {
    if (share_ == nullptr) throw std::bad_alloc();
    curl_share_setopt(share_, CURLSHOPT_SHARE, CURL_LOCK_DATA_SSL_SESSION);
  }
  ~TlsSessions() { curl_share_cleanup(share_); }
  TlsSessions(const TlsSessions&) = delete;
  TlsSessions& operator=(const TlsSessions&) = delete;

  CURLSH* get() const { return share_; }

 private:
  CURLSH* share_;
};

class TlsSessionCache {
 public:
  std::shared_ptr<TlsSessions> of(const std::string& origin) {
    const auto found = entries_.find(origin);
    if (found != entries_.end()) {
      ages_.splice(ages_.end(), ages_, found->second.age);
      return found->second.sessions;
    }
    if (entries_.size() >= kMost) {
      entries_.erase(ages_.front());
      ages_.pop_front();
    }
    auto sessions = std::make_shared<TlsSessions>();
    entries_.emplace(origin, Entry{sessions, ages_.insert(ages_.end(), origin)});
    return sessions;
  }

 private:
  static constexpr std::size_t kMost = 512;  // some 4 kB each with their tickets

  struct Entry {
    std::shared_ptr<TlsSessions> sessions;
    std::list<std::string>::iterator age;
  };
  std::unordered_map<std::string, Entry> entries_;
  std::list<std::string> ages_;  // the longest unused first
};

}  // namespace weft
