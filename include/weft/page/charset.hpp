// Which encoding a page is in, and the page in UTF-8 (WHATWG Encoding, HTML §13.2.3).
#pragma once

#include <string>
#include <string_view>

namespace weft {

// The Encoding Standard's name, lower case, of a label ("latin1" is windows-1252);
// empty for an unknown label.
std::string_view encoding_of_label(std::string_view label);

// By BOM, then `http_charset` (a label; may be empty), then a prescan of the first 1024
// bytes for meta, then windows-1252.
std::string_view decide_encoding(std::string_view body, std::string_view http_charset);

// The body as UTF-8, BOM removed, what cannot be decoded as U+FFFD. Returns a view of `body`,
// not validated, when `encoding` is utf-8 or no name of an encoding (consumers treat bad
// sequences as U+FFFD); otherwise `buffer` holds the text, at most three times the size of
// `body`, and the result refers to it. Linear. ASCII is never swallowed by an error before it.
std::string_view to_utf8(std::string_view body, std::string_view encoding, std::string& buffer);

}  // namespace weft
