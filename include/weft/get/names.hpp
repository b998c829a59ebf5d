// What a downloaded file is called.
//
// Where the input says `out`, that; else what --name asks for, of the name that the server
// gives (Content-Disposition) or, where it gives none, the last segment of the URL's path. Of
// the URL as it was listed: where a redirect leads does not change the name.
//
// Whatever these functions return is a relative path, its parts separated by '/', that is safe
// to make below a directory: what may stand in each part is what safe_file_name() leaves.
//
// Threads: may be called from any thread. No file is touched.
// Errors:  say what is wrong and what to write, without the place it stands at.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "weft/base/result.hpp"
#include "weft/url/url.hpp"

namespace weft {

// Bytes of one part of a path: what file systems take (255), less ".part".
inline constexpr std::size_t kLongestFileName = 250;
// Bytes of a whole path; a `dir` and an `out` together still fit what the system takes (4,095).
inline constexpr std::size_t kLongestPath = 2000;

// One part of a path, of any bytes. It is never empty, nor "." or "..", and on any system the
// name of an ordinary file. Valid UTF-8, at most kLongestFileName bytes: a longer name is cut
// before its extension. Itself where it is safe already. In place of
//   / \ : * ? " < > | , controls (C0, DEL, C1) and characters that show as nothing or turn the
//   text around (U+200B-200F, U+202A-202E, U+2066-2069 and their like) stands '_';
//   a byte that is not UTF-8 stands %XX;
//   spaces before, spaces and dots after, stands nothing;
//   CON, NUL, COM1 and the like, with any extension, stand _CON, _NUL, ...;
//   .weft and NAME.part, which weft uses itself, stand _weft and NAME_part.
std::string safe_file_name(std::string_view name);

// The file name of a Content-Disposition header (RFC 6266), of filename* (RFC 8187) where that
// can be read, else of filename: as UTF-8 where it is, else as ISO 8859-1. The part after the
// last '/' or '\' (§4.3); nothing where there is none. Not yet safe.
std::optional<std::string> disposition_filename(std::string_view content_disposition);

// What the file of a URL is called: `served` (what disposition_filename() gives) where it is not
// empty, else the last segment of the path, percent-decoded, or index.html where the path ends
// in '/'. The query is no part of it, as in curl and aria2. Safe. A server may not choose hidden
// files, or what a shell takes for an option or a home directory: a first '.', '-' or '~' of
// `served` becomes '_'.
std::string file_name(const Url& url, std::string_view served);

// NAME.EXT, taken apart: the extension with its dot, ".tar" included; empty where there is none.
// It has letters and digits, a letter among them, and at most 16 bytes.
struct FileName {
  std::string_view stem;
  std::string_view extension;
};
FileName split_file_name(std::string_view name);

// "name.2.ext": at most kLongestFileName bytes.
std::string numbered(std::string_view name, std::uint64_t number);

// A relative path that an input gives (`out`): each part made safe, but refused where it is
// empty, absolute, ends in '/' or has a part "..": nobody means that.
Result<std::string> safe_path(std::string_view given);

// A directory that an input gives (`dir`): as safe_path(), but it may end in '/', be "." (then
// the path is empty), and be absolute where it lies in `folder`, the directory of downloads,
// itself absolute: aria2's lists have that. A list has no say over what lies elsewhere.
Result<std::string> safe_directory(std::string_view given, std::string_view folder);

}  // namespace weft
