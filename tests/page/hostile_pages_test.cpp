// Pages made to hurt their reader. Each ends within the budgets, and the links before
// and after the hostile part are found whoever reads it in the end.
#include <doctest/doctest.h>

#include <atomic>
#include <thread>

#include "page/gumbo_arena.hpp"
#include "page/link_list.hpp"

namespace weft::test {

namespace {

std::string repeated(std::string_view text, std::size_t times) {
  std::string all;
  all.reserve(text.size() * times);
  for (std::size_t i = 0; i < times; ++i) all += text;
  return all;
}

std::string between_links(const std::string& hostile) {
  return "<a href=before>x</a>" + hostile + "<a href=after>x</a>";
}

void check_both_found(const PageLinks& page) {
  CHECK_FALSE(page.links.empty());
  if (page.links.empty()) return;
  CHECK(page.links.front().reference == "before");
  CHECK(page.links.back().reference == "after");
}

// Read as the crawl reads it; the scan alone must do as well.
PageLinks survive(const std::string& html) {
  // A tenth of the usual time, so that a machine under sanitizers is soon done too.
  const ReadOptions options{.tree_time = std::chrono::milliseconds(200)};
  PageLinks page = read_html(html, with_tree(options));
  CHECK((page.reader == Reader::scan) == !page.cut_reason.empty());
  check_both_found(page);
  check_both_found(scan_page(html));
  check_both_found(read_html(html, options));
  return page;
}

// Held by an arena of its own, so that what it holds can be asked.
struct Parse {
  explicit Parse(std::string_view html, Bytes memory = 256_MiB,
                 Clock::duration time = std::chrono::seconds(2))
      : tree(arena.parse(html, {.memory = memory, .time = time})) {}

