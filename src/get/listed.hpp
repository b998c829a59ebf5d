// An entry of a list on its way to being fetched, and what a former run had of it.
#pragma once

#include <cstdint>
#include <optional>

#include "weft/get/input.hpp"
#include "weft/store/journal.hpp"
#include "weft/store/record.hpp"

namespace weft::get {

struct Listed {
  Wanted wanted;
  std::uint64_t id = 0;        // Task::sequence, Record::sequence
  std::uint64_t identity = 0;  // Task::identity
  std::optional<PartNote> part{};
};

// As much of an entry's record as is known before anybody is asked, but for its number.
Record record_of(const Wanted& wanted);

}  // namespace weft::get
