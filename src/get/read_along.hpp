// The right to have the verifier read a file while it still comes, so that receiving and digests
// share two cores. One file at a time has it: where several come, every worker has enough to do,
// and each hashes what it has at hand.
//
// Threads: take() from any thread; a right belongs to one owner.
#pragma once

#include <atomic>
#include <memory>
#include <optional>
#include <utility>

namespace weft::get {

class ReadAlong {
 public:
  // `taken` is shared, because a body may outlive the verifier.
  using Flag = std::shared_ptr<std::atomic<bool>>;

  // Nothing where another has it.
  static std::optional<ReadAlong> take(const Flag& taken) {
    if (taken->exchange(true)) return std::nullopt;
    return ReadAlong(taken);
  }

  ReadAlong(ReadAlong&& other) noexcept : taken_(std::exchange(other.taken_, nullptr)) {}
  ReadAlong& operator=(ReadAlong&&) = delete;
  ~ReadAlong() {
    if (taken_ != nullptr) *taken_ = false;
  }

 private:
  explicit ReadAlong(Flag taken) : taken_(std::move(taken)) {}

  Flag taken_;
};

}  // namespace weft::get
