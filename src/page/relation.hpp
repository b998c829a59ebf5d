// What a rel attribute or parameter makes of a link (HTML §4.6.7, and what search
// engines defined beside it).
#pragma once

#include <string_view>

#include "weft/page/links.hpp"

namespace weft::page {

// nofollow, or ugc or sponsored, which ask for the same.
bool asks_nofollow(std::string_view rel);

// The kind of a <link> or Link header: of several tokens the one that matters most to
// a crawl. `type` is the media type given with it; it tells a feed from a translation.
LinkKind kind_of_relation(std::string_view rel, std::string_view type);

}  // namespace weft::page
