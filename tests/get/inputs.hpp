// Inputs read whole, their entries as text.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "weft/get/input.hpp"

namespace weft::test {

// "LINE: the line of a list", "bad LINE: WHY", "note LINE: TEXT"; at last "error: WHY" where
// reading broke off.
using Read = std::vector<std::string>;

Read read_input(InputReader& reader);

// Of a file of that text, with the file's name left out of errors.
Read read_text(std::string_view text, InputFormat format = InputFormat::automatic,
               std::uint64_t skip = 0);

// The same without notes.
Read without_notes(Read read);

}  // namespace weft::test
