// Where a run starts: URLs from the command line and from lists.
#pragma once

#include <functional>
#include <iosfwd>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "weft/base/result.hpp"
#include "weft/url/url.hpp"

namespace weft {

struct Seeds {
  std::vector<Url> urls;      // the command line's first, then the lists', in order
  std::size_t bad_lines = 0;  // lines of lists that are no URLs
};

// Told of each bad line: "list.txt:3: 'example.org' has no scheme: ...".
using Complain = std::function<void(const std::string& complaint)>;

// The error names the URL, and the one that was probably meant.
Result<Url> parse_seed(std::string_view text);

// One URL a line; blank lines and lines that begin with '#' are skipped, as are a byte
// order mark and spaces around a URL. `name` is what complaints call the list.
void read_list(std::istream& in, std::string_view name, const Complain& complain, Seeds& to);

// Fails on a bad URL among `urls`, on a list that cannot be read, and where no URL is left
// to start from. "-" among `files` is standard input.
Result<Seeds> read_seeds(std::span<const std::string> urls, std::span<const std::string> files,
                         const Complain& complain);

}  // namespace weft
