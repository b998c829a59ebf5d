#include "weft/get/checksum_file.hpp"

#include <algorithm>
#include <optional>
#include <tuple>
#include <utility>

#include "get/checksum_lines.hpp"
#include "get/input_text.hpp"
#include "weft/base/shown.hpp"
#include "weft/base/text.hpp"
#include "weft/url/percent.hpp"

namespace weft {

namespace {

// "./a/b" and "/a/b" are a/b.
std::string_view relative(std::string_view name) {
  while (true) {
    if (name.starts_with("./")) {
      name.remove_prefix(2);
    } else if (name.starts_with('/')) {
      name.remove_prefix(1);
    } else {
      return name;
    }
  }
}

std::string_view last_segment(std::string_view path) { return path.substr(path.rfind('/') + 1); }

tl::unexpected<Error> cannot_read(const std::string& path, const Error& why) {
  return fail("cannot read the checksums in '{}': {}", path, why.message);
}

}  // namespace

Result<ChecksumFile> ChecksumFile::read(const std::string& path,
                                        const std::function<void(const BadLine&)>& on_bad_line) {
  auto bytes = get::InputBytes::open(path);
  if (!bytes) return cannot_read(path, bytes.error());
  get::InputText text(*std::move(bytes));
  get::ChecksumLines lines;
  ChecksumFile file;
  while (true) {
    const auto line = text.next_line();
    if (!line) return cannot_read(path, line.error());
    if (!*line) break;
    auto [content, number, too_long] = **line;
    constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
    if (number == 1 && content.starts_with(kByteOrderMark)) content.remove_prefix(3);
    if (too_long) {
      on_bad_line({number, fmt::format("'{}' is too long to be a checksum", shown(content))});
      continue;
    }
    const auto listed = lines.read(content);
    if (!listed) {
      on_bad_line({number, listed.error().message});
    } else if (*listed) {
      file.add((*listed)->checksum, (*listed)->name, number);
    }
  }
  if (file.entries_.empty()) {
    return fail(
        "'{}' lists no checksum. Its lines should be as sha256sum writes them: HEX, two spaces, "
        "and the name of a file.",
        path);
  }
  file.sort(on_bad_line);
  return file;
}

void ChecksumFile::add(const Checksum& checksum, std::string_view name, std::uint64_t line) {
  entries_.push_back({fingerprint_of_text(relative(name)), digests_.size(),
                      static_cast<std::uint32_t>(line), checksum.algorithm});
  digests_ += checksum.digest;
}

// Of one name and algorithm the first line counts.
void ChecksumFile::sort(const std::function<void(const BadLine&)>& on_bad_line) {
  const auto order = [](const Entry& entry) {
    return std::tuple(entry.name, entry.algorithm, entry.line);
  };
  std::ranges::sort(entries_, {}, order);
  auto last = entries_.begin();
  for (auto next = last + 1; next != entries_.end(); ++next) {
    if (next->name != last->name || next->algorithm != last->algorithm) {
      *++last = *next;
    } else if (digest_of(*next) != digest_of(*last)) {
      on_bad_line({next->line, fmt::format("line {} has another digest for the same file, and "
                                           "counts",
                                           last->line)});
    }
  }
  entries_.erase(last + 1, entries_.end());
}

std::string_view ChecksumFile::digest_of(const Entry& entry) const {
  return std::string_view(digests_).substr(entry.digest, digest_size(entry.algorithm));
}

std::vector<Checksum> ChecksumFile::find_end(std::string_view path) const {
  while (true) {
    std::vector<Checksum> found;
    const Fingerprint name = fingerprint_of_text(path);
    auto entry = std::ranges::lower_bound(entries_, name, {}, &Entry::name);
    for (; entry != entries_.end() && entry->name == name; ++entry) {
      found.push_back({entry->algorithm, std::string(digest_of(*entry))});
    }
    const std::size_t slash = path.find('/');
    if (!found.empty() || slash == std::string_view::npos) return found;
    path.remove_prefix(slash + 1);
  }
}

std::vector<Checksum> ChecksumFile::find(std::string_view path, const Url& url) const {
  auto found = find_end(path);
  return found.empty() ? find_end(percent_decode(url.path().substr(1))) : found;
}

Result<Checksum> parse_sidecar(std::string_view text, DigestAlgorithm algorithm,
                               std::string_view name) {
  get::ChecksumLines lines;
  std::optional<Checksum> only;
  bool is_only = true;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (auto alone = parse_checksum(algorithm, trim(line))) return *std::move(alone);
    auto listed = lines.read(line);
    if (!listed || !*listed || (*listed)->checksum.algorithm != algorithm) continue;
    if (last_segment((*listed)->name) == last_segment(name)) return (*listed)->checksum;
    is_only = !only;
    only = (*listed)->checksum;
  }
  if (only && is_only) return *std::move(only);
  return fail("there is no {} digest of '{}' in it", weft::name(algorithm), shown(name));
}

}  // namespace weft
