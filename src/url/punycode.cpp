#include "url/punycode.hpp"

#include <algorithm>
#include <cstdint>
#include <limits>

#include "weft/base/text.hpp"

namespace weft::url {

namespace {

constexpr std::uint32_t kBase = 36;
constexpr std::uint32_t kInitialBias = 72;
constexpr char32_t kInitial = 0x80;

// RFC 3492 §6.1.
std::uint32_t adapted_bias(std::uint32_t delta, std::uint32_t points, bool first) {
  delta = first ? delta / 700 : delta / 2;
  delta += delta / points;
  std::uint32_t k = 0;
  for (; delta > 455; k += kBase) delta /= 35;
  return k + kBase * delta / (delta + 38);
}

// How many digits' worth the digit of weight `k` can hold before it is the last.
std::uint32_t threshold(std::uint32_t k, std::uint32_t bias) {
  return k <= bias ? 1 : std::min<std::uint32_t>(k - bias, 26);
}

void append_number(std::string& out, std::uint32_t number, std::uint32_t bias) {
  const auto digit = [](std::uint32_t d) {
    return static_cast<char>(d < 26 ? 'a' + d : '0' + d - 26);
  };
  for (std::uint32_t k = kBase;; k += kBase) {
    const std::uint32_t t = threshold(k, bias);
    if (number < t) break;
    out += digit(t + (number - t) % (kBase - t));
    number = (number - t) / (kBase - t);
  }
  out += digit(number);
}

// Takes one number off the front of `text`; nothing where none is or none so large.
std::optional<std::uint32_t> take_number(std::string_view& text, std::uint32_t bias) {
  constexpr std::uint64_t kLargest = std::numeric_limits<std::uint32_t>::max();
  std::uint64_t number = 0;
  std::uint64_t weight = 1;
  for (std::uint32_t k = kBase; !text.empty(); k += kBase) {
    const char c = ascii_lower(text.front());
    text.remove_prefix(1);
    if (!is_ascii_alpha(c) && !is_ascii_digit(c)) return std::nullopt;
    const auto digit = static_cast<std::uint32_t>(is_ascii_digit(c) ? c - '0' + 26 : c - 'a');
    number += digit * weight;
    if (number > kLargest) return std::nullopt;
    const std::uint32_t t = threshold(k, bias);
    if (digit < t) return static_cast<std::uint32_t>(number);
    weight *= kBase - t;
    if (weight > kLargest) return std::nullopt;
  }
  return std::nullopt;
}

}  // namespace

// RFC 3492 §6.3.
void append_punycode(std::string& out, std::u32string_view label) {
  static_assert(kMaxLabel * 0x110000 < std::numeric_limits<std::uint32_t>::max());
  std::uint32_t done = 0;
  for (const char32_t c : label) {
    if (c >= kInitial) continue;
    out += static_cast<char>(c);
    ++done;
  }
  const std::uint32_t basic = done;
  if (basic > 0) out += '-';

  char32_t next = kInitial;
  std::uint32_t delta = 0;
  std::uint32_t bias = kInitialBias;
  while (done < label.size()) {
    char32_t least = std::numeric_limits<char32_t>::max();
    for (const char32_t c : label) {
      if (c >= next) least = std::min(least, c);
    }
    delta += (least - next) * (done + 1);
    for (const char32_t c : label) {
      if (c < least) ++delta;
      if (c != least) continue;
      append_number(out, delta, bias);
      bias = adapted_bias(delta, done + 1, done == basic);
      ++done;
      delta = 0;
    }
    ++delta;
    next = least + 1;
  }
}

// RFC 3492 §6.2.
std::optional<std::u32string> from_punycode(std::string_view text) {
  const std::size_t dash = text.rfind('-');
  std::u32string label;
  if (dash != std::string_view::npos) {
    label.assign(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(dash));
    text.remove_prefix(dash + 1);
  }
  const std::size_t basic = label.size();
  char32_t c = kInitial;
  std::uint32_t at = 0;
  std::uint32_t bias = kInitialBias;
  while (!text.empty()) {
    const auto delta = take_number(text, bias);
    const auto size = static_cast<std::uint32_t>(label.size() + 1);
    if (!delta || size > kMaxLabel) return std::nullopt;
    const std::uint64_t place = std::uint64_t{at} + *delta;
    const std::uint64_t code_point = c + place / size;
    if (code_point > 0x10FFFF) return std::nullopt;
    bias = adapted_bias(*delta, size, label.size() == basic);
    c = static_cast<char32_t>(code_point);
    at = static_cast<std::uint32_t>(place % size);
    label.insert(label.begin() + at, c);
    ++at;
  }
  return label;
}

}  // namespace weft::url
