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
  place_hint.store(slots.data(), std::memory_order_relaxed);
  size_hint.store(slots.size(), std::memory_order_relaxed);
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

// The two hints may be of different tables: a prefetch from anywhere is harmless.
void VisitedSet::expect(Fingerprint fingerprint) const noexcept {
  fingerprint = not_zero(fingerprint);
  const Shard& shard = shards_[shard_of(fingerprint)];
  const std::size_t slots = shard.size_hint.load(std::memory_order_relaxed);
  const auto begin =
      reinterpret_cast<std::uintptr_t>(shard.place_hint.load(std::memory_order_relaxed));
  const std::uintptr_t slot = begin + place(fingerprint, slots) * sizeof(Fingerprint);
  __builtin_prefetch(reinterpret_cast<const void*>(slot), 1);
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
