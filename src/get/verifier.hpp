// The thread that reads back what digests have still to be made of, and ends downloads whose
// last bytes came before that was done: so that no worker is ever held up by a large file.
//
// Threads: post() from any thread; the rest from the owner's.
#pragma once

#include <deque>
#include <memory>
#include <optional>
#include <stop_token>
#include <thread>
#include <utility>

#include "get/read_along.hpp"
#include "weft/base/mutex.hpp"
#include "weft/engine/frontier.hpp"

namespace weft::get {

class Download;

class Verifier {
 public:
  // The frontier is not drained while anything is to be verified.
  explicit Verifier(Frontier& frontier) : frontier_(frontier), thread_([this] { run(); }) {}
  ~Verifier() { close(); }

  void post(std::shared_ptr<Download> download) EXCLUDES(mutex_);

  // For a file of that size whose bytes can be read back, where it is worth it and nobody has it.
  std::optional<ReadAlong> read_along(std::uint64_t size) const;

  // Verifies what was posted and is whole, and joins. May be called again.
  void close() EXCLUDES(mutex_);
  // Verifies nothing more: what is whole is left for a later run.
  void drop() { drop_.request_stop(); }

 private:
  using Item = std::pair<std::shared_ptr<Download>, Hold>;
  void run() EXCLUDES(mutex_);
  std::optional<Item> next() EXCLUDES(mutex_);

  Frontier& frontier_;
  const ReadAlong::Flag read_along_ = std::make_shared<std::atomic<bool>>(false);
  std::stop_source finish_;  // what is not whole
  std::stop_source drop_;
  Mutex mutex_;
  Condition not_empty_;
  std::deque<Item> queue_ GUARDED_BY(mutex_);
  bool closing_ GUARDED_BY(mutex_) = false;
  std::thread thread_;  // last: starts when the rest exists
};

}  // namespace weft::get
