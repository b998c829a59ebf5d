// The standard's own test cases, as far as http and https go. The fragment, which a
// Url does not keep, is taken off the expectation.
#include <doctest/doctest.h>

#include <string>

#include "support/vectors.hpp"
#include "weft/url/url.hpp"

using weft::Url;

namespace {

tl::expected<Url, weft::UrlError> parse(const nlohmann::json& test) {
  const auto input = test.at("input").get<std::string>();
  if (test.at("base").is_null()) return Url::parse(input);
  // What has a base that cannot be one of ours stands alone or fails, as without it.
  const auto base = Url::parse(test.at("base").get<std::string>());
  return base ? Url::resolve(*base, input) : Url::parse(input);
}

std::string port_of(const Url& url) {
  const bool standard = url.port() == (url.scheme() == "https" ? 443 : 80);
  return standard ? "" : std::to_string(url.port());
}

}  // namespace

TEST_CASE("http and https URLs parse and resolve as the WHATWG URL standard's tests say") {
  const auto vectors = weft::test::load_vectors("url/whatwg-http.json");
  if (!vectors) return;
  for (const auto& test : vectors->at("cases")) {
    CAPTURE(test.dump());
    const auto url = parse(test);
    if (test.value("failure", false)) {
      CHECK_FALSE(url.has_value());
      continue;
    }
    REQUIRE(url.has_value());
    const auto field = [&](const char* name) { return test.at(name).get<std::string>(); };
    const std::string href = field("href");
    CHECK(url->href() == href.substr(0, href.find('#')));
    CHECK(std::string(url->scheme()) + ":" == field("protocol"));
    CHECK(url->username() == field("username"));
    CHECK(url->password() == field("password"));
    CHECK(url->host() == field("hostname"));
    CHECK(port_of(*url) == field("port"));
    CHECK(url->path() == field("pathname"));
    CHECK((url->query().empty() ? "" : "?" + std::string(url->query())) == field("search"));
  }
}

TEST_CASE("hosts become ASCII as the standard's tests of IDNA say") {
  const auto vectors = weft::test::load_vectors("url/toascii.json");
  if (!vectors) return;
  for (const auto& test : vectors->at("cases")) {
    CAPTURE(test.dump());
    const auto url = Url::parse("http://" + test.at("input").get<std::string>() + "/x");
    REQUIRE(url.has_value() == !test.at("output").is_null());
    if (url) CHECK(url->host() == test.at("output").get<std::string>());
  }
}

TEST_CASE("every spelling of an address is seen as the address it is") {
  const auto vectors = weft::test::load_vectors("ssrf/addresses.json");
  if (!vectors) return;
  for (const auto& test : vectors->at("url_forms")) {
    CAPTURE(test.dump());
    const auto url = Url::parse(test.at("url").get<std::string>());
    REQUIRE(url.has_value());
    auto host = test.at("host").get<std::string>();
    // The data names the address; the standard writes it without the dotted tail.
    if (host == "::ffff:127.0.0.1") host = "::ffff:7f00:1";
    if (host.find(':') != std::string::npos) host.insert(0, "[").append("]");
    CHECK(url->host() == host);
  }
}
