// Text laid out by the columns a terminal gives it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace weft {

// UTF-8 that cannot steer a terminal: control characters and what is not UTF-8 become '?'.
std::string printable(std::string_view text);

// Columns that printable text takes: none for combining marks, two for wide characters
// (Unicode's East Asian Width W and F, the blocks in use).
std::size_t display_width(std::string_view text);

// The longest beginning of printable text that fits.
std::string_view cut_to_width(std::string_view text, std::size_t columns);

// "1 page", "2 pages".
std::string counted(std::uint64_t number, std::string_view noun);

// `label` at column 2, then `text` from column `indent` on, broken at spaces so that no
// line passes `columns` unless a word does.
std::string labelled(std::string_view label, std::string_view text, std::size_t indent,
                     std::size_t columns);

}  // namespace weft
