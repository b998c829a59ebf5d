#include "weft/page/robots.hpp"

#include <doctest/doctest.h>

#include <string>
#include <string_view>

#include "support/vectors.hpp"
#include "weft/base/text.hpp"
#include "weft/url/url.hpp"

namespace weft {

namespace {

// What the crawl asks for: path and query of the canonical URL.
std::string target_of(const std::string& url) {
  const auto parsed = Url::parse(url);
  return parsed ? std::string(parsed->target()) : "/";
}

Robots star(std::string_view rules) {
  return Robots::parse("User-agent: *\n" + std::string(rules), "bot");
}

bool allows(const Robots& robots, std::string_view target) { return robots.judge(target).allowed; }

}  // namespace

TEST_CASE("every published expectation of the project's own robots vectors holds") {
  const auto vectors = test::load_vectors("robots/robots.json");
  if (!vectors) return;
  for (const auto& item : (*vectors)["cases"]) {
    const auto robots = Robots::parse(test::from_base64(item["robots_b64"].get<std::string>()),
                                      item["agent"].get<std::string>());
    for (const auto& expected : item["expect"]) {
      const auto url = expected["url"].get<std::string>();
      CAPTURE(item["id"].get<std::string>());
      CAPTURE(url);
      CHECK(allows(robots, target_of(url)) == expected["allowed"].get<bool>());
    }
  }
}

TEST_CASE("Google's published expectations hold, but for the disputes named here") {
  const auto vectors = test::load_vectors("robots/ctc-correctness.json");
  if (!vectors) return;
  int disputes = 0;
  for (const auto& item : (*vectors)["cases"]) {
    const auto id = item["id"].get<std::string>();
    const auto file = test::from_base64(item["robots_b64"].get<std::string>());
    for (const auto& expected : item["expect"]) {
      const auto url = expected["url"].get<std::string>();
      CAPTURE(id);
      CAPTURE(url);
      const auto robots = Robots::parse(file, expected["agent"].get<std::string>());
      // RFC 9309 §2.2.2 asks that a raw U+30C4 in a URL and its percent-encoding be the
      // same, and %62%61%7A and baz as well; Google compares them as they are written.
      const bool disputed =
          (id == "non-ascii-paths#1" || id == "non-ascii-paths#2" || id == "non-ascii-paths#3") &&
          !expected["plain_rfc9309_agrees"].get<bool>();
      disputes += disputed ? 1 : 0;
      CHECK(allows(robots, target_of(url)) == (expected["allowed"].get<bool>() != disputed));
    }
  }
  CHECK(disputes == 3);
}

TEST_CASE("the verdict names the line and the rule as written") {
  const auto robots = Robots::parse(
      "# ours\r\nUser-agent: weft\r\n  Disallow : /a/%62 # not b\r\nAllow: /a/b/c\r\n", "weft");
  const auto refused = robots.judge("/a/b");
  CHECK_FALSE(refused.allowed);
  CHECK(refused.line == 3);
  CHECK(refused.rule == "Disallow : /a/%62");
  CHECK(robots.judge("/a/b/c").line == 4);
  CHECK(robots.judge("/x").line == 0);
  CHECK(robots.judge("/x").rule.empty());
}

TEST_CASE("a CRLF is one line end and a lone CR another") {
  CHECK(Robots::parse("\r\r\nUser-agent: *\n\rDisallow: /", "b").judge("/").line == 5);
}

TEST_CASE("robots.txt is always allowed, whatever the rules (RFC 9309 2.2.2)") {
  CHECK(allows(Robots::disallow_all(), "/robots.txt"));
  CHECK(allows(star("Disallow: /"), "/robots.txt"));
  CHECK(allows(Robots::disallow_all(), "/%72obots.txt"));
  CHECK_FALSE(allows(Robots::disallow_all(), "/robots.txt?x"));
  CHECK_FALSE(allows(Robots::disallow_all(), "/"));
  CHECK(allows(Robots::allow_all(), "/"));
}

TEST_CASE("a reserved octet and its encoding differ in a path and agree in a query") {
  // The figure of RFC 9309 §2.2.2.
  const auto query = star("Disallow: /foo/bar?baz=https://foo.bar");
  CHECK_FALSE(allows(query, "/foo/bar?baz=https%3A%2F%2Ffoo.bar"));
  CHECK_FALSE(allows(query, "/foo/bar?baz=https://foo.bar"));
  const auto encoded = star("Disallow: /foo/bar?baz=https%3a%2f%2ffoo.bar");
  CHECK_FALSE(allows(encoded, "/foo/bar?baz=https%3A%2F%2Ffoo.bar"));
  CHECK_FALSE(allows(encoded, "/foo/bar?baz=https://foo.bar"));
  CHECK(allows(star("Disallow: /a%3Ab"), "/a:b"));
  CHECK(allows(star("Disallow: /?a%26b"), "/?a&b"));
}

TEST_CASE("a wildcard reaches into a query however the query is written") {
  CHECK_FALSE(allows(star("Disallow: /*/search"), "/x?u=/search"));
  CHECK_FALSE(allows(star("Disallow: /*/search"), "/x?u=%2Fsearch"));
  CHECK_FALSE(allows(star("Disallow: /*%2Fsearch"), "/x?u=%2fsearch"));
  CHECK_FALSE(allows(star("Disallow: /*?b"), "/a?x?b"));
}

TEST_CASE("a percent sign that escapes nothing is a percent sign") {
  CHECK_FALSE(allows(star("Disallow: /100%"), "/100%25"));
  CHECK_FALSE(allows(star("Disallow: /100%2"), "/100%2"));
  CHECK_FALSE(allows(star("Disallow: /%zz"), "/%zz"));
  // Not decoded twice: %%341 is '%' and "41", never %41.
  CHECK(allows(star("Disallow: /%%341"), "/A"));
}

TEST_CASE("octets that some writers encode and others do not are the same") {
  CHECK_FALSE(allows(star("Disallow: /a|b"), "/a%7Cb"));
  CHECK_FALSE(allows(star("Disallow: /a%7cb"), "/a|b"));
  CHECK_FALSE(allows(star("Disallow: /a b"), "/a%20b"));
  CHECK_FALSE(allows(star("Disallow: /\xE9"), "/%E9"));
}

TEST_CASE("a literal star or dollar never works as a wildcard") {
  CHECK(allows(star("Disallow: /a%2Ab"), "/axb"));
  CHECK(allows(star("Disallow: /a%2A*"), "/ab"));
  CHECK_FALSE(allows(star("Disallow: /a%24"), "/a$b"));
  CHECK_FALSE(allows(star("Disallow: /a$*"), "/a$b"));
  CHECK_FALSE(allows(star("Disallow: /a$$"), "/a$"));
  CHECK(allows(star("Disallow: /a$$"), "/a"));
}

TEST_CASE("a pattern's last piece is anchored where it ends, not where it first occurs") {
  CHECK_FALSE(allows(star("Disallow: /*.php$"), "/a.php.b.php"));
  CHECK_FALSE(allows(star("Disallow: /a*ab$"), "/aab"));
  CHECK(allows(star("Disallow: /a*aba$"), "/aba"));
  CHECK(allows(star("Disallow: /ab*b$"), "/ab"));
}

TEST_CASE("among many prefixes the longest is found, wherever they sort") {
  const auto robots = star(
      "Disallow: /a\nAllow: /a/b\nDisallow: /a/b/c\nAllow: /a/b/c/d\nDisallow: /a/a\n"
      "Disallow: /a/bb\nAllow: /a/b\nDisallow: /a/b/c\nDisallow: /*/d/e\nAllow: /a/b/c/d/e/f");
  CHECK(robots.judge("/a").line == 2);
  CHECK(robots.judge("/a/").line == 2);
  CHECK(robots.judge("/a/ab").line == 6);
  CHECK(robots.judge("/a/b").line == 3);
  CHECK(robots.judge("/a/b!").line == 3);
  CHECK(robots.judge("/a/bbb").line == 7);
  CHECK(robots.judge("/a/b/c").line == 4);
  CHECK(robots.judge("/a/b/c/d").line == 5);
  CHECK(robots.judge("/a/b/c/d/e").line == 5);
  CHECK(robots.judge("/b/d/e").line == 10);
  CHECK(robots.judge("/a/b/c/d/e/f").line == 11);
  CHECK(robots.judge("/A").line == 0);
  CHECK(robots.judge("/~").line == 0);
}

TEST_CASE("many stars against a long path cost no more than pattern times path") {
  std::string pattern = "/";
  for (int i = 0; i < 10'000; ++i) pattern += "*a";
  const auto robots = star("Disallow: " + pattern + "b$\nDisallow: " + pattern + "*c");
  // Tried every way round, this would not end before the sun does.
  CHECK(allows(robots, "/" + std::string(60'000, 'a')));
  CHECK_FALSE(allows(robots, "/" + std::string(60'000, 'a') + "b"));
}

TEST_CASE("product tokens with digits are matched whole") {
  const std::string_view file = "User-agent: MJ12bot/1.4\nDisallow: /\n";
  CHECK_FALSE(allows(Robots::parse(file, "mj12bot"), "/"));
  CHECK(allows(Robots::parse(file, "MJ"), "/"));
}

TEST_CASE("the group in force is named as the file has it") {
  const std::string_view file = "User-agent: *\nDisallow: /\nUser-agent: Weft\nDisallow: /p\n";
  CHECK(Robots::parse(file, "weft").group() == "Weft");
  CHECK(Robots::parse(file, "other").group() == "*");
  CHECK(Robots::parse("User-agent: x\nDisallow: /", "other").group().empty());
  CHECK(Robots::parse("User-agent: * # all\nDisallow: /", "other").group() == "*");
}

TEST_CASE("an agent without a name belongs to everyone's group") {
  CHECK_FALSE(allows(Robots::parse("User-agent:\nAllow: /\nUser-agent: *\nDisallow: /", ""), "/a"));
}

}  // namespace weft
