// The names that libcurl's cache of addresses holds by our rules.
//
// libcurl keeps names and addresses in one cache for all handles of a multi, and reads rules
// into it when a transfer begins. Every transfer brings its own rule, and the entry stays while
// any handle counts on it: so whatever the order of events, and should libcurl connect a second
// time, it never has to look up a name. Nothing expires (a pruning walk at the end of each
// transfer would cost with the number of hosts): what nobody counts on any more is taken out by
// the next transfer that brings rules.
//
// Threads: one thread owns it.
#pragma once

#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

namespace weft {

class CachedNames {
 public:
  // A handle counts on "host:port"; while it lives the entry stays.
  class Use {
   public:
    Use() = default;
    Use(CachedNames& names, std::string key) : names_(&names), key_(std::move(key)) {
      ++names_->uses_[key_];
    }
    Use(Use&& other) noexcept
        : names_(std::exchange(other.names_, nullptr)), key_(std::move(other.key_)) {}
    Use& operator=(Use&& other) noexcept {
      std::swap(names_, other.names_);
      std::swap(key_, other.key_);
      return *this;
    }
    ~Use() {
      if (names_ != nullptr) names_->leave(key_);
    }

   private:
    CachedNames* names_ = nullptr;
    std::string key_;
  };

  // What nobody counts on any more. The caller takes it out of libcurl's cache.
  std::vector<std::string> unused() {
    std::vector<std::string> gone;
    for (std::string& key : std::exchange(left_, {})) {
      if (!uses_.contains(key)) gone.push_back(std::move(key));
    }
    return gone;
  }

 private:
  void leave(const std::string& key) {
    const auto use = uses_.find(key);
    if (--use->second > 0) return;
    uses_.erase(use);
    left_.push_back(key);
  }

  std::unordered_map<std::string, int> uses_;
  std::vector<std::string> left_;  // some may be in use again
};

}  // namespace weft
