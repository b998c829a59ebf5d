// weft robots: RFC 9309 §2.3.1, and what is said of the answer.
#include "cli/robots_file.hpp"

#include <doctest/doctest.h>

#include "support/table_web.hpp"

namespace weft {
namespace {

using test::TableWeb;

const Url kPage = Url::parse("http://a/private/x").value();

bool allowed(const RobotsFile& file) { return file.rules.judge(kPage.target()).allowed; }

RobotsFile fetch(TableWeb& web) { return fetch_robots(*web.transfers(), kPage, "weft"); }

TEST_CASE("the rules of the page's origin decide") {
  TableWeb web{{"http://a/robots.txt", test::text("User-agent: *\nDisallow: /private\n")}};
  const RobotsFile file = fetch(web);
  CHECK_FALSE(allowed(file));
  CHECK(explain(kPage, file) ==
        "disallowed http://a/private/x\n"
        "rule:   Disallow: /private\n"
        "line:   2\n"
        "group:  User-agent: *\n"
        "source: http://a/robots.txt\n");
}

TEST_CASE("a page that no rule matches is allowed") {
  TableWeb web{{"http://a/robots.txt", test::text("User-agent: weft\nDisallow: /other\n")}};
  CHECK(explain(kPage, fetch(web)) ==
        "allowed http://a/private/x\n"
        "rule:   none matches\n"
        "group:  User-agent: weft\n"
        "source: http://a/robots.txt\n");
}

TEST_CASE("§2.3.1.3: what is not there allows") {
  for (const int status : {400, 401, 403, 404, 410}) {
    CAPTURE(status);
    TableWeb web{{"http://a/robots.txt", {.status = status}}};
    const RobotsFile file = fetch(web);
    CHECK(allowed(file));
    CHECK(explain(kPage, file).find("there is no robots.txt: status " + std::to_string(status)) !=
          std::string::npos);
  }
}

TEST_CASE("§2.3.1.4: what cannot be reached disallows") {
  for (const int status : {500, 503, 429}) {
    CAPTURE(status);
    TableWeb web{{"http://a/robots.txt", {.status = status}}};
    CHECK_FALSE(allowed(fetch(web)));
  }
  TableWeb web{{"http://a/robots.txt", test::broken(Outcome::connect_error, true)}};
  const RobotsFile file = fetch(web);
  CHECK_FALSE(allowed(file));
  CHECK(explain(kPage, file).find("robots.txt could not be had") != std::string::npos);
}

// `count` redirects from http://a/robots.txt to `end`.
void redirect(TableWeb& web, int count, test::Answer end) {
  std::string url = "http://a/robots.txt";
  for (int i = 1; i <= count; ++i) {
    const std::string next = "http://b/" + std::to_string(i);
    web.add(url, test::redirect(next));
    url = next;
  }
  web.add(url, std::move(end));
}

TEST_CASE("§2.3.1.2: five redirects are followed, to other hosts too") {
  TableWeb web{};
  redirect(web, 5, test::text("User-agent: *\nDisallow: /\n"));
  const RobotsFile file = fetch(web);
  CHECK_FALSE(allowed(file));
  CHECK(file.source == "http://b/5");
}

TEST_CASE("§2.3.1.2: after more it counts as unavailable") {
  TableWeb web{};
  redirect(web, 6, test::text("User-agent: *\nDisallow: /\n"));
  CHECK(allowed(fetch(web)));
  CHECK(web.asked.size() == 6);
}

TEST_CASE("a redirect out of the web disallows") {
  TableWeb web{{"http://a/robots.txt", test::redirect("ftp://a/robots.txt")}};
  CHECK_FALSE(allowed(fetch(web)));
}

TEST_CASE("only the host that the user named may be private") {
  TableWeb web{};
  redirect(web, 1, test::text(""));
  fetch(web);
  REQUIRE(web.requests.size() == 2);
  CHECK(web.requests[0].addresses == AddressPolicy::any);
  CHECK(web.requests[1].addresses == AddressPolicy::public_only);
}

}  // namespace
}  // namespace weft
