#include "report/layout.hpp"

#include <fmt/core.h>

#include <array>

#include "weft/base/utf8.hpp"

namespace weft {

namespace {

struct CodeRange {
  char32_t first;
  char32_t last;
};

constexpr std::array<CodeRange, 7> kNoWidth{{{0x0300, 0x036F},
                                             {0x0483, 0x0489},
                                             {0x1AB0, 0x1AFF},
                                             {0x200B, 0x200F},
                                             {0x20D0, 0x20FF},
                                             {0xFE00, 0xFE0F},
                                             {0xFE20, 0xFE2F}}};
constexpr std::array<CodeRange, 12> kWide{{{0x1100, 0x115F},
                                           {0x2E80, 0x303E},
                                           {0x3041, 0x4DBF},
                                           {0x4E00, 0xA4CF},
                                           {0xA960, 0xA97F},
                                           {0xAC00, 0xD7A3},
                                           {0xF900, 0xFAFF},
                                           {0xFE30, 0xFE6F},
                                           {0xFF00, 0xFF60},
                                           {0xFFE0, 0xFFE6},
                                           {0x1F300, 0x1FAFF},
                                           {0x20000, 0x3FFFD}}};

template <std::size_t N>
bool is_in(const std::array<CodeRange, N>& ranges, char32_t code) {
  for (const CodeRange& range : ranges) {
    if (code >= range.first && code <= range.last) return true;
  }
  return false;
}

std::size_t width_of(char32_t code) {
  if (code < 0x300 || !is_in(kNoWidth, code)) return code >= 0x1100 && is_in(kWide, code) ? 2 : 1;
  return 0;
}

bool is_control(char32_t code) { return code < 0x20 || (code >= 0x7F && code < 0xA0); }

}  // namespace

std::string printable(std::string_view text) {
  std::string clean;
  for (std::size_t at = 0; at < text.size();) {
    const Utf8Char next = utf8_at(text, at);
    if (next.valid && !is_control(next.code)) {
      clean += text.substr(at, next.length);
    } else {
      clean += '?';
    }
    at += next.length;
  }
  return clean;
}

std::size_t display_width(std::string_view text) {
  std::size_t width = 0;
  for (std::size_t at = 0; at < text.size();) {
    const Utf8Char next = utf8_at(text, at);
    width += width_of(next.code);
    at += next.length;
  }
  return width;
}

std::string_view cut_to_width(std::string_view text, std::size_t columns) {
  std::size_t width = 0;
  for (std::size_t at = 0; at < text.size();) {
    const Utf8Char next = utf8_at(text, at);
    width += width_of(next.code);
    if (width > columns) return text.substr(0, at);
    at += next.length;
  }
  return text;
}

std::string counted(std::uint64_t number, std::string_view noun) {
  return fmt::format("{} {}{}", number, noun, number == 1 ? "" : "s");
}

std::string labelled(std::string_view label, std::string_view text, std::size_t indent,
                     std::size_t columns) {
  std::string out = fmt::format("  {:<{}}", label, indent - 2);
  std::size_t width = indent;
  bool line_begins = true;
  while (!text.empty()) {
    const std::size_t end = text.find(' ');
    const std::string_view word = text.substr(0, end);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    if (word.empty()) continue;
    if (!line_begins && width + 1 + display_width(word) > columns) {
      out += '\n';
      out.append(indent, ' ');
      width = indent;
      line_begins = true;
    }
    if (!line_begins) out += ' ';
    out += word;
    width += display_width(word) + (line_begins ? 0 : 1);
    line_begins = false;
  }
  return out + '\n';
}

}  // namespace weft
