// Where files go below the directory of downloads: --name.
//
//   {file}          the default, "flat": all in one directory
//   {host}/{file}   "host": one directory for each host
//   {host}/{path}   as the sites have them
//
//   {scheme}  https                      of  https://example.org:8080/a/b/c.tar.gz?x=1&y=2
//   {host}    example.org                    where no server gives another name
//   {port}    8080
//   {path}    a/b/c.tar.gz               index.html where the URL's path ends in '/'
//   {dir}     a/b
//   {file}    c.tar.gz                   what file_name() says: the server may choose it
//   {stem}    c                          of {file}
//   {ext}     tar.gz                     of {file}, without its dot
//   {query}   x=1&y=2
//   {hash}    16 digits that stand for the URL
//   {n}       the number of the line; {n:6} with zeros before it, six digits at least
//
// {{ and }} are braces. Only '/' that the template has, or {path} and {dir}, separates
// directories; empty ones are dropped, and a name that comes out empty is {file}. Directories
// that would make the path longer than kLongestPath are left out, the innermost first.
//
// Threads: a value; const methods may be called from any thread.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "weft/base/result.hpp"
#include "weft/url/url.hpp"

namespace weft {

struct NameParts {
  const Url& url;                // as it was listed
  std::string_view served = {};  // what disposition_filename() gave; empty: nothing
  std::uint64_t line = 0;
};

class NameTemplate {
 public:
  // "flat", "host" or a template. The Error says what is wrong with it and what there is.
  static Result<NameTemplate> parse(std::string_view text);

  // A path that is safe, as names.hpp has it.
  std::string expand(const NameParts& parts) const;

 private:
  enum class Variable : std::uint8_t {
    scheme,
    host,
    port,
    path,
    dir,
    file,
    stem,
    ext,
    query,
    hash,
    n,
    text,  // none: the template's own
  };
  struct Piece {
    Variable variable = Variable::text;
    std::size_t width = 0;  // of n
    std::string text{};
  };
  friend class NameTemplateParser;

  static std::string value_of(const Piece& piece, const NameParts& parts, std::string_view file);

  std::vector<Piece> pieces_;
};

}  // namespace weft
