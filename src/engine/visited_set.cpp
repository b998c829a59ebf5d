#include "weft/engine/visited_set.hpp"

namespace weft {

namespace {

constexpr std::size_t kFirstSlots = 64;
constexpr unsigned kShardBits = 6;

__extension__ using Wide = unsigned __int128;

// A fingerprint's place in a table of `slots`: its bits below the shard's, scaled.
std::size_t place(Fingerprint fingerprint, std::size_t slots) {
  const Fingerprint bits = fingerprint << kShardBits;
  return static_cast<std::size_t>((static_cast<Wide>(bits) * slots) >> 64);
}

// Puts it into the first free slot from its place on; false if it is there already.
bool probe(std::vector<Fingerprint>& slots, Fingerprint fingerprint) {
  std::size_t i = place(fingerprint, slots.size());
  while (slots[i] != 0) {
    if (slots[i] == fingerprint) return false;
    if (++i == slots.size()) i = 0;
  }
  slots[i] = fingerprint;
  return true;
}

}  // namespace

void VisitedSet::Shard::grow() {
  std::vector<Fingerprint> larger(slots.empty() ? kFirstSlots : slots.size() + slots.size() / 2);
  for (const Fingerprint fingerprint : slots) {
    if (fingerprint != 0) probe(larger, fingerprint);
  }
  slots = std::move(larger);
}

bool VisitedSet::Shard::insert(Fingerprint fingerprint) {
  const Lock lock(mutex);
  if ((used + 1) * 8 > slots.size() * 7) grow();
  const bool is_new = probe(slots, fingerprint);
  if (is_new) ++used;
  return is_new;
}

bool VisitedSet::insert(Fingerprint fingerprint) {
  // 0 stands for an empty slot; the one URL in 2^64 that has it shares 1.
  if (fingerprint == 0) fingerprint = 1;
  return shards_[fingerprint >> (64 - kShardBits)].insert(fingerprint);
}

std::size_t VisitedSet::size() const {
  std::size_t size = 0;
  for (const Shard& shard : shards_) {
    const Lock lock(shard.mutex);
    size += shard.used;
  }
  return size;
}

std::size_t VisitedSet::memory() const {
  std::size_t bytes = sizeof *this;
  for (const Shard& shard : shards_) {
    const Lock lock(shard.mutex);
    bytes += shard.slots.capacity() * sizeof(Fingerprint);
  }
  return bytes;
}

}  // namespace weft
