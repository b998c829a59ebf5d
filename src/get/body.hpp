// The bytes of one file in the making: which are there (SegmentPlan), where they go (Outlet)
// and what they come to (digests). Several hands write it at once.
//
// Digests are of the bytes from the first on, without a gap: a hand that writes where they end
// adds its bytes while they are at hand; what has come out of order is read back by
// catch_up(), on a thread that has time for it. Where that may read along (ReadAlong), it reads
// all, and the hands do nothing but write.
//
// Where a file has to begin anew it gets a new Body, and the old one is retired: what is still
// on its way to that goes nowhere.
//
// Threads: every method may be called from any thread.
#pragma once

#include <memory>
#include <optional>
#include <stop_token>
#include <string_view>
#include <vector>

#include "get/outlet.hpp"
#include "get/read_along.hpp"
#include "get/segment_plan.hpp"
#include "weft/base/mutex.hpp"
#include "weft/base/units.hpp"
#include "weft/store/digest.hpp"

namespace weft::get {

// How large a range a hand takes at a time: all that is free shared among the hands four
// times over, so that the last ones end together.
struct Pieces {
  static constexpr Bytes kLeast = 1_MiB;  // far more than one write: see Body::write()
  static constexpr Bytes kMost = 256_MiB;

  Bytes least = 20_MiB;
  std::uint64_t hands = 1;  // at most

  std::uint64_t next(std::uint64_t free) const;
};

// Where a hand writes.
struct Pen {
  HandId hand = 0;
  std::uint64_t at = 0;
};

class Body {
 public:
  // Of `plan`, nothing is taken. Digests: sha256, and those that `expected` has.
  Body(SegmentPlan plan, std::unique_ptr<Outlet> outlet, const std::vector<Checksum>& expected,
       Pieces pieces, std::optional<ReadAlong> along = std::nullopt);

  std::uint64_t size() const EXCLUDES(mutex_);  // SegmentPlan::kUnknown, perhaps
  std::uint64_t done_bytes() const EXCLUDES(mutex_);
  bool is_retired() const EXCLUDES(mutex_);

  // A range for a hand that has none: free bytes, or half of what another one is slow with.
  std::optional<ByteRange> take(HandId hand) EXCLUDES(mutex_);
  void give_back(HandId hand) EXCLUDES(mutex_);

  enum class Wrote : std::uint8_t {
    all,
    full,     // as much as the hand's range had room for, and no more of the file was free
    retired,  // nothing
    failed,
  };
  struct Written {
    Wrote how = Wrote::all;
    OutletFailure failure{};
    bool is_behind = false;  // enough has come for catch_up() to be called
  };
  // The hand's next bytes, also beyond its range as long as what follows is free.
  Written write(Pen& pen, std::string_view bytes) EXCLUDES(mutex_);

  // The hand has read to the end of a body that did not say how long it is.
  void end_at(std::uint64_t size) EXCLUDES(mutex_);

  void retire() EXCLUDES(mutex_);

  // Are there bytes that no hand is adding to the digests?
  bool needs_catching_up() const EXCLUDES(mutex_);
  // Adds them until there are none, the file cannot be read, or a stop is requested.
  OutletResult<void> catch_up(const std::stop_token& stop) EXCLUDES(mutex_);

  // All bytes are there.
  bool is_complete() const EXCLUDES(mutex_);
  // True once, for one caller: all are there and in the digests, and it is not retired.
  bool claim_end() EXCLUDES(mutex_);

  // After claim_end() was true, to its caller alone:
  const std::vector<Checksum>& digests() const { return finished_; }  // sha256 first
  Outlet& outlet() { return *outlet_; }

  // The ranges that are there, on the disk for certain. Nothing where that fails.
  std::optional<std::vector<ByteRange>> synced() EXCLUDES(mutex_);

  // Nothing of it is wanted. REQUIRES: nobody writes.
  void drop() { outlet_->drop(); }

 private:
  std::uint64_t room_for(const Pen& pen, std::size_t bytes) REQUIRES(mutex_);
  bool calls_reader() REQUIRES(mutex_);
  void add_to_digests(std::string_view bytes);
  bool is_hashed() const REQUIRES(mutex_) { return !hashing_ && hashed_ == plan_.done_prefix(); }

  const std::unique_ptr<Outlet> outlet_;
  const Pieces pieces_;
  const std::optional<ReadAlong> along_;

  // Used by whoever has set hashing_, or claimed the end.
  std::vector<Digester> digesters_;
  std::vector<Checksum> finished_;

  mutable Mutex mutex_;
  SegmentPlan plan_ GUARDED_BY(mutex_);
  std::uint64_t hashed_ GUARDED_BY(mutex_) = 0;  // [0, so many) are in the digests
  bool hashing_ GUARDED_BY(mutex_) = false;      // somebody adds to them now
  bool is_called_ GUARDED_BY(mutex_) = false;    // catch_up() is about to come
  bool retired_ GUARDED_BY(mutex_) = false;
  bool ended_ GUARDED_BY(mutex_) = false;
};

// Which of them a file with these digests contradicts; nothing where none is known that it
// does not match. Of algorithms that were not computed nothing is said.
const Checksum* contradicted(const std::vector<Checksum>& expected,
                             const std::vector<Checksum>& digests);

}  // namespace weft::get
