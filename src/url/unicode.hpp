// What UTS 46 and its checks have to know of code points, asked of libidn2.
//
// libidn2 answers for whole names only, by IDNA2008's stricter rules and within DNS's
// lengths. Asked about single code points and short sequences, dressed so that those
// rules cannot speak first, it is the table that the WHATWG's rules need. Where it is
// of an older Unicode, what UTS 46 has decided otherwise since is listed here; what
// was not assigned then is refused.
#pragma once

#include <string>
#include <string_view>

namespace weft::url {

// Appends what UTS 46 maps `c` to (itself, others, nothing), nontransitional; false
// when it is disallowed. ASCII is only lowered.
bool append_mapped(std::u32string& out, char32_t c);

// Appends `text` in normal form C. False when it holds more combining marks in a row
// than any name.
// REQUIRES: `text` is mapped.
bool append_normalised(std::u32string& out, std::u32string_view text);

// General category M.
bool is_mark(char32_t c);

// RFC 5892 appendix A.1, A.2: every joiner of the label is where one may be.
bool joiners_fit(std::u32string_view label);

// RFC 5893: does the label hold code points written right to left; and does it obey
// the six rules, which it must where any label of its domain holds such?
bool is_right_to_left(std::u32string_view label);
bool obeys_bidi_rule(std::u32string_view label);

}  // namespace weft::url
