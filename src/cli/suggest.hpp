// What a misspelt word was probably meant to be.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

namespace weft {

// Letters added, dropped, changed or swapped with their neighbour between two words
// (optimal string alignment).
std::size_t edit_distance(std::string_view a, std::string_view b);

// The nearest of `known`, or empty where none is near: more than a third of the letters
// differ. A word that one of them begins with (--max-p) counts as near.
std::string nearest(std::string_view word, std::span<const std::string> known);

}  // namespace weft
