#include "e2e/downloads.hpp"

#include <algorithm>
#include <atomic>
#include <filesystem>
#include <memory>

#include "weft/base/digits.hpp"

namespace weft::test {

std::string many(std::size_t size, unsigned seed) {
  std::string bytes(size, '\0');
  for (char& byte : bytes) byte = static_cast<char>((seed = seed * 1664525u + 1013904223u) >> 24);
  return bytes;
}

bool says(const Ended& ended, const std::string& text) {
  return ended.err.find(text) != std::string::npos;
}

Words visible(const Workplace& here) {
  Words files = here.files();
  std::erase_if(files, [&here](const std::string& file) {
    return file.starts_with("out/.weft") || std::filesystem::is_directory(here.path(file));
  });
  return files;
}

Behaviour in_turn(std::vector<Behaviour> behaviours) {
  auto next = std::make_shared<std::atomic<std::size_t>>(0);
  return
      [next, behaviours = std::move(behaviours)](Connection& connection, const RequestHead& head) {
        behaviours[std::min(next->fetch_add(1), behaviours.size() - 1)](connection, head);
      };
}

Behaviour part(std::string body, const std::string& content_range,
               std::vector<std::string> header_lines) {
  header_lines.push_back("Content-Range: " + content_range);
  return status(206, std::move(body), std::move(header_lines));
}

std::optional<std::uint64_t> asked_from(const RequestHead& head) {
  constexpr std::string_view kBytes = "bytes=";
  const auto range = head.get("range");
  if (!range || !range->starts_with(kBytes)) return std::nullopt;
  const std::string_view text = std::string_view(*range).substr(kBytes.size());
  return parse_digits(text.substr(0, text.find('-')));
}

}  // namespace weft::test
