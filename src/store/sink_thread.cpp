#include <utility>

#include "weft/store/sink.hpp"

namespace weft {

SinkThread::SinkThread(std::vector<std::unique_ptr<Sink>> sinks, std::size_t capacity,
                       std::function<void(const Error&)> on_failure)
    : capacity_(capacity),
      on_failure_(std::move(on_failure)),
      sinks_(std::move(sinks)),
      thread_([this] { run(); }) {}

SinkThread::~SinkThread() { (void)close(); }

bool SinkThread::push(Record record) {
  Lock lock(mutex_);
  while (queue_.size() >= capacity_ && !closing_ && !failure_) not_full_.wait(lock);
  if (closing_ || failure_) return false;
  queue_.push_back(std::move(record));
  const bool was_empty = queue_.size() == 1;
  lock.unlock();
  if (was_empty) not_empty_.notify_one();
  return true;
}

Result<void> SinkThread::close() {
  {
    Lock lock(mutex_);
    closing_ = true;
  }
  not_empty_.notify_one();
  not_full_.notify_all();
  if (thread_.joinable()) thread_.join();
  Lock lock(mutex_);
  if (failure_) return tl::unexpected(*failure_);
  return {};
}

void SinkThread::run() {
  bool closing = false;
  while (!closing) {
    std::deque<Record> batch = next_batch();
    closing = batch.empty();
    for (const Record& record : batch) {
      for (const auto& sink : sinks_) {
        if (!note(sink->write(record))) return close_sinks();
      }
    }
    if (!closing && !is_idle()) continue;
    for (const auto& sink : sinks_) {
      if (!note(sink->flush())) return close_sinks();
    }
  }
  close_sinks();
}

std::deque<Record> SinkThread::next_batch() {
  std::deque<Record> batch;
  Lock lock(mutex_);
  while (queue_.empty() && !closing_) not_empty_.wait(lock);
  batch.swap(queue_);
  lock.unlock();
  not_full_.notify_all();
  return batch;
}

bool SinkThread::is_idle() {
  Lock lock(mutex_);
  return queue_.empty();
}

// Also after a failure: what the other sinks have taken is theirs to keep.
void SinkThread::close_sinks() {
  for (const auto& sink : sinks_) note(sink->close());
}

bool SinkThread::note(const Result<void>& result) {
  if (result) return true;
  {
    Lock lock(mutex_);
    if (failure_) return false;
    failure_ = result.error();
    queue_.clear();
  }
  not_full_.notify_all();
  if (on_failure_) on_failure_(result.error());
  return false;
}

}  // namespace weft
