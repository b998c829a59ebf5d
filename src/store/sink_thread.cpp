#include <algorithm>
#include <future>
#include <utility>

#include "weft/base/thread_name.hpp"
#include "weft/store/sink.hpp"

namespace weft {

using Time = std::chrono::steady_clock;

namespace {

bool is_fetch(const JournalEntry& entry) { return entry.record && entry.record->fetched_at; }

}  // namespace

SinkThread::SinkThread(std::vector<std::unique_ptr<Sink>> sinks, std::unique_ptr<JobDb> job,
                       std::size_t capacity, std::function<void(const Error&)> on_failure,
                       const Gather& gather)
    : capacity_(capacity),
      gather_{.longest = gather.longest,
              .enough = job ? std::clamp<std::size_t>(gather.enough, 1, capacity) : 1},
      keeps_job_(job != nullptr),
      on_failure_(std::move(on_failure)),
      sinks_(std::move(sinks)),
      job_(std::move(job)),
      thread_([this] { run(); }) {}

SinkThread::~SinkThread() { (void)close(); }

bool SinkThread::push(JournalEntry entry) {
  Lock lock(mutex_);
  while (entries_ >= capacity_ && !closing_ && !failure_) not_full_.wait(lock);
  if (closing_ || failure_) return false;
  if (keeps_job_ && is_fetch(entry)) uncommitted_ += 1;
  queue_.emplace_back(std::move(entry));
  ++entries_;
  // The thread sleeps until there is something, then until there is enough.
  const bool is_awaited = queue_.size() == 1 || entries_ == gather_.enough;
  lock.unlock();
  if (is_awaited) not_empty_.notify_one();
  return true;
}

void SinkThread::ask(Question question) { put(std::move(question), Urgency::at_once); }

void SinkThread::after_commit(std::function<void()> then) {
  put(Notice{std::move(then)}, Urgency::none);
}

Result<void> SinkThread::commit() {
  if (!keeps_job_) return {};
  auto committed = std::make_shared<std::promise<void>>();
  const std::future<void> answer = committed->get_future();
  put(Notice{[committed = std::move(committed)] { committed->set_value(); }}, Urgency::at_once);
  answer.wait();  // it ends too where the notice is dropped
  const Lock lock(mutex_);
  if (failure_) return tl::unexpected(*failure_);
  return {};
}

void SinkThread::put(Item item, Urgency urgency) {
  {
    Lock lock(mutex_);
    if (closing_ || failure_ || !keeps_job_) return;
    queue_.push_back(std::move(item));
    if (urgency == Urgency::at_once) is_urgent_ = true;
  }
  not_empty_.notify_one();
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
  name_thread("weft-sink");
  run_until_closed();
  // Also after a failure: what the sinks have taken is theirs to keep, and what the job was
  // given since its last commit is taken back.
  for (const auto& sink : sinks_) note(sink->close());
  job_.reset();
}

void SinkThread::run_until_closed() {
  while (true) {
    const std::deque<Item> batch = next_batch();
    if (!note(write_batch(batch))) return;
    // Without a job nobody waits for a commit: the buffers fill while there is more.
    if (!batch.empty() && !keeps_job_ && !is_idle()) continue;
    if (!note(flush()) || batch.empty()) return;
  }
}

std::deque<SinkThread::Item> SinkThread::next_batch() {
  std::deque<Item> batch;
  Lock lock(mutex_);
  while (queue_.empty() && !closing_) not_empty_.wait(lock);
  const Time::time_point until = Time::now() + gather_.longest;
  while (entries_ < gather_.enough && !is_urgent_ && !closing_ && Time::now() < until) {
    not_empty_.wait_until(lock, until);
  }
  batch.swap(queue_);
  entries_ = 0;
  is_urgent_ = false;
  lock.unlock();
  not_full_.notify_all();
  return batch;
}

bool SinkThread::is_idle() {
  Lock lock(mutex_);
  return queue_.empty();
}

Result<void> SinkThread::write_batch(const std::deque<Item>& batch) {
  for (const Item& item : batch) {
    Result<void> done;
    if (const auto* entry = std::get_if<JournalEntry>(&item)) {
      done = write(*entry);
    } else if (const auto* question = std::get_if<Question>(&item)) {
      done = (*question)(*job_);
    } else {
      after_commit_.push_back(std::get<Notice>(item).then);
    }
    if (!done) return done;
  }
  return {};
}

Result<void> SinkThread::write_to_sinks(const JournalEntry& entry) {
  for (const auto& sink : sinks_) {
    if (entry.record) {
      if (auto done = sink->write(*entry.record); !done) return done;
    }
    if (!entry.downloads) continue;
    for (const Record& record : entry.downloads->duplicates) {
      if (auto done = sink->write(record); !done) return done;
    }
    for (const std::string& line : entry.downloads->bad_lines) {
      if (auto done = sink->write_bad_line(line); !done) return done;
    }
  }
  return {};
}

Result<void> SinkThread::write(const JournalEntry& entry) {
  if (auto done = write_to_sinks(entry); !done) return done;
  if (!job_) return {};
  more_follows_ = entry.more_follows;
  if (is_fetch(entry)) ++written_;
  if (entry.record || entry.downloads) {
    for (const auto& sink : sinks_) {
      if (const auto end = sink->end()) job_->set_output_end(end->path, end->offset);
    }
  }
  if (entry.output) job_->set_output_end(entry.output->path, entry.output->offset);
  return job_->write(entry);
}

Result<void> SinkThread::flush() {
  for (const auto& sink : sinks_) {
    if (auto done = sink->flush(); !done) return done;
  }
  if (!job_ || more_follows_) return {};
  if (auto done = job_->commit(); !done) return done;
  uncommitted_ -= std::exchange(written_, 0);
  for (const auto& then : std::exchange(after_commit_, {})) then();
  return {};
}

bool SinkThread::note(const Result<void>& result) {
  if (result) return true;
  std::deque<Item> dropped;  // a question may own things: destroyed without the mutex
  {
    Lock lock(mutex_);
    if (failure_) return false;
    failure_ = result.error();
    dropped.swap(queue_);
    entries_ = 0;
    is_urgent_ = false;
  }
  not_full_.notify_all();
  if (on_failure_) on_failure_(result.error());
  return false;
}

}  // namespace weft
