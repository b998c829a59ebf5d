// What is fetched, and what is said of it.
#include <doctest/doctest.h>

#include "support/table_web.hpp"

using namespace weft;
using namespace weft::test;

TEST_CASE("links are followed to the end of the site, each page once") {
  TableWeb web{
      {"http://a/", html(R"(<a href="x">x</a> <a href="/y#part">y</a> <a href="/">home</a>)")},
      {"http://a/x", html(R"(<a href="y">y</a> <a href="http://a:80/z">z</a>)")},
      {"http://a/y", html(R"(<a href="x">x</a>)")},
      {"http://a/z", html("end")},
  };
  const Crawled crawled = crawl(web, {"http://a/"});
  CHECK(crawled.fetched() == Urls{"http://a/", "http://a/x", "http://a/y", "http://a/z"});
  CHECK(crawled.asked.front() == "http://a/robots.txt");
  CHECK(crawled.record("http://a/x").depth == 1);
  CHECK(crawled.record("http://a/z").depth == 2);
  CHECK(crawled.record("http://a/z").via == "http://a/x");
  CHECK(crawled.record("http://a/").links == 3);
  CHECK(crawled.result.stopped == StopReason::none);
  CHECK(crawled.result.left_queued == 0);
}

TEST_CASE("two spellings of one page are one page") {
  TableWeb web{
      {"http://a/",
       html(R"(<a href="/%70age">1</a><a href="/page">2</a><a href="/x/../page">3</a>)")},
  };
  const Crawled crawled = crawl(web, {"http://a/"});
  CHECK(crawled.fetched().size() == 2);
}

TEST_CASE("a page's base is what its links resolve against") {
  TableWeb web{{"http://a/", html(R"(<base href="/deep/"><a href="x">x</a>)")}};
  CHECK(crawl(web, {"http://a/"}).fetched() == Urls{"http://a/", "http://a/deep/x"});
}

TEST_CASE("areas, frames, refreshes, rel=next and prev, Link and Refresh headers lead on") {
  Answer page = html(R"(<link rel=next href=/next><link rel=prev href=/prev>
      <link rel=stylesheet href=/no.css><meta http-equiv=refresh content="5; url=/refresh">
      <map><area href=/area></map><iframe src=/iframe></iframe><img src=/no.png>
      <form action=/no-form></form>)");
  page.headers.push_back({"Link", "</header-next>; rel=next"});
  page.headers.push_back({"Refresh", "0; url=/header-refresh"});
  TableWeb web{{"http://a/", page}, {"http://a/iframe", html("x")}};
  CHECK(crawl(web, {"http://a/"}).fetched() ==
        Urls{"http://a/", "http://a/area", "http://a/header-next", "http://a/header-refresh",
             "http://a/iframe", "http://a/next", "http://a/prev", "http://a/refresh"});
}

TEST_CASE("nofollow is honoured on the link, in the page and in the header") {
  Answer by_header = html(R"(<a href=/no3>no</a>)");
  by_header.headers.push_back({"X-Robots-Tag", "nofollow"});
  TableWeb web{
      {"http://a/",
       html(R"(<a rel="nofollow" href=/no1>no</a><a href=/meta>m</a><a href=/header>h</a>)")},
      {"http://a/meta",
       html(R"(<meta name=robots content="noindex, nofollow"><a href=/no2>no</a>)")},
      {"http://a/header", by_header},
  };
  const Crawled crawled = crawl(web, {"http://a/"});
  CHECK(crawled.fetched() == Urls{"http://a/", "http://a/header", "http://a/meta"});
  CHECK(crawled.result.refused.at("nofollow") == 3);

  TableWeb everywhere{
      {"http://a/", html(R"(<a rel=nofollow href=/in>1</a><a href=/1>1</a>)")},
      {"http://a/1", html(R"(<a rel=nofollow href=/in>1</a><a rel=nofollow href="/">1</a>)")}};
  CHECK(crawl(everywhere, {"http://a/"}).result.refused.at("nofollow") == 1);  // URLs count

  TableWeb again{{"http://a/", html(R"(<a rel="nofollow" href=/yes>no</a>)")}};
  CHECK(crawl(again, {"http://a/"}, {.robots = false}).fetched() ==
        Urls{"http://a/", "http://a/yes"});
}

TEST_CASE("requisites come from any host, their style sheets' too, and lead nowhere") {
  Answer css{.body = "@import 'more.css'; p { background: url(bg.png) }",
             .headers = {{"Content-Type", "text/css"}}};
  TableWeb web{
      {"http://a/", html(R"(<link rel=stylesheet href="http://cdn/s.css"><img src=pic.png>
           <iframe src="http://b/"></iframe><a href="http://b/">out</a>)")},
      {"http://cdn/s.css", css},
  };
  const Crawled crawled = crawl(web, {"http://a/"}, {.requisites = true});
  CHECK(crawled.fetched() == Urls{"http://a/", "http://a/pic.png", "http://cdn/bg.png",
                                  "http://cdn/more.css", "http://cdn/s.css"});
}

TEST_CASE("an embedded page of the crawl's own host is a page like any other") {
  TableWeb web{
      {"http://a/", html(R"(<object data="/inner"></object>)")},
      {"http://a/inner", html(R"(<a href="/deeper">d</a>)")},
  };
  CHECK(crawl(web, {"http://a/"}, {.requisites = true}).fetched() ==
        Urls{"http://a/", "http://a/deeper", "http://a/inner"});
}

TEST_CASE("a feed is a page of links") {
  TableWeb web{
      {"http://a/",
       {.body =
            "<rss version='2.0'><channel><item><link>http://a/post</link></item></channel></rss>",
        .headers = {{"Content-Type", "application/rss+xml"}}}},
      {"http://a/post", html("post")},
  };
  CHECK(crawl(web, {"http://a/"}).fetched() == Urls{"http://a/", "http://a/post"});
}

TEST_CASE("a record says what came back") {
  TableWeb web{{"http://a/", html("<title> Hello  there </title><a href=/gone>x</a>")}};
  const Crawled crawled = crawl(web, {"http://a/"});
  const Record& page = crawled.record("http://a/");
  CHECK(page.outcome == Outcome::ok);
  CHECK(page.status == 200);
  CHECK(page.media_type == "text/html");
  CHECK(page.charset == "utf-8");
  CHECK(page.title == "Hello there");
  CHECK(page.bytes == 48);
  CHECK(page.digest.starts_with("sha256:"));
  CHECK(page.attempts == 1);
  const Record& gone = crawled.record("http://a/gone");
  CHECK(gone.outcome == Outcome::http_error);
  CHECK(gone.status == 404);
  CHECK(gone.attempts == 1);
  CHECK(crawled.record("http://a/robots.txt").kind == RecordKind::robots);
}

TEST_CASE("links are recorded with their kinds and texts where asked for") {
  TableWeb web{
      {"http://a/", html(R"(<a href=/x>to  x</a><img src=/i.png><form action=/f></form>)")}};
  const Crawled crawled = crawl(web, {"http://a/"}, {.record_links = true});
  const auto& links = crawled.record("http://a/").link_records;
  REQUIRE(links.size() == 3);
  CHECK(links[0].to == "http://a/x");
  CHECK(links[0].kind == "a");
  CHECK(links[0].text == "to x");
  CHECK(links[1].kind == "img");
  CHECK(links[2].kind == "form");
}

TEST_CASE("a page in another encoding has its links decoded from it") {
  TableWeb web{{"http://a/",
                {.body = "<a href=\"/caf\xe9\">x</a>",
                 .headers = {{"Content-Type", "text/html; charset=iso-8859-1"}}}}};
  CHECK(crawl(web, {"http://a/"}).fetched() == Urls{"http://a/", "http://a/caf%C3%A9"});
}

TEST_CASE("a damaged body is a decode error, and the crawl goes on") {
  TableWeb web{
      {"http://a/", html(R"(<a href=/bad>x</a><a href=/good>x</a>)")},
      {"http://a/bad", {.body = "not gzip", .headers = {{"Content-Encoding", "gzip"}}}},
      {"http://a/good", html("x")},
  };
  const Crawled crawled = crawl(web, {"http://a/"});
  CHECK(crawled.record("http://a/bad").outcome == Outcome::decode_error);
  CHECK(crawled.record("http://a/good").outcome == Outcome::ok);
}

TEST_CASE("records can be put into the order of admission by their sequence") {
  TableWeb web{
      {"http://a/", html(R"(<a href=/1>x</a><a href=/2>x</a>)")},
      {"http://a/1", {.after = std::chrono::seconds(9)}},
      {"http://a/2", {.after = std::chrono::seconds(1)}},
  };
  const Crawled crawled = crawl(web, {"http://a/"});
  CHECK(crawled.record("http://a/1").sequence + 1 == crawled.record("http://a/2").sequence);
  CHECK(crawled.records.back().url == "http://a/1");
}
