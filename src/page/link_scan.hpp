// The links of a page by its tags alone: HTML's tokenizer, no tree. Linear in the page
// whatever it holds, and as good on a page that was cut off.
//
// It reads as gumbo's tree does but for what only a tree knows: it takes links from
// elements that a parser would drop (within <select>, after a frameset, ...), and orders
// them as they are written.
#pragma once

#include <string_view>

#include "page/scan_doubt.hpp"
#include "weft/page/links.hpp"

namespace weft::page {

// The whole page, whatever it holds.
void scan_links(std::string_view html, const ReadOptions& options, PageLinks& page);

// The page for as long as the tree would certainly give the same (page/scan_doubt.hpp).
// Doubt::none: all of it; else `page` holds the part before the first doubt.
Doubt scan_while_certain(std::string_view html, const ReadOptions& options, PageLinks& page);

}  // namespace weft::page
