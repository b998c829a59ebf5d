#include "weft/page/media_type.hpp"

#include <doctest/doctest.h>

#include <string>

#include "support/vectors.hpp"
#include "weft/base/utf8.hpp"
#include "weft/page/charset.hpp"

namespace weft {

namespace {

// A header's value is bytes; the vectors write each byte as the character of that number.
// Nothing where a character is none.
std::optional<std::string> header_bytes(const std::string& text) {
  std::string bytes;
  for (std::size_t i = 0; i < text.size();) {
    const Utf8Char c = utf8_at(text, i);
    if (c.code > 0xFF) return std::nullopt;
    bytes += static_cast<char>(c.code);
    i += c.length;
  }
  return bytes;
}

}  // namespace

TEST_CASE("media types are parsed and written as MIME Sniffing has it") {
  const auto vectors = test::load_vectors("mime/parse.json");
  if (!vectors) return;
  int not_bytes = 0;
  for (const auto& item : (*vectors)["cases"]) {
    CAPTURE(item["input"].get<std::string>());
    const auto input = header_bytes(item["input"].get<std::string>());
    if (!input) {
      ++not_bytes;  // U+FFFD and U+0100 cannot stand in a header
      continue;
    }
    const auto type = parse_media_type(*input);
    REQUIRE(type.has_value() == !item["output"].is_null());
    if (!type) continue;
    CHECK(type->text == header_bytes(item["output"].get<std::string>()));
    const auto& charset = item["charset"];
    CHECK(encoding_of_label(type->charset) ==
          (charset.is_null() ? "" : charset.get<std::string>()));
  }
  CHECK(not_bytes == 2);
}

TEST_CASE("the essence is lower case and the charset as written") {
  const auto type = parse_media_type(" Text/HTML ; Charset=\"UTF\\-8\"; charset=x ");
  REQUIRE(type);
  CHECK(type->essence == "text/html");
  CHECK(type->charset == "UTF-8");
  CHECK(type->text == "text/html;charset=UTF-8");
}

TEST_CASE("bytes without a type look like what their first ones say") {
  const auto vectors = test::load_vectors("mime/sniff.json");
  if (!vectors) return;
  for (const auto& item : (*vectors)["cases"]) {
    CAPTURE(item["body_b64"].get<std::string>());
    CHECK(sniff_media_type(test::from_base64(item["body_b64"].get<std::string>())) ==
          item["type"].get<std::string>());
  }
}

TEST_CASE("a binary byte past the resource header is not looked at") {
  CHECK(sniff_media_type(std::string(1445, 'a') + '\x01') == "text/plain");
  CHECK(sniff_media_type(std::string(1444, 'a') + '\x01') == "application/octet-stream");
}

TEST_CASE("media containers that are cut short are not taken for their kind") {
  using namespace std::string_view_literals;
  CHECK(sniff_media_type("\0\0\0\x18"
                         "ftypmp4"sv) == "application/octet-stream");
  CHECK(sniff_media_type("\0\0\0\x18"
                         "ftypisom\0\0\0\0isommp42"sv) == "video/mp4");
  CHECK(sniff_media_type("\xFF\xFF\xFF\xFC"
                         "ftypmp42"sv) == "text/plain");
  CHECK(sniff_media_type("\x1A\x45\xDF\xA3\x42\x82"sv) == "application/octet-stream");
}

TEST_CASE("pages, style sheets and what may be a feed are told apart") {
  CHECK(page_type("text/html") == PageType::html);
  CHECK(page_type("application/xhtml+xml") == PageType::html);
  CHECK(page_type("text/css") == PageType::css);
  CHECK(page_type("application/rss+xml") == PageType::feed);
  CHECK(page_type("text/xml") == PageType::feed);
  CHECK(page_type("image/svg+xml") == PageType::other);
  CHECK(page_type("") == PageType::other);
}

}  // namespace weft
