#include <doctest/doctest.h>

#include "support/table_web.hpp"

using namespace weft;
using namespace weft::test;

TEST_CASE("a redirect settles its URL, and its target comes to the gate like any link") {
  TableWeb web{
      {"http://a/", redirect("/new")},
      {"http://a/new", html(R"(<a href="/">old</a>)")},
  };
  const Crawled crawled = crawl(web, {"http://a/"});
  CHECK(crawled.record("http://a/").outcome == Outcome::redirect);
  CHECK(crawled.record("http://a/").location == "http://a/new");
  CHECK(crawled.record("http://a/new").outcome == Outcome::ok);
  CHECK(crawled.record("http://a/new").depth == 0);
  CHECK(crawled.record("http://a/new").via == "http://a/");
  CHECK(crawled.fetched().size() == 2);
}

TEST_CASE("a redirect out of the scope is not followed, and says which rule refused it") {
  TableWeb web{{"http://a/", html(R"(<a href=/out>x</a>)")},
               {"http://a/out", redirect("http://b/")}};
  const Crawled crawled = crawl(web, {"http://a/"});
  CHECK(crawled.record("http://a/out").rule == "scope");
  CHECK(crawled.result.refused.at("scope") == 1);
}

TEST_CASE("a seed that redirects within its domain takes the crawl along") {
  TableWeb web{
      {"http://example.org/", redirect("https://www.example.org/")},
      {"https://www.example.org/", html(R"(<a href="/x">x</a><a href="http://other.org/">o</a>)")},
      {"https://www.example.org/x", html("x")},
  };
  CHECK(crawl(web, {"http://example.org/"}).fetched() ==
        Urls{"http://example.org/", "https://www.example.org/", "https://www.example.org/x"});
}

TEST_CASE("a redirect between two spellings of one page still reaches it") {
  TableWeb web{{"http://a/%7Eme", redirect("/~me")}, {"http://a/~me", html("me")}};
  const Crawled crawled = crawl(web, {"http://a/%7Eme"});
  CHECK(crawled.record("http://a/~me").outcome == Outcome::ok);
}

TEST_CASE("redirect loops and chains end") {
  TableWeb loop{{"http://a/", redirect("/b")}, {"http://a/b", redirect("/")}};
  CHECK(crawl(loop, {"http://a/"}).fetched() == Urls{"http://a/", "http://a/b"});

  TableWeb self{{"http://a/", redirect("/")}};
  CHECK(crawl(self, {"http://a/"}).fetched() == Urls{"http://a/"});

  TableWeb spelling{{"http://a/%61", redirect("/a")}, {"http://a/a", redirect("/%61")}};
  CHECK(crawl(spelling, {"http://a/%61"}).fetched().size() <= 11);

  TableWeb chain{{"http://a/0", redirect("/1")},
                 {"http://a/1", redirect("/2")},
                 {"http://a/2", redirect("/3")},
                 {"http://a/3", html("far")}};
  const Crawled crawled = crawl(chain, {"http://a/0"}, {.traps = {.redirect_hops = 2}});
  CHECK(crawled.fetched() == Urls{"http://a/0", "http://a/1", "http://a/2"});
  CHECK(crawled.result.refused.at("redirect-hops") == 1);
}

TEST_CASE("a redirect to what is not http is told, not followed") {
  TableWeb web{{"http://a/", redirect("ftp://a/file")}};
  const Crawled crawled = crawl(web, {"http://a/"});
  CHECK(crawled.record("http://a/").rule == "not-http");
  CHECK(crawled.record("http://a/").location == "ftp://a/file");
}

TEST_CASE("robots.txt holds on every hop") {
  TableWeb web{
      {"http://a/robots.txt", text("User-agent: *\nDisallow: /private")},
      {"http://a/", redirect("/private")},
  };
  const Crawled crawled = crawl(web, {"http://a/"});
  CHECK(crawled.fetched() == Urls{"http://a/"});
  CHECK(crawled.record("http://a/private").outcome == Outcome::refused_robots);
}
