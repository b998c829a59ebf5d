// Encodings of one byte a character (WHATWG Encoding §9), by tables that iconv fills once.
#include <map>
#include <optional>

#include "page/encodings.hpp"
#include "page/iconv_handle.hpp"
#include "page/utf8_text.hpp"
#include "weft/base/mutex.hpp"
#include "weft/base/utf8.hpp"

namespace weft::page {

namespace {

// One byte at a time, for iconv would join a letter and the accent after it in
// windows-1255 and windows-1258, which the standard does not.
std::optional<char16_t> character_of(const IconvHandle& handle, unsigned char byte) {
  char in = static_cast<char>(byte);
  char out[8];
  char* from = &in;
  char* to = out;
  std::size_t from_left = 1;
  std::size_t to_left = sizeof out;
  ::iconv(handle.get(), nullptr, nullptr, nullptr, nullptr);
  if (::iconv(handle.get(), &from, &from_left, &to, &to_left) == static_cast<std::size_t>(-1) ||
      ::iconv(handle.get(), nullptr, nullptr, &to, &to_left) == static_cast<std::size_t>(-1) ||
      to_left != sizeof out - 2) {
    return std::nullopt;
  }
  const auto low = static_cast<unsigned char>(out[0]);
  const auto high = static_cast<unsigned char>(out[1]);
  return static_cast<char16_t>(high << 8 | low);
}

// Where the standard's indexes differ from glibc's tables.
char16_t standard_character(const Encoding& encoding, unsigned char byte,
                            std::optional<char16_t> character) {
  struct Difference {
    std::string_view name;
    unsigned char byte;
    char16_t character;
  };
  static constexpr Difference kDifferences[] = {
      {"koi8-u", 0xAE, 0x045E},    {"koi8-u", 0xBE, 0x040E},         {"macintosh", 0xC6, 0x2206},
      {"macintosh", 0xF0, 0xF8FF}, {"x-mac-cyrillic", 0xFF, 0x20AC},
  };
  for (const Difference& difference : kDifferences) {
    if (difference.name == encoding.name && difference.byte == byte) return difference.character;
  }
  if (character) return *character;
  // Microsoft's code pages have control characters in their gaps.
  const bool gap = byte < 0xA0 && encoding.name.starts_with("windows-");
  return gap ? char16_t{byte} : static_cast<char16_t>(kReplacement);
}

UpperHalf make_upper_half(const Encoding& encoding) {
  UpperHalf table;
  const IconvHandle handle("UTF-16LE", encoding.iconv);
  for (unsigned i = 0; i < table.size(); ++i) {
    const auto byte = static_cast<unsigned char>(0x80 + i);
    const auto character = handle.is_open() ? character_of(handle, byte) : std::nullopt;
    table[i] = standard_character(encoding, byte, character);
  }
  return table;
}

class Tables {
 public:
  const UpperHalf& of(const Encoding& encoding) EXCLUDES(mutex_) {
    if (const UpperHalf* made = find(encoding)) return *made;
    const UpperHalf table = make_upper_half(encoding);
    const Lock lock(mutex_);
    return tables_.emplace(&encoding, table).first->second;
  }

 private:
  const UpperHalf* find(const Encoding& encoding) EXCLUDES(mutex_) {
    const Lock lock(mutex_);
    const auto found = tables_.find(&encoding);
    return found == tables_.end() ? nullptr : &found->second;
  }

  Mutex mutex_;
  std::map<const Encoding*, UpperHalf> tables_ GUARDED_BY(mutex_);  // never shrinks
};

}  // namespace

const UpperHalf& upper_half(const Encoding& encoding) {
  static Tables tables;
  return tables.of(encoding);
}

void decode_upper_half(std::string_view body, const UpperHalf& table, std::string& out) {
  std::size_t plain = 0;
  for (std::size_t i = 0; i < body.size(); ++i) {
    const auto byte = static_cast<unsigned char>(body[i]);
    if (byte < 0x80) continue;
    out.append(body, plain, i - plain);
    append_utf8(table[byte - 0x80], out);
    plain = i + 1;
  }
  out.append(body, plain);
}

}  // namespace weft::page
