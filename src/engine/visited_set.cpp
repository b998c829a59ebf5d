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

// Its slot, or the first free one from its place on.
std::size_t slot_of(const std::vector<Fingerprint>& slots, Fingerprint fingerprint) {
  std::size_t i = place(fingerprint, slots.size());
  while (slots[i] != 0 && slots[i] != fingerprint) {
    if (++i == slots.size()) i = 0;
  }
  return i;
}

// 0 stands for an empty slot; the one URL in 2^64 that has it shares 1.
Fingerprint not_zero(Fingerprint fingerprint) { return fingerprint == 0 ? 1 : fingerprint; }

std::size_t shard_of(Fingerprint fingerprint) { return fingerprint >> (64 - kShardBits); }

}  // namespace

void VisitedSet::Shard::grow() {
  std::vector<Fingerprint> larger(slots.empty() ? kFirstSlots : slots.size() + slots.size() / 2);
  for (const Fingerprint fingerprint : slots) {
    if (fingerprint != 0) larger[slot_of(larger, fingerprint)] = fingerprint;
  }
  slots = std::move(larger);
}

bool VisitedSet::Shard::insert(Fingerprint fingerprint) {
  const Lock lock(mutex);
  if ((used + 1) * 8 > slots.size() * 7) grow();
  Fingerprint& slot = slots[slot_of(slots, fingerprint)];
  if (slot == fingerprint) return false;
  slot = fingerprint;
  ++used;
  return true;
}

bool VisitedSet::Shard::contains(Fingerprint fingerprint) const {
  const Lock lock(mutex);
  return !slots.empty() && slots[slot_of(slots, fingerprint)] == fingerprint;
}

bool VisitedSet::insert(Fingerprint fingerprint) {
  fingerprint = not_zero(fingerprint);
  return shards_[shard_of(fingerprint)].insert(fingerprint);
}

bool VisitedSet::contains(Fingerprint fingerprint) const {
  fingerprint = not_zero(fingerprint);
  return shards_[shard_of(fingerprint)].contains(fingerprint);
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
