#include "get/tar_key.hpp"

#include <algorithm>

#include "weft/base/digits.hpp"
#include "weft/base/text.hpp"
#include "weft/get/names.hpp"

namespace weft::get {

namespace {

constexpr std::string_view kShard = ".tar";
constexpr std::size_t kDigits = 6;

// Bytes of a key's last part: with a number and the longest extension still a file's name.
constexpr std::size_t kLongestStem = kLongestFileName - 40;

// Where the key of "KEY.EXT" ends.
std::size_t end_of_key(std::string_view member) {
  const std::size_t slash = member.rfind('/');
  return member.find('.', slash == std::string_view::npos ? 0 : slash);
}

}  // namespace

TarName tar_name(std::string_view path) {
  const std::size_t slash = path.rfind('/');
  const std::size_t base = slash == std::string_view::npos ? 0 : slash + 1;
  const FileName name = split_file_name(path.substr(base));
  TarName made{.key = std::string(path.substr(0, base + name.stem.size())),
               .extension = std::string(name.extension)};
  std::size_t end = std::min(made.key.size(), base + kLongestStem);
  while (end < made.key.size() && (static_cast<unsigned char>(made.key[end]) & 0xC0) == 0x80) --end;
  made.key.resize(end);  // never in the midst of a character
  std::ranges::replace(made.key, '.', '_');
  while (made.key.starts_with("__")) made.key.erase(0, 1);
  if (made.extension.empty()) made.extension = ".bin";
  if (equals_ignoring_case(made.extension, ".json")) made.extension.insert(0, ".body");
  return made;
}

std::string TarKeys::claim(std::string_view path) {
  TarName name = tar_name(path);
  const Fingerprint plain = fingerprint_of_text(name.key);
  if (keys_.insert(plain)) return name.key + name.extension;
  const auto with = [&](std::uint64_t number) { return fmt::format("{}-{}", name.key, number); };
  const auto is_free = [&](std::uint64_t number) {
    return !keys_.contains(fingerprint_of_text(with(number)));
  };
  for (std::uint64_t number = hints_.next(plain);; ++number) {
    number = first_free(number, is_free);
    if (!keys_.insert(fingerprint_of_text(with(number)))) continue;
    hints_.remember(plain, number + 1);
    return with(number) + name.extension;
  }
}

void TarKeys::restore(std::string_view file) {
  const std::size_t slash = file.find('/');
  if (slash != std::string_view::npos && file.substr(0, slash).ends_with(kShard)) {
    file.remove_prefix(slash + 1);
  }
  keys_.insert(fingerprint_of_text(file.substr(0, end_of_key(file))));
}

std::string tar_record_name(std::string_view member) {
  return std::string(member.substr(0, end_of_key(member))) + ".json";
}

std::string shard_name(std::uint64_t number) {
  return fmt::format("{:0{}}{}", number, kDigits, kShard);
}

std::optional<std::uint64_t> shard_number(std::string_view name) {
  const std::size_t dot = name.find('.');
  if (dot == std::string_view::npos || dot < kDigits || !name.substr(dot).starts_with(kShard)) {
    return std::nullopt;
  }
  const auto number = parse_digits(name.substr(0, dot));
  return number && name.starts_with(shard_name(*number)) ? number : std::nullopt;
}

}  // namespace weft::get
