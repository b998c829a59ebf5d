// What bytes look like: MIME Sniffing §7.1, scriptable types included.
#include <algorithm>
#include <cstddef>

#include "weft/base/text.hpp"
#include "weft/page/media_type.hpp"

namespace weft {

namespace {

using namespace std::string_view_literals;

constexpr std::size_t kResourceHeader = 1445;

// Where the tag's name ends, so that <address> is not an <a>.
bool starts_html_tag(std::string_view text) {
  static constexpr std::string_view kTags[] = {
      "<!DOCTYPE HTML", "<HTML", "<HEAD",  "<SCRIPT", "<IFRAME", "<H1",   "<DIV", "<FONT",
      "<TABLE",         "<A",    "<STYLE", "<TITLE",  "<B",      "<BODY", "<BR",  "<P"};
  if (text.starts_with("<!--")) return true;
  return std::any_of(std::begin(kTags), std::end(kTags), [&](std::string_view tag) {
    return text.size() > tag.size() && starts_with_ignoring_case(text, tag) &&
           (text[tag.size()] == ' ' || text[tag.size()] == '>');
  });
}

// '?' stands for any byte.
bool matches(std::string_view body, std::string_view pattern) {
  return body.size() >= pattern.size() &&
         std::equal(pattern.begin(), pattern.end(), body.begin(),
                    [](char p, char c) { return p == '?' || p == c; });
}

// §6.2.1: a box "ftyp" with a brand "mp4".
bool is_mp4(std::string_view body) {
  if (body.size() < 12 || body.substr(4, 4) != "ftyp") return false;
  std::size_t box = 0;
  for (std::size_t i = 0; i < 4; ++i) box = box << 8 | static_cast<unsigned char>(body[i]);
  if (body.size() < box || box % 4 != 0) return false;
  if (body.substr(8, 3) == "mp4") return true;
  for (std::size_t i = 16; i + 3 <= box; i += 4) {
    if (body.substr(i, 3) == "mp4") return true;
  }
  return false;
}

// §6.2.2: an EBML header whose DocType (42 82, a size, padding) is "webm". Some writers
// leave the size out.
bool is_webm(std::string_view body) {
  if (!body.starts_with("\x1A\x45\xDF\xA3")) return false;
  const std::string_view head = body.substr(0, 64);
  const std::size_t doc_type = head.find("\x42\x82", 4);
  return doc_type != std::string_view::npos && head.find("webm", doc_type) != head.npos;
}

bool is_binary_byte(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte <= 0x08 || byte == 0x0B || (byte >= 0x0E && byte <= 0x1A) ||
         (byte >= 0x1C && byte <= 0x1F);
}

std::string_view signature_type(std::string_view body) {
  struct Signature {
    std::string_view bytes;
    std::string_view type;
  };
  static constexpr Signature kSignatures[] = {
      {"%PDF-", "application/pdf"},
      {"%!PS-Adobe-", "application/postscript"},
      {"\xFE\xFF??"sv, "text/plain"},
      {"\xFF\xFE??"sv, "text/plain"},
      {"\xEF\xBB\xBF?"sv, "text/plain"},
      {"\0\0\1\0"sv, "image/x-icon"},
      {"\0\0\2\0"sv, "image/x-icon"},
      {"BM", "image/bmp"},
      {"GIF87a", "image/gif"},
      {"GIF89a", "image/gif"},
      {"RIFF????WEBPVP", "image/webp"},
      {"\x89PNG\r\n\x1A\n", "image/png"},
      {"\xFF\xD8\xFF", "image/jpeg"},
      {"FORM????AIFF", "audio/aiff"},
      {"ID3", "audio/mpeg"},
      {"OggS\0"sv, "application/ogg"},
      {"MThd\0\0\0\6"sv, "audio/midi"},
      {"RIFF????AVI ", "video/avi"},
      {"RIFF????WAVE", "audio/wave"},
      {"\x1F\x8B\x08", "application/x-gzip"},
      {"PK\x03\x04", "application/zip"},
      {"Rar!\x1A\x07\0"sv, "application/x-rar-compressed"},
      {"Rar \x1A\x07\0"sv, "application/x-rar-compressed"},  // as the standard prints it
  };
  for (const Signature& signature : kSignatures) {
    if (matches(body, signature.bytes)) return signature.type;
  }
  return {};
}

}  // namespace

std::string sniff_media_type(std::string_view body) {
  body = body.substr(0, kResourceHeader);
  const std::string_view text =
      body.substr(std::min(body.find_first_not_of("\t\n\f\r "), body.size()));
  if (starts_html_tag(text)) return "text/html";
  if (text.starts_with("<?xml")) return "text/xml";
  if (const auto type = signature_type(body); !type.empty()) return std::string(type);
  if (is_mp4(body)) return "video/mp4";
  if (is_webm(body)) return "video/webm";
  const bool binary = std::any_of(body.begin(), body.end(), is_binary_byte);
  return binary ? "application/octet-stream" : "text/plain";
}

}  // namespace weft
