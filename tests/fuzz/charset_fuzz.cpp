// Whatever the bytes and the encoding: a known name is decided on, the text is valid UTF-8
// of bounded size, and no '<' is swallowed or made up.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "weft/base/utf8.hpp"
#include "weft/page/charset.hpp"
#include "weft/page/media_type.hpp"

namespace {

constexpr std::string_view kEncodings[] = {
    "ibm866",       "iso-8859-2",   "iso-8859-6",   "iso-8859-8-i",   "iso-8859-16",
    "koi8-r",       "koi8-u",       "macintosh",    "windows-874",    "windows-1250",
    "windows-1252", "windows-1253", "windows-1255", "windows-1258",   "x-mac-cyrillic",
    "gbk",          "gb18030",      "big5",         "euc-jp",         "shift_jis",
    "euc-kr",       "iso-2022-jp",  "utf-16be",     "x-user-defined", "replacement",
    "utf-16le"};

void require(bool holds) {
  if (!holds) std::abort();
}

void require_utf8(std::string_view text) {
  for (std::size_t i = 0; i < text.size();) {
    const auto c = weft::utf8_at(text, i);
    require(c.valid);
    i += c.length;
  }
}

}  // namespace

// The first byte chooses the encoding, the rest is the body.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view encoding = kEncodings[data[0] % std::size(kEncodings)];
  const std::string_view body(reinterpret_cast<const char*>(data) + 1, size - 1);

  std::string buffer;
  const auto text = weft::to_utf8(body, encoding, buffer);
  require_utf8(text);
  require(text.size() <= 3 * body.size() + 3);
  const bool ascii_based =
      !encoding.starts_with("utf-16") && encoding != "iso-2022-jp" && encoding != "replacement";
  if (ascii_based) {
    require(std::count(text.begin(), text.end(), '<') == std::count(body.begin(), body.end(), '<'));
  }

  for (const auto label : {std::string_view(), body.substr(0, 20)}) {
    const auto decided = weft::decide_encoding(body, label);
    require(weft::encoding_of_label(decided) == decided && !decided.empty());
  }

  // What is serialised parses to itself.
  if (const auto type = weft::parse_media_type(body)) {
    const auto again = weft::parse_media_type(type->text);
    require(again && again->text == type->text && again->charset == type->charset);
  }
  require(!weft::sniff_media_type(body).empty());
  return 0;
}
