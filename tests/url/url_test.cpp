#include "weft/url/url.hpp"

#include <doctest/doctest.h>

#include <string>

using weft::Url;
using weft::UrlError;

namespace {

std::string resolved(std::string_view base, std::string_view reference) {
  const auto url = Url::resolve(Url::parse(base).value(), reference);
  return url ? url->href() : "(refused)";
}

UrlError refusal(std::string_view text) {
  const auto url = Url::parse(text);
  REQUIRE_FALSE(url.has_value());
  return url.error();
}

}  // namespace

TEST_CASE("a URL shows each of its parts") {
  const Url url = Url::parse("HTTPS://us%65r:p@ss@Example.ORG:8080/a/b.html?q=1#top").value();
  CHECK(url.href() == "https://us%65r:p%40ss@example.org:8080/a/b.html?q=1");
  CHECK(url.scheme() == "https");
  CHECK(url.username() == "us%65r");
  CHECK(url.password() == "p%40ss");
  CHECK(url.host() == "example.org");
  CHECK(url.port() == 8080);
  CHECK(url.path() == "/a/b.html");
  CHECK(url.query() == "q=1");
  CHECK(url.target() == "/a/b.html?q=1");
  CHECK(url.origin() == "https://example.org:8080");
}

TEST_CASE("parts that are absent are empty") {
  const Url url = Url::parse("http://h").value();
  CHECK(url.href() == "http://h/");
  CHECK(url.username().empty());
  CHECK(url.password().empty());
  CHECK(url.port() == 80);
  CHECK(url.path() == "/");
  CHECK(url.query().empty());
  CHECK(url.target() == "/");
  CHECK(url.origin() == "http://h");
  CHECK_FALSE(url.has_credentials());
  CHECK(Url::parse("https://h").value().port() == 443);
}

TEST_CASE("an empty query is kept, for the request differs by its '?'") {
  const Url url = Url::parse("http://h/a?#x").value();
  CHECK(url.href() == "http://h/a?");
  CHECK(url.query().empty());
  CHECK(url.target() == "/a?");
}

TEST_CASE("a user name, a password or both are credentials, and can be taken off") {
  for (const char* text : {"http://u@h:8/a?b", "http://:p@h:8/a?b", "http://u:p@h:8/a?b"}) {
    CAPTURE(text);
    const Url url = Url::parse(text).value();
    CHECK(url.has_credentials());
    const Url bare = url.without_credentials();
    CHECK(bare.href() == "http://h:8/a?b");
    CHECK_FALSE(bare.has_credentials());
    CHECK(bare.host() == "h");
    CHECK(bare.port() == 8);
    CHECK(bare.path() == "/a");
    CHECK(bare.query() == "b");
    CHECK(bare.username().empty());
    CHECK(bare.password().empty());
  }
  CHECK(Url::parse("http://:@h/").value().href() == "http://h/");
}

TEST_CASE("a refused text says why") {
  CHECK(refusal("") == UrlError::missing_scheme);
  CHECK(refusal("example.org/a") == UrlError::missing_scheme);
  CHECK(refusal("//example.org/a") == UrlError::missing_scheme);
  CHECK(refusal("#top") == UrlError::missing_scheme);
  CHECK(refusal("mailto:a@example.org") == UrlError::not_http);
  CHECK(refusal("ftp://example.org/") == UrlError::not_http);
  CHECK(refusal("httpx://example.org/") == UrlError::not_http);
  CHECK(refusal("localhost:8080/a") == UrlError::not_http);
  CHECK(refusal("http://") == UrlError::bad_host);
  CHECK(refusal("http://u@/") == UrlError::bad_host);
  CHECK(refusal("http://a b/") == UrlError::bad_host);
  CHECK(refusal("http://[::1") == UrlError::bad_host);
  CHECK(refusal("http://[::1]a/") == UrlError::bad_host);
  CHECK(refusal("http://h:65536/") == UrlError::bad_port);
  CHECK(refusal("http://h:8a/") == UrlError::bad_port);
  CHECK(weft::describe(UrlError::missing_scheme).find("https://") != std::string_view::npos);
}

TEST_CASE("nothing longer than the limit is a URL, not even after encoding") {
  const std::string head = "http://h/";
  const std::string fits = head + std::string(weft::kMaxUrlLength - head.size(), 'a');
  CHECK(Url::parse(fits).value().href() == fits);
  CHECK(refusal(fits + "a") == UrlError::too_long);
  CHECK(refusal(head + std::string(weft::kMaxUrlLength / 3, ' ') + "a") == UrlError::too_long);
}

TEST_CASE("a reference resolves against its base") {
  const char* base = "http://u:p@h:8/a/b/c?q#f";
  CHECK(resolved(base, "") == "http://u:p@h:8/a/b/c?q");
  CHECK(resolved(base, "#x") == "http://u:p@h:8/a/b/c?q");
  CHECK(resolved(base, "d") == "http://u:p@h:8/a/b/d");
  CHECK(resolved(base, "./d/") == "http://u:p@h:8/a/b/d/");
  CHECK(resolved(base, "../d?x/../y#z") == "http://u:p@h:8/a/d?x/../y");
  CHECK(resolved(base, "../../../../d") == "http://u:p@h:8/d");
  CHECK(resolved(base, "..") == "http://u:p@h:8/a/");
  CHECK(resolved(base, ".") == "http://u:p@h:8/a/b/");
  CHECK(resolved(base, "d/.%2E/%2e/e") == "http://u:p@h:8/a/b/e");
  CHECK(resolved(base, "...") == "http://u:p@h:8/a/b/...");
  CHECK(resolved(base, "/d") == "http://u:p@h:8/d");
  CHECK(resolved(base, "\\d\\..\\e") == "http://u:p@h:8/e");
  CHECK(resolved(base, "?x") == "http://u:p@h:8/a/b/c?x");
  CHECK(resolved(base, "?") == "http://u:p@h:8/a/b/c?");
  CHECK(resolved(base, "//g/d") == "http://g/d");
  CHECK(resolved(base, "/\\g/d") == "http://g/d");
  CHECK(resolved(base, "http:d") == "http://u:p@h:8/a/b/d");
  CHECK(resolved(base, "http:/d") == "http://u:p@h:8/d");
  CHECK(resolved(base, "https:d") == "https://d/");
  CHECK(resolved(base, "https://g:443/d") == "https://g/d");
}

