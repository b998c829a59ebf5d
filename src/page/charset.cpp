#include "weft/page/charset.hpp"

#include "page/encodings.hpp"
#include "page/prescan.hpp"
#include "weft/base/utf8.hpp"

namespace weft {

namespace {

constexpr std::size_t kPrescanSize = 1024;

constexpr std::string_view kBom8 = "\xEF\xBB\xBF";
constexpr std::string_view kBom16le = "\xFF\xFE";
constexpr std::string_view kBom16be = "\xFE\xFF";

std::string_view without(std::string_view prefix, std::string_view body) {
  if (body.starts_with(prefix)) body.remove_prefix(prefix.size());
  return body;
}

}  // namespace

std::string_view page::encoding_of_bom(std::string_view body) {
  if (body.starts_with(kBom8)) return "utf-8";
  if (body.starts_with(kBom16le)) return "utf-16le";
  if (body.starts_with(kBom16be)) return "utf-16be";
  return {};
}

std::string_view decide_encoding(std::string_view body, std::string_view http_charset) {
  if (const auto bom = page::encoding_of_bom(body); !bom.empty()) return bom;
  if (const auto http = encoding_of_label(http_charset); !http.empty()) return http;
  const auto meta = page::prescan(body.substr(0, kPrescanSize));
  return meta.empty() ? "windows-1252" : meta;
}

std::string_view to_utf8(std::string_view body, std::string_view encoding, std::string& buffer) {
  using Kind = page::Encoding::Kind;
  const page::Encoding* found = page::find_encoding(encoding);
  const Kind kind = found == nullptr ? Kind::utf8 : found->kind;
  if (kind == Kind::utf8) return without(kBom8, body);

  buffer.clear();
  buffer.reserve(body.size() + body.size() / 8);
  switch (kind) {
    case Kind::utf8:
      break;
    case Kind::utf16le:
      page::decode_utf16(without(kBom16le, body), false, buffer);
      break;
    case Kind::utf16be:
      page::decode_utf16(without(kBom16be, body), true, buffer);
      break;
    case Kind::single_byte:
      page::decode_upper_half(body, page::upper_half(*found), buffer);
      break;
    case Kind::multi_byte:
      page::decode_multi_byte(body, *found, buffer);
      break;
    case Kind::replacement:
      if (!body.empty()) buffer = kReplacementUtf8;
      break;
    case Kind::user_defined: {
      page::UpperHalf table;  // §14.5
      for (std::size_t i = 0; i < table.size(); ++i) table[i] = static_cast<char16_t>(0xF780 + i);
      page::decode_upper_half(body, table, buffer);
    }
  }
  return buffer;
}

}  // namespace weft
