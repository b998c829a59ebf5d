// Configuration files: the part of TOML 1.0 that options need.
//
// Tables, bare and quoted keys, strings on one line (both kinds of quotes), numbers,
// booleans, arrays of those over any number of lines, comments. Anything else (dates,
// inline tables, dotted keys, strings over several lines) is an error that says its line.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "weft/base/result.hpp"

namespace weft {

struct TomlValue {
  std::string text;  // strings without quotes and escapes, the rest as written
  bool quoted = false;
};

struct TomlEntry {
  int line = 0;       // 1-based, of the key
  std::string table;  // "crawl" under [crawl]; empty above the first table
  std::string key;
  std::vector<TomlValue> values;  // one, or those of an array
};

// In the order of the file. The error begins with the line: "3: ...".
Result<std::vector<TomlEntry>> parse_toml(std::string_view text);

}  // namespace weft
