#include "bench/world_range.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <stdexcept>

#include "weft/net/address.hpp"

namespace weft::bench {

const std::string_view kRangeHelp =
    R"(RANGE is ADDRESS[/BITS]:KEY=VALUE,... within 127.0.0.0/8; the first range that has an address
decides. Keys:
  kind=good        answers all, keep-alive (default)
       silent      accepts and never answers
       drip        a valid head, then a byte each gap, for ever
       dripheader  a head without end, a byte each gap
       refuse      resets each connection at once
       nested      <p><font size=N> of 49 kB and <div> of 200 kB, nested, with links
       huge        pages of 30 MB, with links
       bomb        gzip of zeros, with links
  well=WHAT        answered as a good host does: nothing, robots (robots.txt) or index (that,
                   and /). Default: robots; of silent, drip, dripheader and refuse: nothing
  pages=N          / and /p1 to /p(N-1); 0: without end. Default: 3; of nested, huge and bomb: 0;
                   of the others that are not good: 20
  shape=star       / links to all (default of good)
       chain       each links to the next
       tree        each links to ten (default of nested, huge and bomb)
  delay=DUR        before an answer (default 0)
  gap=DUR          between two bytes of drip and dripheader (default 1s)
  size=SIZE        of a page, decoded (default 3000; of huge 30MB; of bomb 10MB)
  depth=font|div   nested: one sort of page only (default: both, in turns)
  ratio=N          bomb: decoded bytes for each that is sent (default: what gzip makes of
                   zeros, 1000), for clients that refuse higher ones
  close=yes        closes after each answer, and says so
)";

namespace {

template <class Value>
struct Named {
  std::string_view name;
  Value value;
};

constexpr std::array kKinds{
    Named<Kind>{"good", Kind::good},     Named<Kind>{"silent", Kind::silent},
    Named<Kind>{"drip", Kind::drip},     Named<Kind>{"dripheader", Kind::dripheader},
    Named<Kind>{"refuse", Kind::refuse}, Named<Kind>{"nested", Kind::nested},
    Named<Kind>{"huge", Kind::huge},     Named<Kind>{"bomb", Kind::bomb}};
constexpr std::array kShapes{Named<Shape>{"star", Shape::star}, Named<Shape>{"chain", Shape::chain},
                             Named<Shape>{"tree", Shape::tree}};
constexpr std::array kDepths{Named<Depth>{"font", Depth::font}, Named<Depth>{"div", Depth::div},
                             Named<Depth>{"both", Depth::both}};
constexpr std::array kWells{Named<Well>{"nothing", Well::nothing},
                            Named<Well>{"robots", Well::robots}, Named<Well>{"index", Well::index}};
constexpr std::array kYes{Named<bool>{"yes", true}, Named<bool>{"no", false}};

[[noreturn]] void refuse(std::string_view what, std::string_view text) {
  throw std::invalid_argument(fmt::format("'{}' is not {}", text, what));
}

template <class Table>
auto value_of(const Table& table, std::string_view text, std::string_view what) {
  const auto* const found = std::ranges::find(table, text, &Table::value_type::name);
  if (found == table.end()) refuse(what, text);
  return found->value;
}

std::uint64_t number(std::string_view text) {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) refuse("a number", text);
  return value;
}

std::chrono::nanoseconds duration(std::string_view text) {
  const auto parsed = parse_duration(text);
  if (!parsed) refuse("a duration", text);
  return *parsed;
}

Bytes bytes(std::string_view text) {
  const auto parsed = parse_bytes(text);
  if (!parsed) refuse("a size", text);
  return *parsed;
}

void set_addresses(std::string_view text, HostRange& range) {
  const std::size_t slash = text.find('/');
  const auto address = parse_ip(text.substr(0, slash));
  if (!address || address->v6 || address->octets[0] != 127) {
    refuse("an address of 127.0.0.0/8", text);
  }
  for (std::size_t i = 0; i < 4; ++i) range.first = range.first << 8 | address->octets[i];
  const std::uint64_t bits = slash == text.npos ? 32 : number(text.substr(slash + 1));
  if (bits < 8 || bits > 32) refuse("a range of 127.0.0.0/8", text);
  const auto below = static_cast<std::uint32_t>((std::uint64_t{1} << (32 - bits)) - 1);
  range.first &= ~below;
  range.last = range.first | below;
}

void set_defaults(Kind kind, HostRange& range) {
  range.kind = kind;
  switch (kind) {
    case Kind::good:
      break;
    case Kind::silent:
    case Kind::drip:
    case Kind::dripheader:
    case Kind::refuse:
      range.well = Well::nothing;
      range.pages = 20;
      break;
    case Kind::nested:
    case Kind::huge:
    case Kind::bomb:
      range.shape = Shape::tree;
      range.pages = 0;
      range.size = Bytes{kind == Kind::bomb ? 10'000'000U : 30'000'000U};
      break;
  }
}

void set(std::string_view key, std::string_view value, HostRange& range) {
  if (key == "kind") {
    set_defaults(value_of(kKinds, value, "a kind of host"), range);
  } else if (key == "well") {
    range.well = value_of(kWells, value, "nothing, robots or index");
  } else if (key == "pages") {
    range.pages = number(value);
  } else if (key == "shape") {
    range.shape = value_of(kShapes, value, "a shape");
  } else if (key == "delay") {
    range.delay = duration(value);
  } else if (key == "gap") {
    range.gap = duration(value);
  } else if (key == "size") {
    range.size = bytes(value);
  } else if (key == "depth") {
    range.depth = value_of(kDepths, value, "font, div or both");
  } else if (key == "ratio") {
    range.ratio = number(value);
  } else if (key == "close") {
    range.close = value_of(kYes, value, "yes or no");
  } else {
    refuse("a key", key);
  }
}

}  // namespace

HostRange parse_range(std::string_view text) {
  HostRange range;
  range.text = text;
  const std::size_t colon = text.find(':');
  set_addresses(text.substr(0, colon), range);
  std::string_view rest = colon == text.npos ? "" : text.substr(colon + 1);
  if (!rest.empty() && !rest.starts_with("kind=")) {
    throw std::invalid_argument(fmt::format("'{}': kind= comes first", text));
  }
  while (!rest.empty()) {
    const std::string_view pair = rest.substr(0, rest.find(','));
    rest.remove_prefix(std::min(pair.size() + 1, rest.size()));
    const std::size_t equals = std::min(pair.find('='), pair.size());
    set(pair.substr(0, equals), pair.substr(std::min(equals + 1, pair.size())), range);
  }
  if (range.is_endless() && range.shape == Shape::star) {
    throw std::invalid_argument(fmt::format("'{}': a star without end", text));
  }
  return range;
}

std::string_view to_text(Kind kind) {
  return std::ranges::find(kKinds, kind, &Named<Kind>::value)->name;
}

std::string dotted(std::uint32_t address) {
  return fmt::format("{}.{}.{}.{}", address >> 24, address >> 16 & 255, address >> 8 & 255,
                     address & 255);
}

}  // namespace weft::bench
