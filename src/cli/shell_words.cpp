#include "cli/shell_words.hpp"

#include <algorithm>

#include "weft/base/text.hpp"

namespace weft {
namespace {

bool is_plain(char c) {
  constexpr std::string_view kOthers = "%+,-./:=@_";
  return is_ascii_alpha(c) || is_ascii_digit(c) || kOthers.find(c) != std::string_view::npos;
}

}  // namespace

std::string shell_word(std::string_view word) {
  if (!word.empty() && std::ranges::all_of(word, is_plain)) return std::string(word);
  std::string quoted = "'";
  for (const char c : word) {
    if (c == '\'') {
      quoted += "'\\''";
    } else {
      quoted += c;
    }
  }
  return quoted + "'";
}

std::string shell_path(std::string_view path) {
  const bool looks_like_option = path.starts_with('-');
  return shell_word((looks_like_option ? "./" : "") + std::string(path));
}

}  // namespace weft
