#include "page/named_chars.hpp"

#include <algorithm>
#include <charconv>
#include <vector>

namespace weft::page {

namespace {

char32_t hex(std::string_view digits) {
  std::uint32_t value = 0;
  std::from_chars(digits.data(), digits.data() + digits.size(), value, 16);
  return value;
}

NamedChar parse_entry(std::string_view entry) {
  NamedChar named;
  const std::size_t mark = entry.find_first_of("=!");
  const std::string_view chars = entry.substr(mark + 1);
  const std::size_t plus = chars.find('+');
  named.name = entry.substr(0, mark);
  named.without_semicolon = entry[mark] == '!';
  named.first = hex(chars.substr(0, plus));
  if (plus != std::string_view::npos) named.second = hex(chars.substr(plus + 1));
  return named;
}

std::vector<NamedChar> parse_table() {
  std::vector<NamedChar> table;
  table.reserve(2200);
  std::string_view rest = kNamedChars;
  while (!rest.empty()) {
    const std::size_t space = rest.find(' ');
    table.push_back(parse_entry(rest.substr(0, space)));
    rest.remove_prefix(space + 1);
  }
  return table;
}

}  // namespace

const NamedChar* find_named_char(std::string_view name) {
  static const std::vector<NamedChar> table = parse_table();
  const auto found =
      std::lower_bound(table.begin(), table.end(), name,
                       [](const NamedChar& a, std::string_view b) { return a.name < b; });
  return found != table.end() && found->name == name ? &*found : nullptr;
}

}  // namespace weft::page
