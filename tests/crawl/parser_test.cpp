// Which reader reads a page, and who looks over its shoulder.
#include <doctest/doctest.h>

#include "crawl/scan_trust.hpp"
#include "support/table_web.hpp"

using namespace weft;
using namespace weft::test;

namespace {

const std::string kPlain = "<p><a href=/1>x</a>";
const std::string kDoubtful = "<table><a href=/2>x</a></table>";  // the tree puts it before

PageLinks scanned() { return {.reader = Reader::scan}; }
PageLinks differing() { return {.reader = Reader::gumbo, .differs = true}; }

}  // namespace

TEST_CASE("plain pages are scanned, doubtful ones parsed, and the first of a host is audited") {
  TableWeb web{{"http://a/", html(kPlain + kDoubtful)},
               {"http://a/1", html(kPlain)},
               {"http://a/2", html(kPlain)}};
  const HtmlCounts counts = crawl(web, {"http://a/"}).result.html;
  CHECK(counts.scanned == 2);
  CHECK(counts.parsed == 1);
  CHECK(counts.audited == 1);
  CHECK(counts.differed == 0);
}

TEST_CASE("--parser gumbo has every page parsed") {
  TableWeb web{{"http://a/", html(kPlain)}, {"http://a/1", html(kPlain)}};
  const HtmlCounts counts = crawl(web, {"http://a/"}, {.parser = Parser::gumbo}).result.html;
  CHECK(counts.scanned == 0);
  CHECK(counts.parsed == 2);
}

TEST_CASE("what is no page of HTML is not counted") {
  TableWeb web{{"http://a/", {.body = "x", .headers = {{"Content-Type", "text/plain"}}}}};
  const HtmlCounts counts = crawl(web, {"http://a/"}).result.html;
  CHECK(counts.scanned + counts.parsed == 0);
}

TEST_CASE("a sample of each host's pages is audited, its first one in it") {
  ScanTrust trust(Parser::automatic);
  for (const std::string host : {"a", "b"}) {
    int audited = 0;
    for (int page = 0; page < 2049; ++page) {
      const ReadOrders orders = trust.next(host);
      audited += orders.audit ? 1 : 0;
      if (page == 0) CHECK(orders.audit);
      trust.note(host, scanned(), orders);
    }
    CHECK(audited == 3);
  }
  CHECK(trust.counts().audited == 6);
}

TEST_CASE("a host whose scan was wrong is gumbo's from then on, others are not") {
  ScanTrust trust(Parser::automatic);
  const ReadOrders first = trust.next("a");
  CHECK(trust.note("a", differing(), first));
  CHECK(trust.next("a").parser == Parser::gumbo);
  CHECK(trust.next("b").parser == Parser::automatic);
  CHECK(trust.counts().differed == 1);
}
