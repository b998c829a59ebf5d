// HTML §4.2.5.3 "shared declarative refresh steps".
#include <limits>

#include "page/tokens.hpp"
#include "weft/page/links.hpp"

namespace weft {

namespace {

using page::skip_space;
using page::take_while;

std::uint64_t number_of(std::string_view digits) {
  constexpr std::uint64_t kMax = std::numeric_limits<std::uint64_t>::max();
  std::uint64_t number = 0;
  for (const char c : digits) {
    const auto digit = static_cast<std::uint64_t>(c - '0');
    if (number > (kMax - digit) / 10) return kMax;  // as long a wait as can be written
    number = number * 10 + digit;
  }
  return number;
}

std::string_view unquote(std::string_view text) {
  if (text.empty() || (text.front() != '"' && text.front() != '\'')) return text;
  return text.substr(1, text.find(text.front(), 1) - 1);
}

// `text` is what follows the separator: "url=..." in its many spellings, or a bare URL.
std::string_view url_of(std::string_view text) {
  if (ascii_lower(text.front()) != 'u') return unquote(text);
  if (!starts_with_ignoring_case(text, "url")) return text;
  std::string_view rest = text.substr(3);
  skip_space(rest);
  if (!page::take(rest, '=')) return text;
  skip_space(rest);
  return unquote(rest);
}

}  // namespace

std::optional<Refresh> parse_refresh(std::string_view value) {
  skip_space(value);
  const std::string_view digits = take_while(value, is_ascii_digit);
  if (digits.empty() && (value.empty() || value.front() != '.')) return std::nullopt;
  take_while(value, [](char c) { return is_ascii_digit(c) || c == '.'; });

  Refresh refresh{.seconds = number_of(digits), .url = std::nullopt};
  if (value.empty()) return refresh;
  const char separator = value.front();
  if (separator != ';' && separator != ',' && !is_ascii_space(separator)) return std::nullopt;
  skip_space(value);
  if (!page::take(value, ';')) page::take(value, ',');
  skip_space(value);
  if (!value.empty()) refresh.url = std::string(url_of(value));
  return refresh;
}

}  // namespace weft
