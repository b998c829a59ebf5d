// The two readers of a page: the scan where it is certain, else gumbo's tree, and where that
// is given up the scan again.
#include <algorithm>

#include "page/gumbo_arena.hpp"
#include "page/gumbo_walk.hpp"
#include "page/link_scan.hpp"
#include "weft/page/links.hpp"

namespace weft {

namespace {

Clock::duration tree_time(std::size_t bytes, const ReadOptions& options) {
  constexpr Clock::duration kOfAnyPage = std::chrono::milliseconds(10);
  constexpr Clock::duration kOfAByte = std::chrono::nanoseconds(400);
  return std::min<Clock::duration>(options.tree_time, kOfAnyPage + bytes * kOfAByte);
}

// False where the tree passed a budget.
bool read_tree(std::string_view html, const ReadOptions& options, PageLinks& page) {
  thread_local page::GumboArena arena;
  const GumboOutput* tree =
      arena.parse(html, {.memory = options.tree_memory, .time = tree_time(html.size(), options)});
  if (tree == nullptr) {
    page.cut_reason = arena.cut_reason();
    return false;
  }
  page::ElementLinks links(options, page);
  page::walk_tree(*tree->document, links);
  arena.drop();
  return true;
}

PageLinks read_by_scan(std::string_view html, const ReadOptions& options) {
  PageLinks page;
  page::scan_links(html, options, page);
  page.reader = Reader::scan;
  return page;
}

PageLinks read_by_tree(std::string_view html, const ReadOptions& options) {
  PageLinks page;
  if (read_tree(html, options, page)) {
    page.reader = Reader::gumbo;
    return page;
  }
  page::scan_links(html, options, page);
  page.reader = Reader::scan;
  return page;
}

// Where they differ the tree is believed; where it was given up there is nothing to compare.
void audit(std::string_view html, const ReadOptions& options, PageLinks& scan) {
  PageLinks tree;
  if (!read_tree(html, options, tree)) {
    scan.cut_reason = std::move(tree.cut_reason);
    return;
  }
  std::string difference = first_difference(scan, tree);
  if (difference.empty()) return;
  scan = std::move(tree);
  scan.reader = Reader::gumbo;
  scan.differs = true;
  scan.difference = std::move(difference);
}

}  // namespace

PageLinks read_html(std::string_view html, const ReadOptions& options) {
  if (options.parser == Parser::gumbo) return read_by_tree(html, options);
  if (options.parser == Parser::scan) return read_by_scan(html, options);
  PageLinks page;
  page.reader = Reader::scan;
  const page::Doubt doubt = page::scan_while_certain(html, options, page);
  if (doubt != page::Doubt::none) {
    page = read_by_tree(html, options);
    page.doubt = page::describe(doubt);
  } else if (options.audit) {
    audit(html, options, page);
  }
  return page;
}

}  // namespace weft
