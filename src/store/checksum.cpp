#include <algorithm>
#include <array>

#include "weft/base/shown.hpp"
#include "weft/base/text.hpp"
#include "weft/store/digest.hpp"

namespace weft {

namespace {

struct Known {
  std::string_view name;
  std::size_t size;  // bytes
};

// In the order of DigestAlgorithm.
constexpr std::array<Known, 5> kKnown{
    {{"md5", 16}, {"sha1", 20}, {"sha256", 32}, {"sha512", 64}, {"crc32c", 4}}};

constexpr const Known& known(DigestAlgorithm algorithm) {
  return kKnown[static_cast<std::size_t>(algorithm)];
}

template <class Holds>
std::optional<DigestAlgorithm> first_of_known(Holds&& holds) {
  const auto* const found = std::ranges::find_if(kKnown, holds);
  if (found == kKnown.end()) return std::nullopt;
  return static_cast<DigestAlgorithm>(found - kKnown.begin());
}

// What to propose where only digits are given.
std::string example_of(std::string_view text) {
  const bool is_hex = std::ranges::all_of(text, [](char c) { return hex_value(c) >= 0; });
  const auto algorithm = digest_algorithm_of_length(text.size());
  if (is_hex && algorithm) return fmt::format("{}:{}", name(*algorithm), text);
  return "sha256:9f86d081...";
}

}  // namespace

std::string_view name(DigestAlgorithm algorithm) { return known(algorithm).name; }

std::size_t digest_size(DigestAlgorithm algorithm) { return known(algorithm).size; }

std::optional<DigestAlgorithm> parse_digest_algorithm(std::string_view name) {
  std::string plain = to_lower(name);
  std::erase_if(plain, [](char c) { return c == '-' || c == '_'; });
  if (plain == "sha") return DigestAlgorithm::sha1;        // RFC 3230 §4.1.1, RFC 9530 §5
  if (plain == "sha2256") return DigestAlgorithm::sha256;  // as OpenSSL writes it
  if (plain == "sha2512") return DigestAlgorithm::sha512;
  return first_of_known([&](const Known& each) { return each.name == plain; });
}

std::optional<DigestAlgorithm> digest_algorithm_of_length(std::size_t hex_digits) {
  return first_of_known([&](const Known& each) { return 2 * each.size == hex_digits; });
}

Result<Checksum> parse_checksum(DigestAlgorithm algorithm, std::string_view hex) {
  const Known& expected = known(algorithm);
  if (hex.size() != 2 * expected.size) {
    return fail("{} characters are no {} digest: it has {} hexadecimal digits", hex.size(),
                expected.name, 2 * expected.size);
  }
  Checksum checksum{algorithm, std::string(expected.size, '\0')};
  for (std::size_t i = 0; i < hex.size(); ++i) {
    const int value = hex_value(hex[i]);
    if (value < 0) {
      return fail("character {} of the {} digest is no hexadecimal digit", i + 1, expected.name);
    }
    char& byte = checksum.digest[i / 2];
    byte = static_cast<char>(static_cast<unsigned char>(byte) << 4 | value);
  }
  return checksum;
}

Result<Checksum> parse_checksum(std::string_view text) {
  text = trim(text);
  const std::size_t end = text.find_first_of(":=");
  if (end == std::string_view::npos) {
    return fail("'{}' is no checksum: it names no algorithm. Write ALGORITHM:HEX, such as {}.",
                shown(text), example_of(text));
  }
  const auto algorithm = parse_digest_algorithm(trim(text.substr(0, end)));
  if (!algorithm) {
    return fail("no digest is called '{}': there are md5, sha1, sha256, sha512 and crc32c",
                shown(trim(text.substr(0, end))));
  }
  return parse_checksum(*algorithm, trim(text.substr(end + 1)));
}

std::string to_text(const Checksum& checksum) {
  constexpr std::string_view kHex = "0123456789abcdef";
  const std::string_view algorithm = name(checksum.algorithm);
  std::string text;
  text.reserve(algorithm.size() + 1 + 2 * checksum.digest.size());
  (text += algorithm) += ':';
  for (const char c : checksum.digest) {
    const auto byte = static_cast<unsigned char>(c);
    text += kHex[byte >> 4];
    text += kHex[byte & 0xF];
  }
  return text;
}

}  // namespace weft
