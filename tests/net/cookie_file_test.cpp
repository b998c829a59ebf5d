#include "net/cookie_file.hpp"

#include <doctest/doctest.h>

#include "net/fetch.hpp"
#include "support/manual_clock.hpp"
#include "support/temp_dir.hpp"
#include "support/test_server.hpp"

namespace weft {

using test::url_of;

namespace {

constexpr std::string_view kFile =
    "# Netscape HTTP Cookie File\n"
    "\n"
    ".example.org\tTRUE\t/\tFALSE\t0\twide\t1\n"
    "www.example.org\tFALSE\t/docs\tFALSE\t0\tdeep\t2\r\n"
    "#HttpOnly_.example.org\tTRUE\t/\tTRUE\t4102444800\tsafe\t3\n"
    ".example.org\tTRUE\t/\tFALSE\t1000000000\told\t4\n"
    "example.com\tFALSE\t/\tFALSE\t0\tempty\t\n"
    ".example.com\tTRUE\t/\tFALSE\t0\ttabs\ta\tb";

std::string cookies_for(std::string_view url) {
  const auto file = CookieFile::parse(kFile);
  REQUIRE(file);
  return file->header_for(url_of(url), test::ManualClock().wall());
}

}  // namespace

TEST_CASE("a cookie goes where its domain, path and scheme say (RFC 6265 §5.4)") {
  CHECK(cookies_for("http://example.org/") == "wide=1");
  CHECK(cookies_for("http://a.b.example.org/docs") == "wide=1");
  CHECK(cookies_for("http://www.example.org/docs/x") == "deep=2; wide=1");
  CHECK(cookies_for("http://www.example.org/docsx") == "wide=1");
  CHECK(cookies_for("https://example.org/") == "wide=1; safe=3");
  CHECK(cookies_for("http://notexample.org/") == "");
  CHECK(cookies_for("http://org/") == "");
  CHECK(cookies_for("http://example.com/") == "empty=; tabs=a\tb");
  CHECK(cookies_for("http://www.example.com/") == "tabs=a\tb");
}

TEST_CASE("a cookie file that is none is named with its line") {
  const auto file = CookieFile::parse("# fine\nexample.org TRUE / FALSE 0 a b\n");
  REQUIRE_FALSE(file);
  CHECK(file.error().message.starts_with("line 2:"));
  CHECK_FALSE(CookieFile::parse("example.org\tTRUE\t/\tFALSE\tnever\ta\tb"));
  CHECK_FALSE(CookieFile::read("/no/such/cookies.txt"));
  CHECK(CookieFile::read("")->header_for(url_of("http://a/"), {}) == "");
}

TEST_CASE("cookies of the file are sent, and those a server sets are not kept") {
  const test::TempDir directory;
  test::write_file(directory / "cookies.txt", "127.0.0.1\tFALSE\t/in\tFALSE\t0\tours\t1\n");
  test::TestServer server([](test::Connection& connection, const test::RequestHead& head) {
    test::ok("", {"Set-Cookie: theirs=2; Path=/"})(connection, head);
  });
  test::Net net({.cookie_file = directory / "cookies.txt"});
  for (const char* target : {"/in", "/out", "/in/deep", "/out"}) net.fetch(server.url(target));
  std::vector<std::optional<std::string>> sent;
  for (const auto& seen : server.requests()) sent.push_back(seen.head.get("cookie"));
  CHECK(sent == std::vector<std::optional<std::string>>{"ours=1", {}, "ours=1", {}});
}

}  // namespace weft
