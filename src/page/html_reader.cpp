// The two readers of a page: gumbo's tree, and where that is given up the scan.
#include "page/gumbo_arena.hpp"
#include "page/gumbo_walk.hpp"
#include "page/link_scan.hpp"
#include "weft/page/links.hpp"

namespace weft {

namespace {

// False where the tree passed a budget.
bool read_tree(std::string_view html, const ReadOptions& options, PageLinks& page) {
  thread_local page::GumboArena arena;
  const GumboOutput* tree =
      arena.parse(html, {.memory = options.tree_memory, .time = options.tree_time});
  if (tree == nullptr) {
    page.cut_reason = arena.cut_reason();
    return false;
  }
  page::ElementLinks links(options, page);
  page::walk_tree(*tree->document, links);
  arena.drop();
  return true;
}

}  // namespace

PageLinks read_html(std::string_view html, const ReadOptions& options) {
  PageLinks page;
  if (read_tree(html, options, page)) {
    page.reader = Reader::gumbo;
    return page;
  }
  page::scan_links(html, options, page);
  page.reader = Reader::scan;
  return page;
}

}  // namespace weft
