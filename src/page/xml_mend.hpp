// XML that nearly is.
#pragma once

#include <functional>
#include <string_view>

namespace weft::page {

// Hands `text`, in UTF-8, to `sink` piece by piece with the commonest faults mended: a bare
// '&' or '<' and entities that XML does not have are escaped, control characters left out,
// what is not UTF-8 becomes U+FFFD. CDATA, comments and instructions keep their '&' and '<'.
void mend_xml(std::string_view text, const std::function<void(std::string_view)>& sink);

}  // namespace weft::page
