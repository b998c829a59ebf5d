// What the first bytes of a document say about its encoding.
#pragma once

#include <string_view>

namespace weft::page {

// Empty where there is no byte order mark.
std::string_view encoding_of_bom(std::string_view body);

// "Prescan a byte stream to determine its encoding" (HTML §13.2.3.2): the encoding that a
// meta element in `head` declares, or else its XML declaration; empty where neither does.
std::string_view prescan(std::string_view head);

// "Get an XML encoding" (same section), the declaration standing at the very beginning; also
// where that is in UTF-16 without a byte order mark.
std::string_view xml_declared_encoding(std::string_view head);

}  // namespace weft::page
