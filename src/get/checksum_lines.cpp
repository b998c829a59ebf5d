#include "get/checksum_lines.hpp"

#include <algorithm>

#include "weft/base/shown.hpp"
#include "weft/base/text.hpp"

namespace weft::get {

namespace {

constexpr std::string_view kForms = "'HEX  NAME' or 'ALGORITHM (NAME) = HEX'";

bool is_blank(char c) { return c == ' ' || c == '\t'; }
bool is_hex(char c) { return hex_value(c) >= 0; }

std::string_view without_blanks(std::string_view text) {
  while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_blank(text.back())) text.remove_suffix(1);
  return text;
}

Result<std::string> unescaped(std::string_view name) {
  std::string plain;
  for (std::size_t i = 0; i < name.size(); ++i) {
    if (name[i] != '\\') {
      plain += name[i];
      continue;
    }
    const char c = ++i < name.size() ? name[i] : '\0';
    if (c != '\\' && c != 'n' && c != 'r') {
      return fail("'{}' has a backslash that is neither \\\\, \\n nor \\r", shown(name));
    }
    plain += c == 'n' ? '\n' : c == 'r' ? '\r' : '\\';
  }
  return plain;
}

struct Fields {
  Result<Checksum> checksum;
  std::string_view name;
};

// "HEX  NAME": after the digest a space, and one more or a '*' (coreutils' text and binary).
std::optional<Fields> read_gnu(std::string_view line) {
  const auto* const end = std::ranges::find_if_not(line, is_hex);
  const auto digits = static_cast<std::size_t>(end - line.begin());
  if (digits == line.size() || !is_blank(line[digits])) return std::nullopt;
  std::string_view name = line.substr(digits + 1);
  if (name.starts_with(' ') || name.starts_with('*')) name.remove_prefix(1);
  const auto algorithm = digest_algorithm_of_length(digits);
  if (!algorithm || *algorithm == DigestAlgorithm::crc32c) {  // 8 digits may be any CRC
    return Fields{
        fail("{} digits are none of md5 (32), sha1 (40), sha256 (64) and sha512 (128)", digits),
        name};
  }
  return Fields{parse_checksum(*algorithm, line.substr(0, digits)), name};
}

// "SHA256 (NAME) = HEX".
std::optional<Fields> read_bsd(std::string_view line) {
  const std::size_t open = line.find('(');
  const std::size_t close = line.rfind(')');
  if (open == std::string_view::npos || close == std::string_view::npos || close < open) {
    return std::nullopt;
  }
  std::string_view digest = without_blanks(line.substr(close + 1));
  if (!digest.starts_with('=')) return std::nullopt;
  digest = without_blanks(digest.substr(1));
  const std::string_view algorithm = without_blanks(line.substr(0, open));
  return Fields{parse_checksum(std::string(algorithm).append(":").append(digest)),
                line.substr(open + 1, close - open - 1)};
}

Result<NamedChecksum> parse_line(std::string_view line) {
  const bool is_escaped = line.starts_with('\\');
  if (is_escaped) line.remove_prefix(1);
  auto fields = read_gnu(line);
  if (!fields) fields = read_bsd(line);
  if (!fields) return fail("'{}' is neither {}", shown(line), kForms);
  if (!fields->checksum) return tl::unexpected(std::move(fields->checksum).error());
  if (fields->name.empty()) return fail("it names no file: lines are {}", kForms);
  auto name = is_escaped ? unescaped(fields->name) : std::string(fields->name);
  if (!name) return tl::unexpected(std::move(name).error());
  return NamedChecksum{*std::move(fields->checksum), *std::move(name)};
}

}  // namespace

Result<std::optional<NamedChecksum>> ChecksumLines::read(std::string_view line) {
  if (line.ends_with('\r')) line.remove_suffix(1);
  if (line == "-----BEGIN PGP SIGNED MESSAGE-----") {
    part_ = Part::signed_header;
    return std::nullopt;
  }
  if (line == "-----BEGIN PGP SIGNATURE-----") part_ = Part::signature;
  if (part_ == Part::signature || part_ == Part::signed_header) {
    if (line == "-----END PGP SIGNATURE-----") part_ = Part::text;
    if (part_ == Part::signed_header && without_blanks(line).empty()) part_ = Part::signed_text;
    return std::nullopt;
  }
  if (part_ == Part::signed_text && line.starts_with("- ")) line.remove_prefix(2);
  if (without_blanks(line).empty() || line.starts_with('#')) return std::nullopt;
  return parse_line(line);
}

}  // namespace weft::get
