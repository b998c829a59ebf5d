// Any bytes as a page, a style sheet or a header: reading them ends, within its budgets,
// and what comes out is text that every later stage may rely on.
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string_view>

#include "page/gumbo_arena.hpp"
#include "weft/base/utf8.hpp"
#include "weft/page/links.hpp"

namespace {

using weft::Link;
using weft::LinkList;
using weft::PageLinks;
using weft::ReadOptions;

void require(bool holds, const char* what) {
  if (holds) return;
  std::fprintf(stderr, "property broken: %s\n", what);
  std::abort();
}

bool is_utf8(std::string_view text) {
  for (std::size_t at = 0; at < text.size();) {
    const weft::Utf8Char c = weft::utf8_at(text, at);
    if (!c.valid) return false;
    at += c.length;
  }
  return true;
}

void check_links(const LinkList& links) {
  for (const Link& link : links) {
    require(is_utf8(link.reference), "a reference is UTF-8");
    require(is_utf8(link.text), "a text is UTF-8");
    require(link.text.size() <= 200, "a text is at most 200 bytes");
  }
}

void check_page(const PageLinks& page) {
  check_links(page.links);
  require(is_utf8(page.title), "a title is UTF-8");
  require(page.title.size() <= 500, "a title is at most 500 bytes");
  require(!page.base || is_utf8(*page.base), "a base is UTF-8");
  require((page.reader == weft::Reader::scan) == !page.cut_reason.empty(),
          "the scan reads where the tree was cut, and says why");
}

void fuzz_page(std::string_view html) {
  ReadOptions options{
      .anchor_text = true, .parser = weft::Parser::gumbo, .tree_memory = weft::Bytes{32u << 20}};
  check_page(read_html(html, options));
  options.tree_memory = {0};
  check_page(read_html(html, options));
}

void fuzz_arena(std::string_view html) {
  // Small enough for most pages to be cut somewhere, each at a place of its own.
  const weft::Bytes memory{16 * html.size()};
  weft::page::GumboArena arena;
  arena.parse(html, {.memory = memory, .time = std::chrono::seconds(1)});
  require(arena.used() <= memory, "a tree keeps to its budget");
  require(arena.held() <= memory, "an arena keeps to its budget");
}

void fuzz_header(std::string_view value) {
  LinkList links;
  read_link_header(value, links);
  weft::parse_refresh(value);
  weft::parse_robots_directives(value);
  weft::parse_x_robots_tag(value, "weft");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view text(reinterpret_cast<const char*>(data) + 1, size - 1);
  LinkList links;
  switch (data[0] % 8) {
    case 0:
      read_css(text, links);
      check_links(links);
      break;
    case 1:
      weft::parse_srcset(text);
      break;
    case 2:
      fuzz_header(text);
      break;
    case 3:
      fuzz_arena(text);
      break;
    default:
      fuzz_page(text);
  }
  return 0;
}
