#include <algorithm>
#include <array>

#include "weft/base/text.hpp"
#include "weft/base/utf8.hpp"
#include "weft/get/names.hpp"
#include "weft/url/percent.hpp"

namespace weft {

namespace {

constexpr std::size_t kLongestExtension = 16;  // without its dot

struct CodeRange {
  char32_t first;
  char32_t last;
};

// Controls, and what Unicode has for joining, hiding, turning around and tagging text.
constexpr std::array<CodeRange, 12> kUnseen{{{0x00, 0x1F},
                                             {0x7F, 0x9F},
                                             {0xAD, 0xAD},
                                             {0x34F, 0x34F},
                                             {0x61C, 0x61C},
                                             {0x180E, 0x180E},
                                             {0x200B, 0x200F},
                                             {0x2028, 0x202E},
                                             {0x2060, 0x206F},
                                             {0xFEFF, 0xFEFF},
                                             {0xFFF0, 0xFFFB},
                                             {0xE0000, 0xE0FFF}}};

bool may_stand(char32_t code) {
  constexpr std::string_view kForbidden = R"(/\:*?"<>|)";  // by some file system or shell
  if (code < 0x7F) {
    return code >= 0x20 && kForbidden.find(static_cast<char>(code)) == std::string_view::npos;
  }
  return std::ranges::none_of(
      kUnseen, [&](const CodeRange& range) { return code >= range.first && code <= range.last; });
}

void append_encoded(std::string& out, std::string_view bytes) {
  constexpr std::string_view kHex = "0123456789ABCDEF";
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    out += {'%', kHex[byte >> 4], kHex[byte & 0xF]};
  }
}

std::string safe_characters(std::string_view name) {
  std::string safe;
  safe.reserve(std::min(name.size(), 2 * kLongestFileName));
  for (std::size_t at = 0; at < name.size();) {
    const Utf8Char next = utf8_at(name, at);
    const std::string_view bytes = name.substr(at, next.length);
    at += next.length;
    if (!next.valid) {
      append_encoded(safe, bytes);
    } else if (may_stand(next.code)) {
      safe += bytes;
    } else {
      safe += '_';
    }
  }
  return safe;
}

// Names that are devices on Windows, with any extension.
bool is_device(std::string_view name) {
  constexpr std::array<std::string_view, 6> kDevices{"con", "prn",    "aux",
                                                     "nul", "conin$", "conout$"};
  std::string base = to_lower(name.substr(0, name.find('.')));
  base.erase(base.find_last_not_of(' ') + 1);
  if (std::ranges::find(kDevices, base) != kDevices.end()) return true;
  if (!base.starts_with("com") && !base.starts_with("lpt")) return false;
  constexpr std::array<std::string_view, 3> kSuperscripts{"\xC2\xB9", "\xC2\xB2", "\xC2\xB3"};
  const std::string_view number = std::string_view(base).substr(3);
  return (number.size() == 1 && is_ascii_digit(number[0])) ||
         std::ranges::find(kSuperscripts, number) != kSuperscripts.end();
}

// The beginning of UTF-8 that is at most `most` bytes.
std::string_view cut(std::string_view text, std::size_t most) {
  if (text.size() <= most) return text;
  while (most > 0 && (static_cast<unsigned char>(text[most]) & 0xC0) == 0x80) --most;
  return text.substr(0, most);
}

// The same, but that what is cut off is the end of the stem. `between` comes before the
// extension.
std::string fitted(std::string_view name, std::string_view between) {
  const auto [stem, extension] = split_file_name(name);
  const std::size_t room = kLongestFileName - between.size() - extension.size();
  return std::string(cut(stem, room)).append(between).append(extension);
}

void fit(std::string& name) {
  const auto drop_end = [&name] { name.erase(name.find_last_not_of(". ") + 1); };
  drop_end();  // Windows takes no file whose name ends so
  if (name.size() <= kLongestFileName) return;
  name = fitted(name, "");
  drop_end();
}

// The names that weft itself uses below the directory of downloads.
void yield_to_own(std::string& name) {
  constexpr std::string_view kPart = ".part";
  if (equals_ignoring_case(name, ".weft")) name[0] = '_';
  if (name.size() >= kPart.size() &&
      equals_ignoring_case(std::string_view(name).substr(name.size() - kPart.size()), kPart)) {
    name[name.size() - kPart.size()] = '_';
  }
}

bool is_extension(std::string_view text) {
  return !text.empty() && text.size() <= kLongestExtension &&
         std::ranges::all_of(text, [](char c) { return is_ascii_alpha(c) || is_ascii_digit(c); }) &&
         std::ranges::any_of(text, is_ascii_alpha);
}

}  // namespace

FileName split_file_name(std::string_view name) {
  std::size_t dot = name.rfind('.');
  if (dot == std::string_view::npos || dot == 0 || !is_extension(name.substr(dot + 1))) {
    return {name, {}};
  }
  constexpr std::string_view kTar = ".tar";
  if (name.substr(0, dot).ends_with(kTar) && dot > kTar.size()) dot -= kTar.size();
  return {name.substr(0, dot), name.substr(dot)};
}

std::string numbered(std::string_view name, std::uint64_t number) {
  return fitted(name, fmt::format(".{}", number));
}

std::string safe_file_name(std::string_view name) {
  std::string safe = safe_characters(name);
  safe.erase(0, safe.find_first_not_of(' '));
  fit(safe);
  if (is_device(safe)) {
    safe.insert(0, 1, '_');
    fit(safe);
  }
  yield_to_own(safe);
  if (safe.empty()) safe = "_";
  return safe;
}

std::string file_name(const Url& url, std::string_view served) {
  if (!served.empty()) {
    std::string name = safe_file_name(served);
    if (name[0] == '.' || name[0] == '-' || name[0] == '~') name[0] = '_';
    return name;
  }
  const std::string_view path = url.path();
  const std::string_view segment = path.substr(path.rfind('/') + 1);
  return segment.empty() ? "index.html" : safe_file_name(percent_decode(segment));
}

}  // namespace weft
