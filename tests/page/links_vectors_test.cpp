// The pages of tests/data/html/links.json, whose links were worked out with a
// browser-grade parser, and the tables of the HTML standard's own test suite.
#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include "page/link_list.hpp"
#include "support/vectors.hpp"
#include "weft/url/url.hpp"

namespace weft::test {

namespace {

// A Url has no fragment; the vectors keep theirs.
std::string without_fragment(const std::string& url) { return url.substr(0, url.find('#')); }

Lines resolved(const PageLinks& page, const std::string& page_url) {
  const Url self = Url::parse(page_url).value();
  Url base = self;
  if (page.base) base = Url::resolve(self, *page.base).value_or(self);
  Lines urls;
  for (const Link& link : page.links) {
    if (const auto url = Url::resolve(base, link.reference)) urls.push_back(url->href());
  }
  return urls;
}

}  // namespace

TEST_CASE("a page's links are those a browser's parser finds, whichever reader reads it") {
  const auto vectors = load_vectors("html/links.json");
  REQUIRE(vectors);
  for (const auto& page : (*vectors)["cases"]) {
    const std::string name = page["name"];
    CAPTURE(name);
    const std::string html = page["html"];
    Lines expected;
    for (const auto& link : page["links"]) expected.push_back(without_fragment(link["url"]));
    CHECK(resolved(read_html(html, {}), page["page"]) == expected);
    CHECK(resolved(read_html(html, with_tree()), page["page"]) == expected);
    CHECK(resolved(scan_page(html), page["page"]) == expected);
  }
}

TEST_CASE("srcset candidates are those of the standard's tests") {
  const auto vectors = load_vectors("html/srcset.json");
  if (!vectors) return;
  for (const auto& candidate : (*vectors)["cases"]) {
    const std::string srcset = candidate["srcset"];
    CAPTURE(srcset);
    CHECK(parse_srcset(srcset) == candidate["urls"].get<Lines>());
  }
}

TEST_CASE("meta refresh is read as in the standard's tests") {
  const auto vectors = load_vectors("html/meta-refresh.json");
  if (!vectors) return;
  const Url page = Url::parse("http://h.example/").value();
  for (const auto& refresh : (*vectors)["cases"]) {
    const std::string content = refresh["content"];
    CAPTURE(content);
    const std::optional<Refresh> read = parse_refresh(content);
    REQUIRE(read.has_value() == !refresh["refresh"].is_null());
    if (!read) continue;
    CHECK(read->seconds == refresh["refresh"]["seconds"].get<std::uint64_t>());
    const auto& url = refresh["refresh"]["url"];
    REQUIRE(read->url.has_value() == !url.is_null());
    // The table gives the URL as parsing leaves it: without tabs, newlines and outer spaces.
    if (read->url) {
      CHECK(Url::resolve(page, *read->url) == Url::resolve(page, url.get<std::string>()));
    }
  }
}

}  // namespace weft::test
