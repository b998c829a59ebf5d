// The downloads under way that are large enough to be shown, and whose parts are noted for a
// later run.
//
// Threads: every method may be called from any thread.
#pragma once

#include <algorithm>
#include <memory>
#include <vector>

#include "weft/base/mutex.hpp"

namespace weft::get {

class Download;

class OpenDownloads {
 public:
  void add(std::shared_ptr<Download> download) EXCLUDES(mutex_) {
    const Lock lock(mutex_);
    open_.push_back(std::move(download));
  }

  // Well if it is not there.
  void remove(const Download& download) EXCLUDES(mutex_) {
    std::shared_ptr<Download> removed;  // destroyed without the mutex
    const Lock lock(mutex_);
    const auto found = std::ranges::find(open_, &download, &std::shared_ptr<Download>::get);
    if (found == open_.end()) return;
    removed = std::move(*found);
    *found = std::move(open_.back());
    open_.pop_back();
  }

  std::vector<std::shared_ptr<Download>> all() const EXCLUDES(mutex_) {
    const Lock lock(mutex_);
    return open_;
  }

 private:
  mutable Mutex mutex_;
  std::vector<std::shared_ptr<Download>> open_ GUARDED_BY(mutex_);
};

}  // namespace weft::get
