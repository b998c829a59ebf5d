#include "get/path_parts.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "weft/base/shown.hpp"
#include "weft/get/names.hpp"

namespace weft {

namespace get {

std::vector<std::string_view> parts_of(std::string_view path) {
  std::vector<std::string_view> parts;
  while (!path.empty()) {
    const std::size_t slash = std::min(path.find('/'), path.size());
    if (slash > 0) parts.push_back(path.substr(0, slash));
    path.remove_prefix(std::min(slash + 1, path.size()));
  }
  return parts;
}

std::string safe_parts(std::string_view path) {
  std::vector<std::string_view> parts = parts_of(path);
  std::erase(parts, ".");
  if (parts.empty()) return {};
  const std::string name = safe_file_name(parts.back());
  parts.pop_back();
  std::string safe;
  for (const std::string_view part : parts) {
    const std::string directory = safe_file_name(part);
    if (safe.size() + directory.size() + 1 + name.size() > kLongestPath) break;
    (safe += directory) += '/';
  }
  return safe += name;
}

}  // namespace get

namespace {

Result<void> stays_below(std::string_view path) {
  const auto parts = get::parts_of(path);
  if (std::ranges::find(parts, "..") == parts.end()) return {};
  return fail("'{}' has a part '..': files stay below the directory of downloads", shown(path));
}

}  // namespace

Result<std::string> safe_path(std::string_view given) {
  if (given.starts_with('/')) {
    return fail(
        "'{}' is absolute: files stay below the directory of downloads. Leave out its first '/', "
        "or choose another directory for all of them.",
        shown(given));
  }
  if (auto below = stays_below(given); !below) return tl::unexpected(std::move(below).error());
  std::string safe = get::safe_parts(given);
  if (safe.empty() || given.ends_with('/')) return fail("'{}' names no file", shown(given));
  return safe;
}

Result<std::string> safe_directory(std::string_view given, std::string_view folder) {
  if (auto below = stays_below(given); !below) return tl::unexpected(std::move(below).error());
  if (!given.starts_with('/')) return get::safe_parts(given);
  const auto parts = get::parts_of(given);
  const auto above = get::parts_of(folder);
  const auto [rest, missing] = std::ranges::mismatch(parts, above);
  if (missing != above.end()) {
    return fail(
        "'{}' lies outside '{}': files stay below the directory of downloads. Choose one that "
        "holds both.",
        shown(given), shown(folder));
  }
  return get::safe_parts(fmt::format("{}", fmt::join(rest, parts.end(), "/")));
}

}  // namespace weft
