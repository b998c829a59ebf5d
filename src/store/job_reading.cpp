#include "weft/store/job_reading.hpp"

#include <sqlite3.h>

namespace weft {

void JobReading::stop() {
  {
    const Lock lock(mutex_);
    stopped_ = true;
    // The flag ends every statement, but a checkpoint after a commit looks at this alone.
    if (database_ != nullptr) sqlite3_interrupt(database_);
  }
  changed_.notify_all();
}

// The count goes first: what is drawn meanwhile says too little rather than too much.
void JobReading::begin(Step step, std::uint64_t total) {
  read_ = 0;
  total_ = total;
  step_ = step;
}

bool JobReading::wait_until_stopped(Clock::duration longest) {
  const auto until = std::chrono::steady_clock::now() + longest;
  Lock lock(mutex_);
  while (!stopped_ && std::chrono::steady_clock::now() < until) changed_.wait_until(lock, until);
  return stopped_;
}

void JobReading::attach(sqlite3* database) {
  const Lock lock(mutex_);
  if (database_ == nullptr) database_ = database;
}

void JobReading::detach(const sqlite3* database) {
  const Lock lock(mutex_);
  if (database_ == database) database_ = nullptr;
}

}  // namespace weft
