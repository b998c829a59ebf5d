#include "weft/url/typed.hpp"

#include <doctest/doctest.h>

#include <string>

namespace weft {
namespace {

std::string refusal(std::string_view text) {
  const auto url = parse_typed_url(text, UrlUse::download);
  return url ? "" : url.error().message;
}

TEST_CASE("a URL with its scheme is taken as it stands") {
  const auto url = parse_typed_url("https://example.org/a", UrlUse::page);
  REQUIRE(url);
  CHECK(url->href() == "https://example.org/a");
}

TEST_CASE("a URL without its scheme is refused, with the one that was meant") {
  CHECK(refusal("example.org") ==
        "'example.org' has no scheme: did you mean https://example.org/?");
  CHECK(refusal("//example.org/a").starts_with("'//example.org/a' is no URL to fetch: "));
  CHECK(refusal("example.org:8080/a") ==
        "'example.org:8080/a' has no scheme: did you mean https://example.org:8080/a?");
  CHECK(refusal("localhost:8000").ends_with("did you mean http://localhost:8000/?"));
  CHECK(refusal("127.0.0.1/x").ends_with("did you mean http://127.0.0.1/x?"));
}

TEST_CASE("ftp, ftps and sftp URLs are for downloads alone") {
  for (const std::string text : {"ftp://h/a", "ftps://h/a", "sftp://u@h/a"}) {
    CAPTURE(text);
    CHECK(parse_typed_url(text, UrlUse::download));
    const auto page = parse_typed_url(text, UrlUse::page);
    REQUIRE(!page);
    CHECK(page.error().message == "'" + text + "' is no URL to start from: neither http nor https");
  }
  CHECK(refusal("mailto:a@b").starts_with("'mailto:a@b' is no URL to fetch: "));
}

TEST_CASE("what is refused is shown so that it cannot move the terminal's cursor") {
  CHECK(refusal("\x1b[2Jnothing").find('\x1b') == std::string::npos);
}

}  // namespace
}  // namespace weft
