// The links of a page's tree.
#pragma once

#include <gumbo.h>

#include "page/element_links.hpp"

namespace weft::page {

// Hands every element of the tree below `document` to `links`, in document order,
// template content left out. Without recursion: a tree may be as deep as its page is long.
void walk_tree(const GumboNode& document, ElementLinks& links);

}  // namespace weft::page