  page::GumboArena arena;
  const GumboOutput* tree;
};

}  // namespace

TEST_CASE("formatting that gumbo repeats in every paragraph is given up within the budget") {
  std::string hostile;
  for (int i = 0; hostile.size() < 49'000; ++i)
    hostile += "<p><font size=" + std::to_string(i) + ">";
  const PageLinks page = survive(between_links(hostile));
  CHECK(page.reader == Reader::scan);  // 1.15 GB of tree: no machine is fast enough

  const Parse parse(hostile);
  CHECK(parse.tree == nullptr);
  CHECK(parse.arena.held() <= 256_MiB);
}

TEST_CASE("deep nesting is read, or given up, without deep recursion") {
  survive(between_links(repeated("<div>", 40'000)));
  survive(between_links(repeated("<span>", 300'000)));
  survive(between_links(repeated("<svg>", 100'000)));
  survive(between_links(repeated("<svg><foreignObject>", 20'000)));
  survive(between_links(repeated("<table><tr><td>", 20'000)));
  survive(between_links(repeated("<b><i><u>", 300)));
}

#ifndef __SANITIZE_THREAD__  // which has no alarms (base/cpu_alarm.cpp)
TEST_CASE("text over which gumbo walks all open elements is left between two allocations") {
  // 20,000 elements looked at for each of 1,000,000 characters: some 6 s.
  const std::string html = repeated("<span>", 20'000) + "<b>" + repeated("text ", 200'000);
  const Parse parse(html, 256_MiB, std::chrono::milliseconds(50));
  CHECK(parse.tree == nullptr);
  CHECK(parse.arena.cut_reason() == "tree took over 50ms");
  CHECK(Parse("<a href=x>x</a>").tree != nullptr);
}
#endif

TEST_CASE("a page has time for its length") {
  std::string hostile;
  for (int i = 0; hostile.size() < 50'000; ++i)
    hostile += "<p><font size=" + std::to_string(i) + ">";
  hostile.resize(50'000);
  // Memory would end it too, later.
  CHECK(read_html(hostile, with_tree({.tree_memory = 16_GiB})).cut_reason == "tree took over 30ms");
  const ReadOptions little{.tree_memory = 16_GiB, .tree_time = std::chrono::milliseconds(3)};
  CHECK(read_html(hostile, with_tree(little)).cut_reason == "tree took over 3ms");
}

TEST_CASE("a tree that gumbo frees by recursion is left before the stack ends") {
  // A frameset that may still replace the body makes gumbo free that, node below node.
  const std::string html = repeated("<span>", 300'000) + "<frameset><frame src=after>";
  const Parse parse(html, 1_GiB, std::chrono::hours(1));
  CHECK(parse.tree == nullptr);
  CHECK(parse.arena.cut_reason() == "tree nested too deep");
  CHECK(scan_page(html).links.at(0).reference == "after");
}

TEST_CASE("templates nested without end hide what they hold, and no more") {
  const std::string open = repeated("<template>", 20'000);
  const std::string close = repeated("</template>", 20'000);
  const PageLinks page = survive(between_links(open + "<a href=no>x</a>" + close));
  CHECK(page.links.size() == 2);
}

TEST_CASE("end tags without a start cost no search") {
  survive(between_links(repeated("<svg>", 50'000) + repeated("</math>", 50'000) +
                        repeated("</svg>", 50'000)));
  survive(between_links(repeated("</template></svg></p></a>", 20'000)));
}

TEST_CASE("sixteen thousand attributes on one tag are read once each") {
  std::string hostile = "<img ";
  for (int i = 0; i < 16'000; ++i) hostile += "a" + std::to_string(i) + "=1 ";
  const PageLinks page = survive(between_links(hostile + "src=last>"));
  CHECK(lines_of(page.links) == Lines{"a before", "img last", "a after"});
  CHECK(scan_page("<img " + repeated("src=1 ", 16'000) + ">").links.size() == 1);
}

TEST_CASE("five megabytes of '<' are text") {
  const std::string hostile(5'000'000, '<');
  // The last of them would begin the link's tag.
  survive(between_links(hostile + " "));
}

TEST_CASE("what is never closed takes the rest of the page with it, and nothing before") {
  const std::string rest = repeated("<a href=no>x</a> -- ]] ", 20'000);
  for (const char* open :
       {"<!-- ", "<script>", "<script><!--", "<script><!--<script>", "<style>", "<textarea>",
        "<title>", "<xmp>", "<iframe>", "<plaintext>", "<template>", "<img src=\"", "<img src='",
        "<!doctype ", "<svg><![CDATA["}) {
    CAPTURE(open);
    const std::string html = std::string("<a href=before>x</a>") + open;
    const PageLinks tree = read_html(html + rest, with_tree({.requisites = false}));
    const PageLinks scan = scan_page(html + rest, {.requisites = false});
    const bool ends_at_bracket = std::string_view(open) == "<!doctype ";
    if (!ends_at_bracket) CHECK(lines_of(scan.links) == Lines{"a before"});
    CHECK(lines_of(tree.links) == lines_of(scan.links));
  }
}

TEST_CASE("NUL bytes end nothing") {
  const std::string nuls(1'000, '\0');
  survive(between_links(nuls + "<p" + nuls + " a" + nuls + "=" + nuls + ">" + nuls + "</p>"));
  survive(between_links("<script>" + nuls + "</script><!--" + nuls + "-->"));
}

TEST_CASE("a page of links, entities or styles costs what its length does") {
  CHECK(read_both(repeated("<a href=x>x</a>", 50'000)).links.size() == 50'000);
  survive(between_links("<a href='" + repeated("&notit;&#x41;&&amp", 50'000) + "'>x</a>"));
  survive(between_links("<p style='" + repeated("url(", 50'000) + "'>"));
  survive(between_links("<img srcset='" + repeated("a ( ,", 50'000) + "'>"));
}

TEST_CASE("a page cut anywhere still gives the links that are whole") {
  const std::string html =
      "<!-- c --><title>t</title><a href=\"1\">x</a><script>s</script><a href='2'>y</a>";
  for (std::size_t size = 0; size <= html.size(); ++size) {
    CAPTURE(size);
    const std::string_view cut = std::string_view(html).substr(0, size);
    const std::size_t whole = (size >= html.find(">x") + 1) + (size >= html.find(">y") + 1);
    CHECK(scan_page(cut).links.size() == whole);
    CHECK(read_html(cut, {}).links.size() == whole);
  }
}

TEST_CASE("a budget of bytes, of time: each is kept and named") {
  const std::string html = repeated("<p>text <a href=x>x</a>", 2'000);
  ReadOptions options = with_tree();
  options.tree_memory = 64_KiB;
  PageLinks page = read_html(html, options);
  CHECK(page.cut_reason == "tree over 64.0 KiB");
  CHECK(page.links.size() == 2'000);

  options = with_tree();
  options.tree_time = Clock::duration::zero();
  page = read_html(html, options);
  CHECK(page.cut_reason == "tree took over 0s");
  CHECK(page.links.size() == 2'000);

  CHECK(read_html(html, with_tree()).reader == Reader::gumbo);  // and leaves the next page alone
}

TEST_CASE("an arena never holds more than its budget, wherever that ends a parse") {
  const std::string html = repeated("<p>text <a href=x>x</a>", 200);
  for (std::uint64_t memory = 0; memory < 300'000; memory += 1'009) {
    const Parse parse(html, Bytes{memory});
    CHECK(parse.arena.used().count <= memory);
    CHECK(parse.arena.held().count <= memory);
    CHECK((parse.tree == nullptr) == !parse.arena.cut_reason().empty());
  }
}

TEST_CASE("threads read pages at once, each with an arena of its own") {
  const std::string page = "<title>&amp;&hellip;</title>" + repeated("<a href=x>x</a>", 500);
  const std::string hostile = between_links(repeated("<p><font size=1><font size=2>", 500));
  std::atomic<int> wrong = 0;
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < 4; ++i) {
      threads.emplace_back([&] {
        for (int round = 0; round < 5; ++round) {
          wrong += read_html(page, with_tree()).links.size() != 500;
          wrong += read_html(hostile, with_tree({.tree_memory = 1_MiB})).links.size() != 2;
        }
      });
    }
  }
  CHECK(wrong == 0);
}

TEST_CASE("an arena gives back a huge page's memory and keeps a usual one's") {
  page::GumboArena arena;
  const page::GumboArena::Budget budget{.memory = 256_MiB, .time = std::chrono::hours(1)};
  REQUIRE(arena.parse(repeated("<p>text <a href=x>x</a>", 20'000), budget) != nullptr);
  CHECK(arena.held().count > page::GumboArena::kKept);
  arena.drop();
  CHECK(arena.held().count <= page::GumboArena::kKept);
  CHECK(arena.used() == Bytes{0});

  REQUIRE(arena.parse("<p>small", budget) != nullptr);
  const Bytes held = arena.held();
  REQUIRE(arena.parse("<p>small", budget) != nullptr);
  CHECK(arena.held() == held);  // reused: nothing new was asked of the system
}

}  // namespace weft::test
