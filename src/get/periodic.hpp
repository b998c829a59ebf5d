// A thread that does something again and again, a while after it was last done.
//
// Threads: start() and close() from the owner's.
#pragma once

#include <chrono>
#include <functional>
#include <string>
#include <thread>
#include <utility>

#include "weft/base/mutex.hpp"
#include "weft/base/thread_name.hpp"

namespace weft::get {

class Periodic {
 public:
  Periodic(std::string name, std::chrono::seconds interval, std::function<void()> task)
      : name_(std::move(name)), interval_(interval), task_(std::move(task)) {}
  ~Periodic() { close(); }

  void start() {
    thread_ = std::thread([this] { run(); });
  }

  // Joins. False: it did not run, or no longer.
  bool close() EXCLUDES(mutex_) {
    if (!thread_.joinable()) return false;
    {
      const Lock lock(mutex_);
      closing_ = true;
    }
    changed_.notify_one();
    thread_.join();
    return true;
  }

 private:
  using Time = std::chrono::steady_clock;

  void run() EXCLUDES(mutex_) {
    name_thread(name_);
    while (true) {
      {
        Lock lock(mutex_);
        const Time::time_point until = Time::now() + interval_;
        while (!closing_ && Time::now() < until) changed_.wait_until(lock, until);
        if (closing_) return;
      }
      task_();
    }
  }

  const std::string name_;  // of the thread
  const std::chrono::seconds interval_;
  const std::function<void()> task_;
  Mutex mutex_;
  Condition changed_;
  bool closing_ GUARDED_BY(mutex_) = false;
  std::thread thread_;
};

}  // namespace weft::get
