// What a range of addresses is in host_world: one kind of host, and how it behaves.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

#include "weft/base/units.hpp"

namespace weft::bench {

enum class Kind : std::uint8_t { good, silent, drip, dripheader, refuse, nested, huge, bomb };
enum class Shape : std::uint8_t { star, chain, tree };
enum class Depth : std::uint8_t { font, div, both };  // what nested pages are made of

// Which targets a host answers as a good one does, whatever its kind.
enum class Well : std::uint8_t { nothing, robots, index };

struct HostRange {
  std::string text;  // as it was given
  std::uint32_t first = 0;
  std::uint32_t last = 0;  // IPv4, in this machine's order; included
  Kind kind = Kind::good;
  Shape shape = Shape::star;
  Depth depth = Depth::both;
  Well well = Well::robots;
  std::uint64_t pages = 3;  // 0: without end
  std::chrono::nanoseconds delay{0};
  std::chrono::nanoseconds gap = std::chrono::seconds(1);
  Bytes size{3000};         // of a page
  std::uint64_t ratio = 0;  // of a bomb, decoded to sent; 0: as high as gzip gets
  bool close = false;       // the connection after each answer

  bool has(std::uint32_t address) const { return first <= address && address <= last; }
  // Stands for more pages than anybody counts.
  bool is_endless() const { return pages == 0; }
};

// "127.50.0.0/16:kind=good,pages=3,delay=50ms". Throws std::invalid_argument with a message that
// names what is wrong.
HostRange parse_range(std::string_view text);

std::string_view to_text(Kind kind);
std::string dotted(std::uint32_t address);

// The part of --help that describes a range.
extern const std::string_view kRangeHelp;

}  // namespace weft::bench
