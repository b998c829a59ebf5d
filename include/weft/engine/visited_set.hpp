// Every URL ever admitted, as 64-bit fingerprints: the one place where "is it new?" is
// answered.
//
// Threads: every method may be called from any thread; 64 shards, a mutex each.
// Memory:  8 bytes a slot, tables grown by half at 7/8 full: 9 to 14 bytes a URL.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <vector>

#include "weft/base/mutex.hpp"
#include "weft/url/identity.hpp"

namespace weft {

class VisitedSet {
 public:
  // True if it was not there before.
  bool insert(Fingerprint fingerprint);

  // `fingerprint` is about to be inserted: its place is fetched from memory meanwhile. Where there
  // are many, expecting them all before inserting the first takes a fraction of the time.
  void expect(Fingerprint fingerprint) const noexcept;

  // For counting alone: whether to fetch is what insert() says.
  bool contains(Fingerprint fingerprint) const;

  std::size_t size() const;
  std::size_t memory() const;  // bytes of all tables

 private:
  static constexpr std::size_t kShards = 64;

  // Open addressing with linear probing; slot 0 means empty. The table's size is any
  // number: a fingerprint's place is its upper bits scaled to it.
  struct alignas(64) Shard {
    bool insert(Fingerprint fingerprint) EXCLUDES(mutex);
    bool contains(Fingerprint fingerprint) const EXCLUDES(mutex);
    void grow() REQUIRES(mutex);

    mutable Mutex mutex;
    std::vector<Fingerprint> slots GUARDED_BY(mutex);
    std::size_t used GUARDED_BY(mutex) = 0;

    // Where the slots are, for expect() alone: they may be elsewhere by then.
    std::atomic<const Fingerprint*> place_hint{nullptr};
    std::atomic<std::size_t> size_hint{0};
  };

  std::array<Shard, kShards> shards_;
};

}  // namespace weft
