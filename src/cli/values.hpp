// What options set: setters that read a value, check it, and say what would be right.
#pragma once

#include <algorithm>
#include <charconv>
#include <functional>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "weft/base/units.hpp"
#include "weft/net/http.hpp"

namespace weft {

using Setter = std::function<Result<void>(std::string_view value)>;

// A setter from a parser.
template <class T, class Parse>
Setter set_with(T& to, Parse parse) {
  return [&to, parse](std::string_view value) -> Result<void> {
    auto parsed = parse(value);
    if (!parsed) return tl::unexpected(std::move(parsed).error());
    to = std::move(*parsed);
    return {};
  };
}

// A whole number from `least` to `most`.
Result<std::uint64_t> parse_count(std::string_view text, std::uint64_t least, std::uint64_t most);

template <class Number>
Setter set_count(Number& to, std::uint64_t least, std::uint64_t most) {
  return set_with(to, [least, most](std::string_view value) {
    return parse_count(value, least, most).map([](auto count) {
      return static_cast<Number>(count);
    });
  });
}

// 0 stands for `unlimited`.
template <class Number>
Setter set_limit(Number& to, std::uint64_t most, Number unlimited) {
  return set_with(to, [most, unlimited](std::string_view value) {
    return parse_count(value, 0, most).map([unlimited](auto count) {
      return count == 0 ? unlimited : static_cast<Number>(count);
    });
  });
}

Setter set_duration(Clock::duration& to);
Setter set_duration_or(Clock::duration& to, Clock::duration unlimited);  // what 0 stands for
Setter set_bytes(Bytes& to);
Setter set_text(std::string& to);  // not empty
Setter turn_on(bool& to);
Setter turn_off(bool& to);

template <class T>
struct Choice {
  std::string_view name;
  T value;
};

// One of a few words.
template <class T>
Setter set_choice(T& to, std::vector<Choice<T>> choices) {
  return [&to, choices = std::move(choices)](std::string_view value) -> Result<void> {
    std::string names;
    for (std::size_t i = 0; i < choices.size(); ++i) {
      if (choices[i].name == value) {
        to = choices[i].value;
        return {};
      }
      if (i > 0) names += i + 1 == choices.size() ? " or " : ", ";
      names += choices[i].name;
    }
    return fail("'{}' is none of its values: write {}", value, names);
  };
}

// "Name: value" as RFC 9110 §5 has it.
Result<Header> parse_header(std::string_view text);

// robots.txt's product token (RFC 9309 §2.2.1: letters, '-' and '_'; digits are in use).
Result<std::string> parse_agent(std::string_view text);

}  // namespace weft
