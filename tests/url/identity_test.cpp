#include "weft/url/identity.hpp"

#include <doctest/doctest.h>

#include <cstdlib>
#include <sstream>
#include <string>
#include <vector>

#include "support/vectors.hpp"

using weft::Url;

namespace {

weft::Fingerprint fingerprint(std::string_view text) {
  return weft::fingerprint(Url::parse(text).value());
}

std::string stripped(std::string_view text, std::vector<std::string> patterns) {
  return weft::without_query_keys(Url::parse(text).value(), patterns).href();
}

}  // namespace

TEST_CASE("two spellings of one page have one fingerprint, two pages have two") {
  const auto vectors = weft::test::load_vectors("url/identity.json");
  REQUIRE(vectors.has_value());
  for (const auto& test : vectors->at("cases")) {
    CAPTURE(test.dump());
    const bool same = fingerprint(test.at("a").get<std::string>()) ==
                      fingerprint(test.at("b").get<std::string>());
    CHECK(same == test.at("same_page").get<bool>());
  }
}

TEST_CASE("unreserved octets and the case of percent-encodings do not tell pages apart") {
  CHECK(fingerprint("http://h/%7Euser%2d%2E%5f%41%7a%30") == fingerprint("http://h/~user-._Az0"));
  CHECK(fingerprint("http://h/?a=%e2%98%83") == fingerprint("http://h/?a=%E2%98%83"));
  CHECK(fingerprint("http://%7eu@h/") == fingerprint("http://~u@h/"));
}

TEST_CASE("reserved octets, encoded or not, tell pages apart") {
  for (const char* reserved : {"%2F", "%3F", "%23", "%26", "%3D", "%2B", "%20"}) {
    CAPTURE(reserved);
    const auto decoded = static_cast<char>(std::strtol(reserved + 1, nullptr, 16));
    CHECK(fingerprint(std::string("http://h/a?b") + reserved) !=
          fingerprint(std::string("http://h/a?b") + decoded));
  }
}

TEST_CASE("an encoded percent sign is data, not the beginning of an encoding") {
  CHECK(fingerprint("http://h/%2561") != fingerprint("http://h/%61"));
  CHECK(fingerprint("http://h/%%36%31") != fingerprint("http://h/%61"));
}

TEST_CASE("a percent sign that encodes nothing is the %25 it is sent as") {
  CHECK(fingerprint("http://h/100%") == fingerprint("http://h/100%25"));
  CHECK(fingerprint("http://h/%.html?%zz") == fingerprint("http://h/%25.html?%25zz"));
  CHECK(fingerprint("http://h/%%36%31") == fingerprint("http://h/%2561"));
  for (const auto& [href, sent] :
       {std::pair("http://h/a%20b", "http://h/a%20b"),
        std::pair("http://h/operator%.html", "http://h/operator%25.html"),
        std::pair("http://h/%%36%", "http://h/%25%36%25"),
        std::pair("http://h/?50%&%4", "http://h/?50%25&%254")}) {
    CHECK(Url::parse(href).value().request_href() == sent);
  }
}

TEST_CASE("long URLs fold like short ones, whatever buffer they pass through") {
  for (const std::size_t length : {400u, 490u, 500u, 503u, 504u, 512u, 513u, 2000u, 30000u}) {
    CAPTURE(length);
    const std::string filler(length, 'x');
    const auto of = [&](std::string_view middle, std::string_view end) {
      return fingerprint(
          std::string("http://h/").append(filler).append(middle).append(filler).append(end));
    };
    CHECK(of("%41%c3%a9", "%42") == of("A%C3%A9", "B"));
    CHECK(of("%41", "") == of("A", ""));
    CHECK(of("", "%41") == of("", "A"));
    CHECK(of("", "%41") != of("", "B"));
  }
}

TEST_CASE("query keys are left out by name and by prefix") {
  CHECK(stripped("http://h/a?utm_source=x&id=1&utm_medium=y", {"utm_*"}) == "http://h/a?id=1");
  CHECK(stripped("http://h/a?id=1&sid=2&xsid=3", {"sid"}) == "http://h/a?id=1&xsid=3");
  CHECK(stripped("http://h/a?sid", {"sid"}) == "http://h/a");
  CHECK(stripped("http://h/a?sid=1&sid=2", {"sid", "utm_*"}) == "http://h/a");
  CHECK(stripped("http://h/a?b&&c=%20", {"sid"}) == "http://h/a?b&&c=%20");
  CHECK(stripped("http://h/a?", {"sid"}) == "http://h/a?");
  CHECK(stripped("http://h/a", {"*"}) == "http://h/a");
  CHECK(stripped("http://h/a?b=1", {}) == "http://h/a?b=1");
  CHECK(stripped("http://u:p@h:8/a?b=1", {"*"}) == "http://u:p@h:8/a");
}

TEST_CASE("a query key is compared by what it encodes") {
  CHECK(stripped("http://h/?%75tm_a=1&cl%C3%A9=2&x=3", {"utm_*", "clé"}) == "http://h/?x=3");
}

TEST_CASE("a host is one machine whatever the scheme, the port and the final dot") {
  const auto key = [](std::string_view text) {
    return weft::host_key(Url::parse(text).value()).name;
  };
  CHECK(key("http://H.example/") == "h.example");
  CHECK(key("https://u@h.example:8443/a") == "h.example");
  CHECK(key("http://h.example./") == "h.example");
  CHECK(key("http://[::1]:80/") == "[::1]");
}

TEST_CASE("the registrable domain is the one above which none can be registered") {
  CHECK(weft::registrable_domain("www.example.co.uk") == "example.co.uk");
  CHECK(weft::registrable_domain("a.b.example.com.") == "example.com");
  CHECK(weft::registrable_domain("www.xn--bcher-kva.de") == "xn--bcher-kva.de");
}

TEST_CASE("addresses, single labels and public suffixes are their own domain") {
  for (const char* host : {"192.0.2.1", "[2001:db8::1]", "localhost", "co.uk", "com", ".com"}) {
    CHECK(weft::registrable_domain(host) == host);
  }
}

TEST_CASE("a host with an empty label is its own domain (found by fuzzing: foo.09..)") {
  for (const char* host : {"foo.09..", "a..example.com", ".example.com", ".", ".."}) {
    CHECK(weft::registrable_domain(host) == host);
  }
}

TEST_CASE("registrable domains are those of the public suffix list's own tests") {
  const auto vectors = weft::test::load_vectors_text("url/test_psl.txt");
  if (!vectors) return;
  const auto host = [](const std::string& name) {
    return std::string(Url::parse("http://" + name).value().host());
  };
  std::istringstream lines(*vectors);
  int checked = 0;
  for (std::string line; std::getline(lines, line);) {
    // checkPublicSuffix('NAME', 'DOMAIN'); or checkPublicSuffix('NAME', null);
    if (!line.starts_with("checkPublicSuffix('")) continue;
    CAPTURE(line);
    std::istringstream quoted(line);
    std::string name;
    std::string domain;
    std::string skipped;
    std::getline(std::getline(quoted, skipped, '\''), name, '\'');
    std::getline(std::getline(quoted, skipped, '\''), domain, '\'');
    // The list's null is our "the host itself".
    CHECK(weft::registrable_domain(host(name)) == host(domain.empty() ? name : domain));
    ++checked;
  }
  CHECK(checked > 70);
}
