// The seam between InputReader and the formats.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

#include "weft/base/result.hpp"
#include "weft/get/input.hpp"

namespace weft::get {

using GoodOrBad = std::variant<Wanted, BadLine>;

// The entries of one input, in the order it has them.
class Entries {
 public:
  virtual ~Entries() = default;

  // Goes to the next entry without making anything of it; false at the end. Errors say why,
  // without the input's name.
  virtual Result<bool> advance() = 0;

  // What it stands at. REQUIRES: advance() was true; called at most once for each.
  virtual GoodOrBad entry() = 0;

  // The same as it is written, or its beginning; until the next advance().
  virtual std::string_view text() const { return {}; }
};

// What a person is to be told of good entries, the same thing once an input.
class Notes {
 public:
  explicit Notes(std::deque<InputNote>& to) : to_(to) {}

  void add(std::uint64_t line, std::string text) { to_.push_back({line, std::move(text)}); }

  // Only the first of those that have `key`, and only of a few different ones.
  void once(std::uint64_t line, std::string_view key, std::string text);

 private:
  std::deque<InputNote>& to_;
  std::set<std::string, std::less<>> told_;
};

}  // namespace weft::get
