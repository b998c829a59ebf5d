#include "url/idna.hpp"

#include <algorithm>
#include <vector>

#include "url/punycode.hpp"
#include "url/unicode.hpp"
#include "weft/base/text.hpp"
#include "weft/base/utf8.hpp"

namespace weft::url {

namespace {

template <class Text>
bool is_all_ascii(const Text& text) {
  return std::all_of(text.begin(), text.end(), [](auto c) { return (c & ~0x7F) == 0; });
}

bool map_and_normalise(std::u32string& out, std::u32string_view text) {
  std::u32string mapped;
  for (const char32_t c : text) {
    if (!append_mapped(mapped, c)) return false;
  }
  return append_normalised(out, mapped);
}

std::vector<std::u32string> split(std::u32string_view domain) {
  std::vector<std::u32string> labels;
  while (true) {
    const std::size_t dot = domain.find(U'.');
    labels.emplace_back(domain.substr(0, dot));
    if (dot == std::u32string_view::npos) return labels;
    domain.remove_prefix(dot + 1);
  }
}

// UTS 46 §4 step 4: a label in Punycode stands for what it decodes to, if that is what
// a label of Unicode would be.
bool decode_label(std::u32string& label) {
  constexpr std::u32string_view kPrefix = U"xn--";
  if (!label.starts_with(kPrefix)) return true;
  if (!is_all_ascii(label)) return false;
  const auto decoded = from_punycode(std::string(label.begin() + kPrefix.size(), label.end()));
  if (!decoded || is_all_ascii(*decoded) || decoded->starts_with(kPrefix)) return false;
  std::u32string canonical;
  if (!map_and_normalise(canonical, *decoded) || canonical != *decoded) return false;
  label = canonical;
  return true;
}

// UTS 46 §4.1, the validity criteria that mapping and normalising leave open.
bool are_valid(const std::vector<std::u32string>& labels) {
  const bool bidi = std::any_of(labels.begin(), labels.end(), is_right_to_left);
  return std::all_of(labels.begin(), labels.end(), [bidi](const std::u32string& label) {
    if (label.empty()) return true;
    return !is_mark(label.front()) && joiners_fit(label) && (!bidi || obeys_bidi_rule(label));
  });
}

}  // namespace

std::optional<std::string> domain_to_ascii(std::string_view domain) {
  if (is_all_ascii(domain)) return to_lower(domain);

  std::u32string text;
  for (std::size_t i = 0; i < domain.size();) {
    const Utf8Char c = utf8_at(domain, i);
    text += c.code;
    i += c.length;
  }
  // ASCII controls would end libidn2's strings early; no domain may hold one.
  const bool has_control =
      std::any_of(text.begin(), text.end(), [](char32_t c) { return c < ' '; });
  if (has_control || text.size() > kMaxLabel) return std::nullopt;

  std::u32string canonical;
  if (!map_and_normalise(canonical, text) || canonical.size() > kMaxLabel) return std::nullopt;
  std::vector<std::u32string> labels = split(canonical);
  if (!std::all_of(labels.begin(), labels.end(), decode_label) || !are_valid(labels)) {
    return std::nullopt;
  }
  std::string ascii;
  for (const std::u32string& label : labels) {
    if (is_all_ascii(label)) {
      ascii.append(label.begin(), label.end());
    } else {
      append_punycode(ascii += "xn--", label);
    }
    ascii += '.';
  }
  ascii.pop_back();
  return ascii;
}

}  // namespace weft::url
