// Which reader reads a page, and who looks over its shoulder.
#include <doctest/doctest.h>

#include "crawl/scan_trust.hpp"
#include "support/table_web.hpp"

using namespace weft;
using namespace weft::test;

namespace {

const std::string kPlain = "<p><a href=/1>x</a>";
const std::string kDoubtful = "<table><a href=/2>x</a></table>";  // the tree puts it before

// gumbo repeats all of it in each paragraph: over 1 GB of tree.
std::string costly_page() {
  std::string page = "<a href=/1>x</a>" + kDoubtful;
  for (int i = 0; page.size() < 49'000; ++i) page += "<p><font size=" + std::to_string(i) + ">";
  return page;
}

PageLinks cut() { return {.reader = Reader::scan, .cut_reason = "tree took over 30ms"}; }
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

TEST_CASE("of many hosts the first pages are audited at first, then one page in 64") {
  ScanTrust trust(Parser::automatic);
  PageLinks page;
  page.reader = Reader::scan;
  for (int host = 0; host < 6400; ++host) {
    const std::string name = "h" + std::to_string(host);
    const ReadOrders orders = trust.next(name);
    if (host < 32) CHECK(orders.audit);
    trust.note(name, page, orders);
  }
  CHECK(trust.counts().audited == 32 + 99);
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
  CHECK(trust.note("a", differing(), first) == ScanTrust::GivenTo::gumbo);
  CHECK(trust.next("a").parser == Parser::gumbo);
  CHECK(trust.next("b").parser == Parser::automatic);
  CHECK(trust.counts().differed == 1);
}

TEST_CASE("a host that has burnt a parse budget is read by the scan alone, others are not") {
  TableWeb web{{"http://bad/", html(costly_page())}, {"http://bad/1", html(kPlain + kDoubtful)},
               {"http://bad/2", html(kDoubtful)},    {"http://good/", html(kPlain + kDoubtful)},
               {"http://good/1", html(kPlain)},      {"http://good/2", html(kDoubtful)}};
  const Crawled crawled = crawl(web, {"http://bad/", "http://good/"});
  const HtmlCounts& counts = crawled.result.html;
  CHECK(counts.cut == 1);
  CHECK(counts.costly_hosts == 1);
  CHECK(counts.spared == 2);
  CHECK(counts.scanned == 4);  // three of the one, the plain one of the other
  CHECK(counts.parsed == 2);
  CHECK(crawled.record("http://bad/").links == 2);  // found all the same
  CHECK(crawled.record("http://bad/2").outcome == Outcome::ok);
}

TEST_CASE("gumbo is not asked again by a host that has burnt a budget, nor by --parser gumbo") {
  for (const Parser parser : {Parser::automatic, Parser::gumbo}) {
    ScanTrust trust(parser);
    CHECK(trust.note("a", cut(), trust.next("a")) == ScanTrust::GivenTo::scan);
    for (int page = 0; page < 1025; ++page) {
      const ReadOrders orders = trust.next("a");
      CHECK(orders.parser == Parser::scan);
      CHECK_FALSE(orders.audit);
      CHECK(trust.note("a", scanned(), orders) == ScanTrust::GivenTo::nobody);
    }
    CHECK(trust.next("b").parser == parser);
    CHECK(trust.counts().spared == 1025);
    CHECK(trust.counts().audited == 0);
  }
}

TEST_CASE("a host that was gumbo's is the scan's once a page of it has burnt a budget") {
  ScanTrust trust(Parser::automatic);
  trust.note("a", differing(), trust.next("a"));
  CHECK(trust.note("a", cut(), trust.next("a")) == ScanTrust::GivenTo::scan);
  CHECK(trust.note("a", cut(), trust.next("a")) == ScanTrust::GivenTo::nobody);  // once
  CHECK(trust.next("a").parser == Parser::scan);
  CHECK(trust.counts().cut == 2);
  CHECK(trust.counts().costly_hosts == 1);
}
