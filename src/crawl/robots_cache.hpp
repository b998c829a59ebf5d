// What is known of each origin's robots.txt.
//
// Threads: every method may be called from any thread; answers are shared and immutable.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <unordered_map>

#include "weft/base/mutex.hpp"
#include "weft/base/outcome.hpp"
#include "weft/page/robots.hpp"

namespace weft {

struct RobotsAnswer {
  Robots rules;
  // Why nothing may be fetched: robots.txt could not be had (RFC 9309 §2.3.1.4). A page
  // then ends as robots.txt did where the host was not reached at all.
  std::optional<Outcome> unreachable{};
  std::string message{};
};

class RobotsCache {
 public:
  void put(const std::string& origin, RobotsAnswer answer) EXCLUDES(mutex_) {
    auto shared = std::make_shared<const RobotsAnswer>(std::move(answer));
    const Lock lock(mutex_);
    answers_.insert_or_assign(origin, std::move(shared));
  }

  // Null where nothing is known yet.
  std::shared_ptr<const RobotsAnswer> get(const std::string& origin) const EXCLUDES(mutex_) {
    const Lock lock(mutex_);
    const auto found = answers_.find(origin);
    return found == answers_.end() ? nullptr : found->second;
  }

  bool has_rules(const std::string& origin) const EXCLUDES(mutex_) {
    const auto answer = get(origin);
    return answer != nullptr && !answer->unreachable;
  }

 private:
  mutable Mutex mutex_;
  std::unordered_map<std::string, std::shared_ptr<const RobotsAnswer>> answers_ GUARDED_BY(mutex_);
};

}  // namespace weft
