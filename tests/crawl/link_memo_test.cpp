#include "crawl/link_memo.hpp"

#include <doctest/doctest.h>

#include "support/table_web.hpp"

using namespace weft;
using namespace weft::test;
using Known = LinkMemo::Known;
using Use = LinkMemo::Use;

namespace {

Url url(const char* text) { return Url::parse(text).value(); }

}  // namespace

TEST_CASE("a reference is known in the folder it was met in, and in no other") {
  LinkMemo memo;
  memo.begin_page(url("http://a/x/1.html?q#f"), 0);
  CHECK(memo.find(memo.key("b.html", Use::followed)) == Known::no);
  memo.add(memo.key("b.html", Use::followed), Known::url);
  memo.add(memo.key("mailto:me", Use::followed), Known::not_url);
  memo.begin_page(url("http://a/x/2.html"), 0);
  CHECK(memo.find(memo.key("b.html", Use::followed)) == Known::url);
  CHECK(memo.find(memo.key("mailto:me", Use::followed)) == Known::not_url);
  for (const char* elsewhere : {"http://a/y/2.html", "http://a/", "http://b/x/2.html",
                                "https://a/x/2.html", "http://a:81/x/2.html"}) {
    memo.begin_page(url(elsewhere), 0);
    CHECK(memo.find(memo.key("b.html", Use::followed)) == Known::no);
  }
}

TEST_CASE("a reference is known wherever what it leaves out is the same") {
  LinkMemo memo;
  memo.begin_page(url("http://a:81/x/1.html?q"), 0);
  for (const char* reference : {"/b", "//c/b", "http://c/b", "https://c/b"}) {
    memo.add(memo.key(reference, Use::followed), Known::url);
  }
  memo.begin_page(url("http://a:81/y/z/"), 0);
  for (const char* reference : {"/b", "//c/b", "http://c/b", "https://c/b"}) {
    CHECK(memo.find(memo.key(reference, Use::followed)) == Known::url);
  }
  for (const char* elsewhere : {"http://a/x/1.html", "https://a:81/x/", "http://b:81/x/"}) {
    memo.begin_page(url(elsewhere), 0);
    CHECK(memo.find(memo.key("/b", Use::followed)) == Known::no);
    CHECK(memo.find(memo.key("//c/b", Use::followed)) == Known::no);
    CHECK(memo.find(memo.key("http://c/b", Use::followed)) == Known::url);
  }
}

TEST_CASE("what means another URL on each page is known on that page alone") {
  for (const char* reference : {"#part", "?q=1", "", " b", "\\b"}) {
    LinkMemo memo;
    memo.begin_page(url("http://a/x/1.html"), 0);
    memo.add(memo.key(reference, Use::followed), Known::url);
    CHECK(memo.find(memo.key(reference, Use::followed)) == Known::url);
    memo.begin_page(url("http://a/x/2.html"), 0);
    CHECK(memo.find(memo.key(reference, Use::followed)) == Known::no);
  }
}

TEST_CASE("a reference known for one use is not for another, nor under another scope") {
  LinkMemo memo;
  memo.begin_page(url("http://a/"), 0);
  memo.add(memo.key("b", Use::nofollow), Known::url);
  CHECK(memo.find(memo.key("b", Use::followed)) == Known::no);
  CHECK(memo.find(memo.key("b", Use::nofollow)) == Known::url);
  memo.begin_page(url("http://a/"), 1);
  CHECK(memo.find(memo.key("b", Use::nofollow)) == Known::no);
}

TEST_CASE("a link that was too deep is followed from a page that lies nearer") {
  TableWeb web{{"http://a/", html("<a href=/1>x</a>")},
               {"http://a/1", html("<a href=/2>x</a>")},
               {"http://a/2", html("<a href=/far>x</a>")},
               {"http://b/", html("<a href=http://a/near>x</a>")},
               {"http://a/near",
                {.body = "<a href=/far>x</a>",
                 .headers = {{"Content-Type", "text/html"}},
                 .after = std::chrono::seconds(9)}},
               {"http://a/far", html("")}};
  const Crawled crawled = crawl(web, {"http://a/", "http://b/"}, {.limit_depth = true, .depth = 2});
  CHECK(crawled.record("http://a/far").depth == 2);
}

TEST_CASE("links that were outside the scope are in it once a seed's redirect has opened it") {
  TableWeb web{{"http://a.test/", html("<a href=http://www.a.test/x>x</a><a href=/2>x</a>")},
               {"http://a.test/2",
                {.body = "<a href=http://www.a.test/x>x</a>",
                 .headers = {{"Content-Type", "text/html"}},
                 .after = std::chrono::seconds(9)}},
               {"http://a.test/go",
                {.status = 301,
                 .headers = {{"Location", "http://www.a.test/"}},
                 .after = std::chrono::seconds(1)}},
               {"http://www.a.test/x", html("")}};
  const Crawled crawled = crawl(web, {"http://a.test/", "http://a.test/go"});
  CHECK(crawled.record("http://www.a.test/x").outcome == Outcome::ok);
}

TEST_CASE("links are counted as often as they stand, known or not") {
  TableWeb web{{"http://a/", html("<a href=/1>x</a><a href=/1>x</a><a href=#>x</a>"
                                  "<a href=mailto:x>x</a><a href=mailto:x>x</a><img src=i>")},
               {"http://a/1", html("<a href=/1>x</a><a href=/>x</a><link rel=canonical href=/>")}};
  const Crawled crawled = crawl(web, {"http://a/"});
  CHECK(crawled.record("http://a/1").links == 3);
  CHECK(crawled.record("http://a/").links ==
        3);  // but for mailto: and, without --requisites, images
}
