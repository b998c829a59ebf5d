// An entry of a list on its way to being fetched, and what a former run had of it.
#pragma once

#include <cstdint>
#include <optional>

#include "weft/get/input.hpp"
#include "weft/store/journal.hpp"

namespace weft::get {

struct Listed {
  Wanted wanted;
  std::uint64_t id = 0;  // Task::sequence, Record::sequence
  std::optional<PartNote> part{};
};

}  // namespace weft::get
