// HTML §4.8.4.2.1 "Parsing a srcset attribute": of each candidate only the URL is kept,
// and only where its descriptors are ones a browser accepts.
#include <algorithm>

#include "page/tokens.hpp"
#include "weft/page/links.hpp"

namespace weft {

namespace {

using page::take;
using page::take_while;

// HTML §2.3.4.3 "valid floating-point number", not negative.
bool is_density(std::string_view number) {
  const bool negative = take(number, '-');
  const std::string_view whole = take_while(number, is_ascii_digit);
  std::string_view fraction;
  if (take(number, '.')) {
    fraction = take_while(number, is_ascii_digit);
    if (fraction.empty()) return false;
  }
  if (whole.empty() && fraction.empty()) return false;
  const auto only_zeros = [](std::string_view digits) {
    return digits.find_first_not_of('0') == std::string_view::npos;
  };
  const bool zero = only_zeros(whole) && only_zeros(fraction);
  if (take(number, 'e') || take(number, 'E')) {
    if (!take(number, '-')) take(number, '+');
    if (take_while(number, is_ascii_digit).empty()) return false;
  }
  return number.empty() && (!negative || zero);
}

bool is_positive_integer(std::string_view number) {
  const bool some = number.find_first_not_of('0') != std::string_view::npos;
  take_while(number, is_ascii_digit);
  return some && number.empty();
}

// Which descriptors a candidate has had; `sound` until one cannot stand.
struct Descriptors {
  bool width = false;
  bool height = false;
  bool density = false;
  bool sound = true;

  void add(std::string_view descriptor) {
    if (descriptor.empty()) return;
    const std::string_view number = descriptor.substr(0, descriptor.size() - 1);
    switch (descriptor.back()) {
      case 'w':
        sound = sound && !width && !density && is_positive_integer(number);
        width = true;
        return;
      case 'h':
        sound = sound && !height && !density && is_positive_integer(number);
        height = true;
        return;
      case 'x':
        sound = sound && !width && !height && !density && is_density(number);
        density = true;
        return;
      default:
        sound = false;
    }
  }

  bool acceptable() const { return sound && (width || !height); }
};

// Takes the descriptors that follow a URL, past the comma that ends them. Commas within
// parentheses are part of a descriptor, whatever that may one day mean.
bool take_descriptors(std::string_view& rest) {
  Descriptors descriptors;
  std::size_t begin = 0;
  std::size_t at = 0;
  bool in_parentheses = false;
  for (; at < rest.size(); ++at) {
    const char c = rest[at];
    if (in_parentheses) {
      in_parentheses = c != ')';
      continue;
    }
    in_parentheses = c == '(';
    if (c != ',' && !is_ascii_space(c)) continue;
    descriptors.add(rest.substr(begin, at - begin));
    begin = at + 1;
    if (c == ',') break;
  }
  if (at >= rest.size()) descriptors.add(rest.substr(std::min(begin, at)));
  rest.remove_prefix(std::min(at + 1, rest.size()));
  return descriptors.acceptable();
}

}  // namespace

std::vector<std::string> parse_srcset(std::string_view value) {
  std::vector<std::string> urls;
  while (true) {
    take_while(value, [](char c) { return c == ',' || is_ascii_space(c); });
    if (value.empty()) return urls;
    std::string_view url = take_while(value, [](char c) { return !is_ascii_space(c); });
    bool acceptable = true;
    if (url.back() == ',') {
      while (url.back() == ',') url.remove_suffix(1);
    } else {
      acceptable = take_descriptors(value);
    }
    if (acceptable) urls.emplace_back(url);
  }
}

}  // namespace weft
