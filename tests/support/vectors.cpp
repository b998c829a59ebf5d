#include "support/vectors.hpp"

#include <cstdlib>
#include <fstream>
#include <iostream>
#include <iterator>

namespace weft::test {

namespace {

std::optional<std::string> load(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return std::nullopt;
  return std::string(std::istreambuf_iterator<char>(file), {});
}

}  // namespace

std::optional<std::string> load_vectors_text(const std::string& file) {
  const std::string root = WEFT_SOURCE_DIR;
  if (auto own = load(root + "/tests/data/" + file)) return own;
  const char* dir = std::getenv("WEFT_VECTORS");  // NOLINT(concurrency-mt-unsafe): nobody sets it
  if (auto theirs = load((dir != nullptr ? dir : root + "/../shared/vectors") + ("/" + file))) {
    return theirs;
  }
  std::cout << "SKIPPED " << file << " (not in this clone; set WEFT_VECTORS)\n";
  return std::nullopt;
}

std::optional<nlohmann::json> load_vectors(const std::string& file) {
  const auto text = load_vectors_text(file);
  if (!text) return std::nullopt;
  return nlohmann::json::parse(*text);
}

std::string from_base64(std::string_view text) {
  static constexpr std::string_view kAlphabet =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string bytes;
  unsigned buffer = 0;
  int bits = 0;
  for (const char c : text) {
    const auto value = kAlphabet.find(c);
    if (value == std::string_view::npos) continue;
    buffer = buffer << 6 | static_cast<unsigned>(value);
    bits += 6;
    if (bits < 8) continue;
    bits -= 8;
    bytes.push_back(static_cast<char>(buffer >> bits & 0xff));
  }
  return bytes;
}

}  // namespace weft::test