TEST_CASE("a slash in the base's query is no folder") {
  CHECK(resolved("http://h/a/b?c/d", "e") == "http://h/a/e");
}

TEST_CASE("a reference leads to http and https only") {
  for (const char* reference : {"javascript:void(0)", "mailto:a@b", "data:,x", "tel:1", "a:b"}) {
    CAPTURE(reference);
    CHECK(resolved("http://h/", reference) == "(refused)");
  }
  // A colon after the first segment's end, or without a letter first, is no scheme's.
  CHECK(resolved("http://h/", "a/b:c") == "http://h/a/b:c");
  CHECK(resolved("http://h/", "1:2") == "http://h/1:2");
}

TEST_CASE("tabs and newlines inside a URL and spaces around it do not count") {
  CHECK(Url::parse(" \x01ht\ntp://h\t/a\r\nb \x1f").value().href() == "http://h/ab");
  CHECK(resolved("http://h/a/b", ".\n.\t/c") == "http://h/c");
}

TEST_CASE("only the spaces at the very end are trimmed, not those before a fragment") {
  CHECK(Url::parse("http://h/a #x").value().href() == "http://h/a%20");
}

TEST_CASE("each part has its own set of octets to percent-encode") {
  const Url url = Url::parse("http://a'`{^|=;@h/a'`{^|=;\"<>?a'`{^|=;\"<>").value();
  CHECK(url.username() == "a'%60%7B%5E%7C%3D%3B");
  CHECK(url.path() == "/a'%60%7B%5E|=;%22%3C%3E");
  CHECK(url.query() == "a%27`{^|=;%22%3C%3E");
}

TEST_CASE("octets that are not UTF-8 count as U+FFFD, one for each maximal part") {
  CHECK(Url::parse("http://h/\xFF?\xE2\x82z").value().target() == "/%EF%BF%BD?%EF%BF%BDz");
  CHECK(Url::parse("http://h/\xED\xA0\x80").value().path() == "/%EF%BF%BD%EF%BF%BD%EF%BF%BD");
  CHECK(refusal("http://\xFF/") == UrlError::bad_host);
  CHECK(refusal("http://%FF/") == UrlError::bad_host);
}

TEST_CASE("percent-encodings are kept as they are written, broken ones too") {
  CHECK(Url::parse("http://h/%7e%zz%4?%c3%A9%").value().target() == "/%7e%zz%4?%c3%A9%");
}

TEST_CASE("files to be downloaded may be named by ftp, ftps and sftp URLs") {
  const Url url = Url::parse_download("FTP://us%65r:p@Example.ORG/pub/../a b.iso").value();
  CHECK(url.href() == "ftp://us%65r:p@example.org/a%20b.iso");
  CHECK(url.scheme() == "ftp");
  CHECK_FALSE(url.is_web());
  CHECK(url.username() == "us%65r");
  CHECK(url.password() == "p");
  CHECK(url.host() == "example.org");
  CHECK(url.port() == 21);
  CHECK(url.path() == "/a%20b.iso");
  CHECK(url.origin() == "ftp://example.org");
  CHECK(url.without_credentials().href() == "ftp://example.org/a%20b.iso");

  CHECK(Url::parse_download("ftps://h/a").value().port() == 990);
  CHECK(Url::parse_download("sftp://u@h:2222/~/a").value().href() == "sftp://u@h:2222/~/a");
  CHECK(Url::parse_download("sftp://h:22/a").value().href() == "sftp://h/a");
  CHECK(Url::parse_download("https://h/a?b").value() == Url::parse("https://h/a?b").value());
  CHECK(Url::parse("https://h/").value().is_web());
  CHECK(Url::parse("http://h/").value().is_web());
}

TEST_CASE("a question mark is an ordinary octet of a file's name") {
  const Url url = Url::parse_download("ftp://h/a?b?c").value();
  CHECK(url.path() == "/a%3Fb%3Fc");
  CHECK(url.query().empty());
}

TEST_CASE("only a download may be by ftp, and no page leads to it") {
  for (const char* text : {"ftp://h/a", "ftps://h/a", "sftp://h/a"}) {
    CAPTURE(text);
    CHECK(refusal(text) == UrlError::not_http);
    CHECK(resolved("http://h/", text) == "(refused)");
  }
  for (const char* text : {"file:///etc/passwd", "scp://h/a", "magnet:?xt=urn:x", "data:,x"}) {
    CAPTURE(text);
    CHECK(Url::parse_download(text).error() == UrlError::not_a_download);
  }
  CHECK(Url::parse_download("h/a").error() == UrlError::missing_scheme);
  CHECK(Url::parse_download("ftp://").error() == UrlError::bad_host);
  CHECK(Url::parse_download("sftp://h:99999/").error() == UrlError::bad_port);
}

TEST_CASE("a canonical URL resolves to itself against any base") {
  for (const char* base : {"http://h/a/b?c", "https://u:p@g:1/"}) {
    CHECK(resolved(base, "http://u@h:8/a?b") == "http://u@h:8/a?b");
  }
}
