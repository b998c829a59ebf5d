#include "cli/values.hpp"

#include "weft/base/text.hpp"

namespace weft {
namespace {

bool is_token(std::string_view text) {  // RFC 9110 §5.6.2
  constexpr std::string_view kOthers = "!#$%&'*+-.^_`|~";
  return !text.empty() && std::ranges::all_of(text, [&](char c) {
    return is_ascii_alpha(c) || is_ascii_digit(c) || kOthers.find(c) != std::string_view::npos;
  });
}

bool is_control(char c) { return (static_cast<unsigned char>(c) < 0x20 && c != '\t') || c == 0x7f; }

}  // namespace

Result<std::uint64_t> parse_count(std::string_view text, std::uint64_t least, std::uint64_t most) {
  std::uint64_t count = 0;
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, count);
  const bool is_number =
      stop == end && (error == std::errc() || error == std::errc::result_out_of_range);
  if (text.empty() || !is_number) return fail("'{}' is not a whole number", text);
  if (error == std::errc() && count >= least && count <= most) return count;
  if (most == std::numeric_limits<std::uint64_t>::max()) {
    return fail("'{}' is out of range: write {} or more, up to {}", text, least, most);
  }
  return fail("'{}' is out of range: write a number from {} to {}", text, least, most);
}

Setter set_duration(Clock::duration& to) { return set_with(to, parse_duration); }

Setter set_duration_or(Clock::duration& to, Clock::duration unlimited) {
  return set_with(to, [unlimited](std::string_view value) {
    return parse_duration(value).map([unlimited](Clock::duration duration) {
      return duration == Clock::duration{} ? unlimited : duration;
    });
  });
}

Setter set_bytes(Bytes& to) { return set_with(to, parse_bytes); }

Setter set_text(std::string& to) {
  return set_with(to, [](std::string_view value) -> Result<std::string> {
    if (value.empty()) return fail("the value is empty");
    return std::string(value);
  });
}

Setter turn_on(bool& to) {
  return [&to](std::string_view) -> Result<void> {
    to = true;
    return {};
  };
}

Setter turn_off(bool& to) {
  return [&to](std::string_view) -> Result<void> {
    to = false;
    return {};
  };
}

Result<Header> parse_header(std::string_view text) {
  const std::size_t colon = text.find(':');
  const std::string_view name = text.substr(0, colon);
  if (colon == std::string_view::npos || !is_token(name)) {
    return fail("'{}' is not a header: write 'Name: value'", text);
  }
  if (std::ranges::any_of(text, is_control)) {
    return fail("the header '{}' holds control characters", name);
  }
  return Header{std::string(name), std::string(trim(text.substr(colon + 1)))};
}

Result<std::string> parse_agent(std::string_view text) {
  const bool is_name = !text.empty() && std::ranges::all_of(text, [](char c) {
    return is_ascii_alpha(c) || is_ascii_digit(c) || c == '-' || c == '_';
  });
  if (!is_name) {
    return fail(
        "'{}' is not a robots.txt product token: write letters, digits, '-' and '_', as "
        "in 'weft'",
        text);
  }
  return std::string(text);
}

}  // namespace weft
