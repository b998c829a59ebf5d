#include "get/segment_plan.hpp"

#include <algorithm>

namespace weft::get {

SegmentPlan::SegmentPlan(std::uint64_t size, const std::vector<ByteRange>& done) : size_(size) {
  std::vector<ByteRange> sorted = done;
  std::ranges::sort(sorted, {}, &ByteRange::begin);
  std::uint64_t at = 0;
  const auto add = [&](std::uint64_t end, State state) {
    if (end <= at) return;
    if (!pieces_.empty() && pieces_.back().state == state) {
      pieces_.back().end = end;
    } else {
      pieces_.push_back({at, end, state});
    }
    at = end;
  };
  for (const ByteRange& range : sorted) {
    add(std::min(range.begin, size), State::free);
    add(std::min(range.end, size), State::done);
  }
  add(size, State::free);
}

bool SegmentPlan::is_complete() const {
  return std::ranges::all_of(pieces_,
                             [](const Piece& piece) { return piece.state == State::done; });
}

std::uint64_t SegmentPlan::done_bytes() const {
  std::uint64_t bytes = 0;
  for (const ByteRange& range : done()) bytes += range.size();
  return bytes;
}

std::uint64_t SegmentPlan::done_prefix() const {
  return !pieces_.empty() && pieces_.front().state == State::done ? pieces_.front().end : 0;
}

std::vector<ByteRange> SegmentPlan::done() const {
  std::vector<ByteRange> ranges;
  for (const Piece& piece : pieces_) {
    if (piece.state == State::done) ranges.push_back({piece.begin, piece.end});
  }
  return ranges;
}

std::size_t SegmentPlan::of(HandId hand) const {
  const auto found = std::ranges::find_if(pieces_, [hand](const Piece& piece) {
    return piece.state == State::taken && piece.hand == hand;
  });
  return static_cast<std::size_t>(found - pieces_.begin());
}

std::optional<ByteRange> SegmentPlan::take_from(std::size_t at, HandId hand, std::uint64_t most) {
  Piece& piece = pieces_[at];
  const Piece rest = {piece.begin + std::min(most, piece.end - piece.begin), piece.end,
                      State::free};
  piece = {piece.begin, rest.begin, State::taken, hand};
  const ByteRange taken{piece.begin, piece.end};
  if (rest.begin < rest.end) {
    pieces_.insert(pieces_.begin() + static_cast<std::ptrdiff_t>(at) + 1, rest);
  }
  return taken;
}

std::optional<ByteRange> SegmentPlan::take(HandId hand, std::uint64_t most) {
  if (most == 0) return std::nullopt;
  for (std::size_t i = 0; i < pieces_.size(); ++i) {
    if (pieces_[i].state == State::free) return take_from(i, hand, most);
  }
  return std::nullopt;
}

std::optional<ByteRange> SegmentPlan::take_at(HandId hand, std::uint64_t at, std::uint64_t most) {
  if (most == 0) return std::nullopt;
  for (std::size_t i = 0; i < pieces_.size(); ++i) {
    const Piece piece = pieces_[i];
    if (at < piece.begin || at >= piece.end) continue;
    if (piece.state != State::free) return std::nullopt;
    if (at == piece.begin) return take_from(i, hand, most);
    pieces_[i].end = at;
    pieces_.insert(pieces_.begin() + static_cast<std::ptrdiff_t>(i) + 1,
                   {at, piece.end, State::free});
    return take_from(i + 1, hand, most);
  }
  return std::nullopt;
}

std::optional<ByteRange> SegmentPlan::split(HandId hand, std::uint64_t least) {
  if (size_ == kUnknown) return std::nullopt;
  auto largest = pieces_.end();
  for (auto piece = pieces_.begin(); piece != pieces_.end(); ++piece) {
    if (piece->state != State::taken) continue;
    if (largest == pieces_.end() || piece->end - piece->begin > largest->end - largest->begin) {
      largest = piece;
    }
  }
  if (largest == pieces_.end()) return std::nullopt;
  const std::uint64_t half = (largest->end - largest->begin) / 2;
  if (half == 0 || half < least) return std::nullopt;
  const Piece later{largest->end - half, largest->end, State::taken, hand};
  largest->end = later.begin;
  pieces_.insert(largest + 1, later);
  return ByteRange{later.begin, later.end};
}

std::optional<ByteRange> SegmentPlan::left(HandId hand) const {
  const std::size_t at = of(hand);
  if (at == pieces_.size()) return std::nullopt;
  return ByteRange{pieces_[at].begin, pieces_[at].end};
}

void SegmentPlan::advance(HandId hand, std::uint64_t bytes) {
  if (bytes == 0) return;
  const std::size_t at = of(hand);
  Piece& piece = pieces_[at];
  const Piece filled{piece.begin, piece.begin + bytes, State::done};
  piece.begin = filled.end;
  const bool is_full = piece.begin == piece.end;
  const bool goes_on = at > 0 && pieces_[at - 1].state == State::done;
  if (goes_on) {
    pieces_[at - 1].end = filled.end;
    if (!is_full) return;
    pieces_.erase(pieces_.begin() + static_cast<std::ptrdiff_t>(at));
    merge_around(at - 1);
  } else if (is_full) {
    piece = filled;
    merge_around(at);
  } else {
    pieces_.insert(pieces_.begin() + static_cast<std::ptrdiff_t>(at), filled);
  }
}

void SegmentPlan::give_back(HandId hand) {
  const std::size_t at = of(hand);
  if (at == pieces_.size()) return;
  pieces_[at].state = State::free;
  merge_around(at);
}

void SegmentPlan::end_at(std::uint64_t size) {
  size_ = size;
  while (!pieces_.empty() && pieces_.back().begin >= size) pieces_.pop_back();
  if (!pieces_.empty()) pieces_.back().end = std::min(pieces_.back().end, size);
}

// Of the same state as its neighbours, it is one with them.
void SegmentPlan::merge_around(std::size_t at) {
  const auto join_next = [this](std::size_t i) {
    if (i + 1 >= pieces_.size() || pieces_[i].state != pieces_[i + 1].state) return;
    if (pieces_[i].state == State::taken) return;
    pieces_[i].end = pieces_[i + 1].end;
    pieces_.erase(pieces_.begin() + static_cast<std::ptrdiff_t>(i) + 1);
  };
  join_next(at);
  if (at > 0) join_next(at - 1);
}

}  // namespace weft::get
