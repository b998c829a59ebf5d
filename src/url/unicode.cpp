#include "url/unicode.hpp"

#include <idn2.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <memory>
#include <optional>

#include "url/punycode.hpp"
#include "weft/base/text.hpp"

namespace weft::url {

namespace {

static_assert(sizeof(char32_t) == sizeof(std::uint32_t));

struct Idn2Deleter {
  void operator()(char* memory) const noexcept { idn2_free(memory); }
};
using Idn2Text = std::unique_ptr<char, Idn2Deleter>;

int ask(std::u32string_view question, int flags, Idn2Text& ascii) {
  const std::u32string terminated(question);
  char* out = nullptr;
  const int code = idn2_to_ascii_4z(reinterpret_cast<const std::uint32_t*>(terminated.c_str()),
                                    &out, flags | IDN2_NO_ALABEL_ROUNDTRIP);
  ascii.reset(out);
  return code;
}

// `text` as UTS 46 maps and normalises it. Transitional processing applies its table and
// nothing of IDNA2008. Between low lines nothing leads a label, and nothing composes
// with what is beside it.
std::optional<std::u32string> mapped_by_table(std::u32string_view text) {
  constexpr std::string_view kPrefix = "xn--";
  Idn2Text ascii;
  if (ask(U'_' + std::u32string(text) + U'_', IDN2_TRANSITIONAL, ascii) != IDN2_OK) {
    return std::nullopt;
  }
  const std::string_view label = ascii.get();
  auto whole = label.starts_with(kPrefix) ? from_punycode(label.substr(kPrefix.size()))
                                          : std::u32string(label.begin(), label.end());
  if (!whole || whole->size() < 2) return std::nullopt;
  return whole->substr(1, whole->size() - 2);
}

// Nontransitional processing then judges by IDNA2008: first the code points allowed,
// then the joiners, last the writing direction.
int ask_idna2008(std::u32string_view label) {
  Idn2Text ascii;
  return ask(label, IDN2_NONTRANSITIONAL, ascii);
}

bool is_ascii(char32_t c) { return c < 0x80; }
bool is_joiner(char32_t c) { return c == 0x200C || c == 0x200D; }

// UTS 46's deviations, which transitional processing would map away, and U+1806,
// valid only since Unicode 16. None of them composes with anything.
bool is_kept(char32_t c) { return c == 0xDF || c == 0x3C2 || is_joiner(c) || c == 0x1806; }

// UTS 46 revisions 31 to 33 (Unicode 15.1 and 16): disallowed or mapped otherwise before.
struct Change {
  char32_t first;
  char32_t last;
  char32_t target;  // of `first`, the others follow; 0: ignored
};
constexpr std::array kChanges{
    Change{0x4C0, 0x4C0, 0x4CF},      Change{0x10A0, 0x10C5, 0x2D00},
    Change{0x115F, 0x1160, 0},        Change{0x17B4, 0x17B5, 0},
    Change{0x180E, 0x180E, 0},        Change{0x1E9E, 0x1E9E, 0xDF},
    Change{0x2061, 0x2063, 0},        Change{0x206A, 0x206F, 0},
    Change{0x2132, 0x2132, 0x214E},   Change{0x2183, 0x2183, 0x2184},
    Change{0x3164, 0x3164, 0},        Change{0xFFA0, 0xFFA0, 0},
    Change{0x1D173, 0x1D17A, 0},      Change{0x2F868, 0x2F868, 0x36FC},
    Change{0x2F874, 0x2F874, 0x5F53}, Change{0x2F91F, 0x2F91F, 0x243AB},
    Change{0x2F95F, 0x2F95F, 0x7AEE}, Change{0x2F9BF, 0x2F9BF, 0x45D7},
};

// May `c` compose with what stands before it? Only marks and the vowels and finals of
// Hangul do.
bool may_compose_back(char32_t c) {
  if (c < 0x300) return false;
  return (c >= 0x1161 && c <= 0x11FF) || is_mark(c);
}

}  // namespace

bool append_mapped(std::u32string& out, char32_t c) {
  if (is_ascii(c)) {
    out += static_cast<char32_t>(ascii_lower(static_cast<char>(c)));
    return true;
  }
  if (is_kept(c)) {
    out += c;
    return true;
  }
  for (const Change& change : kChanges) {
    if (c < change.first || c > change.last) continue;
    if (change.target != 0) out.push_back(change.target + (c - change.first));
    return true;
  }
  const auto mapped = mapped_by_table({&c, 1});
  if (mapped) out += *mapped;
  return mapped.has_value();
}

bool append_normalised(std::u32string& out, std::u32string_view text) {
  for (std::size_t begin = 0; begin < text.size();) {
    std::size_t end = begin + 1;
    while (end < text.size() && may_compose_back(text[end])) ++end;
    std::u32string cluster(text.substr(begin, end - begin));
    begin = end;
    if (cluster.size() == 1) {
      out += cluster;  // what mapping gave is composed already
      continue;
    }
    const char32_t base = cluster[0];
    const bool stands_aside = is_kept(base) || base == U'-' || base == U'.';
    if (stands_aside) cluster[0] = U'|';
    auto composed = mapped_by_table(cluster);
    if (!composed || composed->empty()) return false;
    if (stands_aside) composed->front() = base;
    out += *composed;
  }
  return true;
}

bool is_mark(char32_t c) {
  Idn2Text ascii;
  return !is_ascii(c) && ask({&c, 1}, IDN2_TRANSITIONAL, ascii) == IDN2_LEADING_COMBINING;
}

namespace {

bool is_allowed_by_idna2008(char32_t c) {
  const std::array dressed{U'_', c, U'_'};
  const int code = ask_idna2008({dressed.data(), dressed.size()});
  return code == IDN2_OK || code == IDN2_BIDI;
}

}  // namespace

bool joiners_fit(std::u32string_view label) {
  if (std::none_of(label.begin(), label.end(), is_joiner)) return true;
  constexpr std::size_t kLongest = 200;  // code points libidn2 looks at
  if (label.size() > kLongest) return false;
  // What IDNA2008 does not allow does not join either.
  std::u32string question = U"x";
  for (const char32_t c : label) {
    const bool asked = is_joiner(c) || (!is_ascii(c) && is_allowed_by_idna2008(c));
    question += asked ? c : U'x';
  }
  const int code = ask_idna2008(question + U'x');
  return code != IDN2_CONTEXTJ && code != IDN2_CONTEXTJ_NO_RULE;
}

namespace {

// The blocks set aside for scripts written from right to left.
bool is_in_rtl_block(char32_t c) {
  return (c >= 0x590 && c <= 0x8FF) || (c >= 0xFB1D && c <= 0xFDFF) ||
         (c >= 0xFE70 && c <= 0xFEFF) || (c >= 0x10800 && c <= 0x10FFF) ||
         (c >= 0x1E800 && c <= 0x1EFFF);
}

constexpr char32_t kNeutral = U'!';

// A code point that IDNA2008 allows and the bidi rule treats as it treats `c`.
char32_t bidi_stand_in(char32_t c) {
  constexpr char32_t kRightToLeft = 0x5D0;
  if (is_ascii(c)) {
    const char ascii = static_cast<char>(c);
    return is_ascii_alpha(ascii) || is_ascii_digit(ascii) ? c : kNeutral;
  }
  if (is_allowed_by_idna2008(c)) return c;
  if (c >= 0x1100 && c <= 0x11FF) return U'a';  // Hangul's parts are letters all the same
  return is_in_rtl_block(c) ? kRightToLeft : kNeutral;
}

bool is_right_to_left_letter(char32_t c) {
  if (!is_in_rtl_block(c)) return false;
  const std::array after_latin{U'a', bidi_stand_in(c)};
  return ask_idna2008({after_latin.data(), after_latin.size()}) == IDN2_BIDI;
}

// Rule 4, which libidn2 leaves out: digits of one kind.
bool mixes_digits(std::u32string_view label) {
  const auto european = [](char32_t c) {
    return (c >= U'0' && c <= U'9') || (c >= 0x6F0 && c <= 0x6F9);
  };
  const auto arabic = [](char32_t c) { return c >= 0x660 && c <= 0x669; };
  return std::any_of(label.begin(), label.end(), european) &&
         std::any_of(label.begin(), label.end(), arabic);
}

bool is_left_to_right_letter(char32_t c) {
  if (is_ascii(c)) return is_ascii_alpha(static_cast<char>(c));
  return !is_in_rtl_block(c) && !is_mark(c) && bidi_stand_in(c) != kNeutral;
}

}  // namespace

bool is_right_to_left(std::u32string_view label) {
  return std::any_of(label.begin(), label.end(), is_right_to_left_letter);
}

bool obeys_bidi_rule(std::u32string_view label) {
  while (!label.empty() && is_mark(label.back())) label.remove_suffix(1);  // rules 3 and 6
  if (label.empty()) return true;  // marks alone are refused elsewhere
  if (is_right_to_left(label)) {
    std::u32string question;
    for (const char32_t c : label) {
      if (!is_joiner(c)) question += bidi_stand_in(c);
    }
    return !mixes_digits(label) && ask_idna2008(question) != IDN2_BIDI;
  }
  const char32_t last = label.back();
  return is_left_to_right_letter(label.front()) &&
         (is_left_to_right_letter(last) ||
          (is_ascii(last) && is_ascii_digit(static_cast<char>(last))));
}

}  // namespace weft::url
