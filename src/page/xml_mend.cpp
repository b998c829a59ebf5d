#include "page/xml_mend.hpp"

#include <algorithm>
#include <charconv>
#include <string>

#include "weft/base/text.hpp"
#include "weft/base/utf8.hpp"

namespace weft::page {

namespace {

// XML 1.0 §2.2 "Char".
bool is_xml_char(char32_t c) {
  if (c < 0x20) return c == '\t' || c == '\n' || c == '\r';
  return (c < 0xD800) || (c >= 0xE000 && c <= 0x10FFFF && c != 0xFFFE && c != 0xFFFF);
}

// `rest` begins with '&'.
bool is_reference(std::string_view rest) {
  constexpr std::size_t kLongest = std::string_view("&#x10FFFF;").size();
  const std::size_t end = rest.substr(0, kLongest).find(';');
  if (end == std::string_view::npos) return false;
  const std::string_view name = rest.substr(1, end - 1);
  if (name == "amp" || name == "lt" || name == "gt" || name == "quot" || name == "apos") {
    return true;
  }
  if (!name.starts_with('#')) return false;
  const bool hex = name.starts_with("#x");
  const std::string_view digits = name.substr(hex ? 2 : 1);
  unsigned long code = 0;
  const char* const digits_end = digits.data() + digits.size();
  const auto [stop, error] = std::from_chars(digits.data(), digits_end, code, hex ? 16 : 10);
  return error == std::errc{} && stop == digits_end && is_xml_char(static_cast<char32_t>(code));
}

bool starts_markup(std::string_view rest) {
  if (rest.size() < 2) return false;
  const char c = rest[1];
  return is_ascii_alpha(c) || static_cast<unsigned char>(c) >= 0x80 ||
         std::string_view("/!?_:").find(c) != std::string_view::npos;
}

// Where the section that begins `rest` ends; 0: no section begins here.
std::size_t literal_section_size(std::string_view rest) {
  struct Section {
    std::string_view begin;
    std::string_view end;
  };
  static constexpr Section kSections[] = {{"<![CDATA[", "]]>"}, {"<!--", "-->"}, {"<?", "?>"}};
  for (const Section& section : kSections) {
    if (!rest.starts_with(section.begin)) continue;
    const std::size_t end = rest.find(section.end, section.begin.size());
    return end == std::string_view::npos ? rest.size() : end + section.end.size();
  }
  return 0;
}

}  // namespace

void mend_xml(std::string_view text, const std::function<void(std::string_view)>& sink) {
  constexpr std::size_t kPiece = 256 * 1024;
  std::string out;
  std::size_t literal_end = 0;
  for (std::size_t i = 0; i < text.size();) {
    if (out.size() >= kPiece) {
      sink(out);
      out.clear();
    }
    const char c = text[i];
    if (i >= literal_end && c == '<') {
      literal_end = i + literal_section_size(text.substr(i));
      if (literal_end == i && !starts_markup(text.substr(i))) {
        out += "&lt;";
        ++i;
        continue;
      }
    }
    if (i >= literal_end && c == '&' && !is_reference(text.substr(i))) {
      out += "&amp;";
      ++i;
      continue;
    }
    const Utf8Char character = utf8_at(text, i);
    if (!character.valid || character.code == 0xFFFE || character.code == 0xFFFF) {
      out += kReplacementUtf8;
    } else if (is_xml_char(character.code)) {
      out += text.substr(i, character.length);
    }
    i += character.length;
  }
  sink(out);
}

}  // namespace weft::page
