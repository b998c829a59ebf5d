// Source text of a page to the text it stands for: character references, newlines,
// NUL and bytes that are not UTF-8 (HTML §13.2.3.5, §13.2.5.72-80).
//
// Threads: plain functions over values.
#pragma once

#include <string>
#include <string_view>

namespace weft::page {

// In an attribute "&copy=2" stays as it is, because of all the query strings
// written without escapes; in text it is a copyright sign.
enum class RefContext : unsigned char { text, attribute };

// False: the text stands for itself, and decode() would return it unchanged.
bool needs_decoding(std::string_view source);

// Appends what `source` stands for, always valid UTF-8. NUL becomes U+FFFD.
void decode(std::string_view source, RefContext context, std::string& out);

}  // namespace weft::page
