#include "weft/net/http.hpp"

#include <algorithm>

#include "weft/base/text.hpp"

namespace weft {

bool is_sendable(const Header& header) {
  const auto token_char = [](char c) {  // RFC 9110 §5.6.2
    return is_ascii_alpha(c) || is_ascii_digit(c) ||
           std::string_view("!#$%&'*+-.^_`|~").find(c) != std::string_view::npos;
  };
  return !header.name.empty() && std::ranges::all_of(header.name, token_char) &&
         header.value.find_first_of(std::string_view("\r\n\0", 3)) == header.value.npos;
}

void Headers::add(std::string_view name, std::string_view value) {
  list_.push_back({std::string(name), std::string(value)});
}

void Headers::append_to_last(std::string_view more) { list_.back().value.append(" ").append(more); }

std::optional<std::string_view> Headers::get(std::string_view name) const {
  for (const Header& header : list_) {
    if (equals_ignoring_case(header.name, name)) return header.value;
  }
  return std::nullopt;
}

std::vector<std::string_view> Headers::get_all(std::string_view name) const {
  std::vector<std::string_view> values;
  for (const Header& header : list_) {
    if (equals_ignoring_case(header.name, name)) values.push_back(header.value);
  }
  return values;
}

}  // namespace weft
