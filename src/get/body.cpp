#include "get/body.hpp"

#include <algorithm>
#include <array>

namespace weft::get {

namespace {

// The most that is written at once: a range that is split keeps more than that.
constexpr std::size_t kMostWrite = 256u << 10;
static_assert(kMostWrite < Pieces::kLeast.count);

constexpr std::size_t kReadBack = 256u << 10;  // fits the CPU's cache

// Who reads along is called when so much is there: still in a cache, and worth waking somebody.
constexpr std::uint64_t kBehind = 4u << 20;

}  // namespace

std::uint64_t Pieces::next(std::uint64_t free) const {
  if (hands <= 1) return free;
  return std::clamp(free / (4 * hands), least.count, std::max(least, kMost).count);
}

Body::Body(SegmentPlan plan, std::unique_ptr<Outlet> outlet, const std::vector<Checksum>& expected,
           Pieces pieces, std::optional<ReadAlong> along)
    : outlet_(std::move(outlet)),
      pieces_(pieces),
      along_(std::move(along)),
      plan_(std::move(plan)) {
  digesters_.emplace_back(DigestAlgorithm::sha256);
  for (const Checksum& checksum : expected) {
    const auto same = [&](const Digester& each) { return each.algorithm() == checksum.algorithm; };
    if (std::ranges::none_of(digesters_, same)) digesters_.emplace_back(checksum.algorithm);
  }
}

std::uint64_t Body::size() const {
  const Lock lock(mutex_);
  return plan_.size();
}

std::uint64_t Body::done_bytes() const {
  const Lock lock(mutex_);
  return plan_.done_bytes();
}

bool Body::is_retired() const {
  const Lock lock(mutex_);
  return retired_;
}

bool Body::is_complete() const {
  const Lock lock(mutex_);
  return plan_.is_complete();
}

std::optional<ByteRange> Body::take(HandId hand) {
  const Lock lock(mutex_);
  if (retired_) return std::nullopt;
  const std::uint64_t most = plan_.size() == SegmentPlan::kUnknown
                                 ? SegmentPlan::kUnknown
                                 : pieces_.next(plan_.size() - plan_.done_bytes());
  if (auto range = plan_.take(hand, most)) return range;
  return plan_.split(hand, pieces_.least.count);
}

void Body::give_back(HandId hand) {
  const Lock lock(mutex_);
  plan_.give_back(hand);
}

// How many of `bytes` the hand may write: where its range is full, it goes on into what
// follows.
std::uint64_t Body::room_for(const Pen& pen, std::size_t bytes) {
  auto left = plan_.left(pen.hand);
  if (!left) {
    left = plan_.take_at(pen.hand, pen.at, pieces_.next(plan_.size() - plan_.done_bytes()));
  }
  return left ? std::min<std::uint64_t>({bytes, left->size(), kMostWrite}) : 0;
}

void Body::add_to_digests(std::string_view bytes) {
  for (Digester& digester : digesters_) digester.add(bytes);
}

bool Body::calls_reader() {
  if (!along_ || hashing_ || is_called_ || plan_.done_prefix() - hashed_ < kBehind) return false;
  is_called_ = true;
  return true;
}

Body::Written Body::write(Pen& pen, std::string_view bytes) {
  Written all;
  while (!bytes.empty()) {
    bool hashes = false;
    std::string_view part;
    {
      const Lock lock(mutex_);
      if (retired_) return {.how = Wrote::retired};
      part = bytes.substr(0, room_for(pen, bytes.size()));
      if (part.empty()) return {.how = Wrote::full};
      hashes = !along_ && !hashing_ && hashed_ == pen.at;
      if (hashes) hashing_ = true;
    }
    auto written = outlet_->write(pen.at, part);
    if (written && hashes) add_to_digests(part);
    {
      const Lock lock(mutex_);
      if (hashes) hashing_ = false;
      if (!written) return {.how = Wrote::failed, .failure = std::move(written).error()};
      if (hashes) hashed_ += part.size();
      plan_.advance(pen.hand, part.size());
      all.is_behind = calls_reader() || all.is_behind;
    }
    pen.at += part.size();
    bytes.remove_prefix(part.size());
  }
  return all;
}

void Body::end_at(std::uint64_t size) {
  const Lock lock(mutex_);
  plan_.end_at(size);
}

void Body::retire() {
  const Lock lock(mutex_);
  retired_ = true;
}

bool Body::needs_catching_up() const {
  const Lock lock(mutex_);
  return !retired_ && !hashing_ && hashed_ < plan_.done_prefix();
}

OutletResult<void> Body::catch_up(const std::stop_token& stop) {
  std::vector<char> buffer(kReadBack);
  std::uint64_t at = 0;
  {
    const Lock lock(mutex_);
    is_called_ = false;
    if (hashing_) return {};  // by a hand, which will see what is left when it ends
    hashing_ = true;
    at = hashed_;
  }
  OutletResult<void> done;
  while (true) {
    std::uint64_t end = 0;
    {
      const Lock lock(mutex_);
      hashed_ = at;
      end = plan_.done_prefix();
      if (at == end || retired_ || !done || stop.stop_requested()) {
        hashing_ = false;
        return done;
      }
    }
    const std::size_t wanted = std::min<std::uint64_t>(end - at, buffer.size());
    const auto read = outlet_->read(at, std::span(buffer).first(wanted));
    if (read && *read == wanted) {
      add_to_digests({buffer.data(), wanted});
      at += wanted;
    } else if (!read) {
      done = tl::unexpected(read.error());
    } else {
      done = tl::unexpected(OutletFailure{.message = "somebody else has cut the file meanwhile"});
    }
  }
}

bool Body::claim_end() {
  {
    const Lock lock(mutex_);
    if (retired_ || ended_ || !plan_.is_complete() || !is_hashed()) return false;
    ended_ = true;
  }
  for (Digester& digester : digesters_) {
    finished_.push_back({digester.algorithm(), digester.finish()});
  }
  return true;
}

std::optional<std::vector<ByteRange>> Body::synced() {
  std::vector<ByteRange> done;
  {
    const Lock lock(mutex_);
    if (retired_ || ended_) return std::nullopt;
    done = plan_.done();
  }
  if (!outlet_->sync()) return std::nullopt;
  return done;
}

const Checksum* contradicted(const std::vector<Checksum>& expected,
                             const std::vector<Checksum>& digests) {
  for (const Checksum& checksum : expected) {
    const auto found = std::ranges::find(digests, checksum.algorithm, &Checksum::algorithm);
    if (found != digests.end() && found->digest != checksum.digest) return &checksum;
  }
  return nullptr;
}

}  // namespace weft::get
