// Names asked of the system (getaddrinfo), which blocks: on threads of their own, which begin
// with the first such names.
//
// Threads: every method may be called from any thread; `tell` is called on the threads here,
//          with no lock held.
// Ownership: destroying it drops what has not begun and waits for what has.
#pragma once

#include <deque>
#include <functional>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "weft/base/mutex.hpp"
#include "weft/net/resolver.hpp"

namespace weft {

class SystemNames {
 public:
  // Of one name first that it is being asked, then once what was found.
  struct Event {
    std::string host;
    std::optional<Resolution> found;  // nothing: it is being asked from now on
  };
  using Tell = std::function<void(Event)>;

  SystemNames(int most_threads, ResolverConfig::Lookup lookup, Tell tell);
  ~SystemNames();

  void ask(std::string host) EXCLUDES(mutex_);

 private:
  void run() EXCLUDES(mutex_);

  // Constant after construction.
  const std::size_t most_threads_;
  const ResolverConfig::Lookup lookup_;
  const Tell tell_;

  // State below is guarded by mutex_.
  Mutex mutex_;
  Condition changed_;
  bool closing_ GUARDED_BY(mutex_) = false;
  std::size_t idle_ GUARDED_BY(mutex_) = 0;
  std::deque<std::string> queue_ GUARDED_BY(mutex_);
  std::vector<std::thread> threads_ GUARDED_BY(mutex_);
};

}  // namespace weft
