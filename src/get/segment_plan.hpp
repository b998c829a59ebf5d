// Which bytes of a file are there, which are on their way, and by whose hand.
//
//   0 ──── done ────┬── taken by 1 ──┬── free ──┬── done ──┬── taken by 2 ──┬── free ── size
//
// A hand is one transfer. It takes a range, which it fills from its beginning on; what it has
// not filled it gives back.
//
// Threads:   none of its own: the download guards it.
// Invariant: its pieces cover [0, size) exactly, in order, none of them empty, no two done ones
//            or free ones side by side. A hand has at most one piece.
// Cost:      linear in the pieces, of which there are no more than three a hand and two for each
//            range that was given back.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <vector>

namespace weft::get {

struct ByteRange {
  std::uint64_t begin = 0;
  std::uint64_t end = 0;  // the first byte that is not in it

  std::uint64_t size() const { return end - begin; }
  friend bool operator==(const ByteRange&, const ByteRange&) = default;
};

using HandId = std::uint32_t;

class SegmentPlan {
 public:
  // A file whose size is not known is taken by one hand, whole, until end_at().
  static constexpr std::uint64_t kUnknown = std::numeric_limits<std::uint64_t>::max();

  // `done`: what a former run had; what lies outside the file counts for nothing.
  explicit SegmentPlan(std::uint64_t size = kUnknown, const std::vector<ByteRange>& done = {});

  std::uint64_t size() const { return size_; }  // kUnknown, perhaps
  bool is_complete() const;
  std::uint64_t done_bytes() const;
  std::uint64_t done_prefix() const;  // [0, so many) are there
  std::vector<ByteRange> done() const;

  // The first free bytes, at most `most`. Nothing where none are free.
  // REQUIRES, as the next two do: the hand has nothing.
  std::optional<ByteRange> take(HandId hand, std::uint64_t most);

  // The free bytes from `at` on, where that byte is free: how a hand goes on beyond its range.
  std::optional<ByteRange> take_at(HandId hand, std::uint64_t at, std::uint64_t most);

  // The later half of what is left of the largest taken range, where it would be at least
  // `least`. Whoever had it finds its range shortened.
  std::optional<ByteRange> split(HandId hand, std::uint64_t least);

  // What the hand has still to fill; nothing where it has nothing.
  std::optional<ByteRange> left(HandId hand) const;

  // So many of its bytes, from the beginning of what is left, are there.
  // REQUIRES: they are no more than what is left.
  void advance(HandId hand, std::uint64_t bytes);

  // What is left of its range is free; well if it has nothing.
  void give_back(HandId hand);

  // The file turns out to end here. REQUIRES: its size is unknown, and nothing at or after
  // `size` is there.
  void end_at(std::uint64_t size);

 private:
  enum class State : std::uint8_t { free, taken, done };
  struct Piece {
    std::uint64_t begin;
    std::uint64_t end;
    State state;
    HandId hand = 0;  // where taken
  };

  std::size_t of(HandId hand) const;  // pieces_.size() where it has none
  std::optional<ByteRange> take_from(std::size_t piece, HandId hand, std::uint64_t most);
  void merge_around(std::size_t piece);

  std::uint64_t size_;
  std::vector<Piece> pieces_;
};

}  // namespace weft::get
