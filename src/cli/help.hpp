// Help texts: grouped, at most 80 columns, defaults shown, two real examples at the end.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "cli/option.hpp"

namespace weft {

struct HelpPage {
  std::vector<std::string> usage;  // "weft crawl [URL...] [-i FILE]"
  std::string about;               // what the command does: a paragraph
  const OptionTable* table = nullptr;
  std::vector<std::string> examples;  // whole command lines; a line that ends in '\' goes on
};

inline constexpr std::size_t kHelpColumns = 80;

std::string to_text(const HelpPage& page);

// `text` broken at spaces into lines of at most `columns`, as many as it takes; a word
// longer than that stands alone.
std::vector<std::string> wrap(std::string_view text, std::size_t columns);

}  // namespace weft
