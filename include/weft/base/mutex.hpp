// Mutex, Lock and Condition with clang's thread-safety annotations: what a mutex
// guards is written beside it and checked by `-Wthread-safety`.
#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>

#if defined(__clang__)
#define WEFT_THREAD_ANNOTATION(x) __attribute__((x))
#else
#define WEFT_THREAD_ANNOTATION(x)
#endif

#define CAPABILITY(x) WEFT_THREAD_ANNOTATION(capability(x))
#define SCOPED_CAPABILITY WEFT_THREAD_ANNOTATION(scoped_lockable)
#define GUARDED_BY(x) WEFT_THREAD_ANNOTATION(guarded_by(x))
#define REQUIRES(...) WEFT_THREAD_ANNOTATION(requires_capability(__VA_ARGS__))
#define EXCLUDES(...) WEFT_THREAD_ANNOTATION(locks_excluded(__VA_ARGS__))
#define ACQUIRE(...) WEFT_THREAD_ANNOTATION(acquire_capability(__VA_ARGS__))
#define RELEASE(...) WEFT_THREAD_ANNOTATION(release_capability(__VA_ARGS__))
#define NO_THREAD_SAFETY_ANALYSIS WEFT_THREAD_ANNOTATION(no_thread_safety_analysis)

namespace weft {

class CAPABILITY("mutex") Mutex {
 public:
  void lock() ACQUIRE() { mutex_.lock(); }
  void unlock() RELEASE() { mutex_.unlock(); }

 private:
  std::mutex mutex_;
};

class SCOPED_CAPABILITY Lock {
 public:
  explicit Lock(Mutex& mutex) ACQUIRE(mutex) : lock_(mutex) {}
  ~Lock() RELEASE() = default;

  // For notifying after unlocking; the destructor then does nothing.
  void unlock() RELEASE() { lock_.unlock(); }

 private:
  friend class Condition;
  std::unique_lock<Mutex> lock_;
};

// A condition variable for Lock. Callers loop over their own predicate, so that
// the analysis sees the guarded state read under the lock.
class Condition {
 public:
  void wait(Lock& lock) { changed_.wait(lock.lock_); }
  void wait_until(Lock& lock, std::chrono::steady_clock::time_point until) {
    changed_.wait_until(lock.lock_, until);
  }
  void notify_one() noexcept { changed_.notify_one(); }
  void notify_all() noexcept { changed_.notify_all(); }

 private:
  std::condition_variable_any changed_;
};

}  // namespace weft
