#include "page/foreign_content.hpp"

#include "weft/base/text.hpp"

namespace weft::page {

bool breaks_out(std::string_view name) {
  constexpr std::string_view kNames[] = {
      "b",      "big",  "blockquote", "body",  "br",   "center", "code",    "dd",   "div",
      "dl",     "dt",   "em",         "embed", "h1",   "h2",     "h3",      "h4",   "h5",
      "h6",     "head", "hr",         "i",     "img",  "li",     "listing", "menu", "meta",
      "nobr",   "ol",   "p",          "pre",   "ruby", "s",      "small",   "span", "strong",
      "strike", "sub",  "sup",        "table", "tt",   "u",      "ul",      "var"};
  for (const std::string_view known : kNames) {
    if (equals_ignoring_case(known, name)) return true;
  }
  return false;
}

}  // namespace weft::page
