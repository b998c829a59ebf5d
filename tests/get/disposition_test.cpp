#include <doctest/doctest.h>

#include <algorithm>
#include <string>

#include "support/vectors.hpp"
#include "weft/get/names.hpp"

namespace weft {
namespace {

using Name = std::optional<std::string>;

// What the vectors have before any cleaning of paths: RFC 6266 §4.3 has the last segment.
Name last_segment(const nlohmann::json& name) {
  if (name.is_null()) return std::nullopt;
  const auto text = name.get<std::string>();
  return text.substr(text.find_last_of("/\\") + 1);
}

TEST_CASE("the file name of Content-Disposition is that of RFC 6266 and RFC 8187") {
  const auto vectors = test::load_vectors("http/content-disposition.json");
  REQUIRE(vectors);
  for (const auto& row : vectors->at("cases")) {
    CAPTURE(row.at("id").get<std::string>());
    const Name name =
        disposition_filename(test::from_base64(row.at("header_b64").get<std::string>()));
    CAPTURE(name.value_or("(none)"));
    bool is_right = name == last_segment(row.at("filename"));
    for (const auto& other : row.value("also_accepted", nlohmann::json::array())) {
      is_right = is_right || name == last_segment(other);
    }
    CHECK(is_right);
  }
}

TEST_CASE("where the vectors leave a choice, names are read as browsers read them") {
  CHECK(disposition_filename("attachment; filename=foo bar.html") == "foo bar.html");
  CHECK(disposition_filename("attachment; filename=foo[1](2).html") == "foo[1](2).html");
  CHECK(disposition_filename("attachment; filename=\"foo-\xc3\xa4.html\"") == "foo-\xc3\xa4.html");
  CHECK(disposition_filename("attachment; filename=\"foo-%41.html\"") == "foo-%41.html");
  CHECK(disposition_filename("filename=foo.html") == "foo.html");
  CHECK(disposition_filename("inline; attachment; filename=foo.html") == "foo.html");
  CHECK(disposition_filename("attachment; filename=\"bar") == "bar");
  CHECK(disposition_filename("attachment; filename*=\"UTF-8''foo-%c3%a4.html\"") ==
        "foo-\xc3\xa4.html");
  CHECK(disposition_filename("attachment; filename=\"a\"b; filename=c") == "a");
}

TEST_CASE("filename* that cannot be read gives way to filename (RFC 8187 §3.2.1)") {
  for (const char* bad : {"UTF-8''%", "UTF-8''%4", "UTF-8''a%xyb", "UTF-8''%ff", "UTF-8'x", "UTF-8",
                          "", "'", "koi8-r''a", "''a"}) {
    CAPTURE(bad);
    CHECK(disposition_filename("attachment; filename=ok; filename*=" + std::string(bad)) == "ok");
    CHECK_FALSE(disposition_filename("attachment; filename*=" + std::string(bad)));
  }
  CHECK(disposition_filename("a; filename*=x''a; filename*=utf-8'en'b") == "b");
}

TEST_CASE("only the last segment of a path counts (RFC 6266 §4.3)") {
  CHECK(disposition_filename("attachment; filename=\"a/b/c\"") == "c");
  CHECK(disposition_filename(R"(attachment; filename="C:\\a\\b")") == "b");
  CHECK(disposition_filename("attachment; filename*=utf-8''a%2Fb%5Cc") == "c");
  CHECK_FALSE(disposition_filename("attachment; filename=\"a/\""));
}

}  // namespace
}  // namespace weft
