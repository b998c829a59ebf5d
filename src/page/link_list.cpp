#include <algorithm>

#include "weft/page/link.hpp"

namespace weft {

namespace {

// Enough for the links of most pages; larger ones take twice as much each time.
constexpr std::size_t kFirstLinks = 16;
constexpr std::size_t kFirstChunk = 1024;
constexpr std::size_t kLargestChunk = std::size_t{64} << 10;

}  // namespace

void LinkList::add(const Link& link) {
  if (links_.empty()) links_.reserve(kFirstLinks);
  Link& kept = links_.emplace_back(link);
  kept.reference = keep(link.reference);
  kept.text = keep(link.text);
}

void LinkList::set_text(std::size_t index, std::string_view text) {
  links_[index].text = keep(text);
}

std::string_view LinkList::keep(std::string_view text) {
  if (text.empty()) return {};
  if (chunks_.empty() || chunks_.back().size - chunks_.back().used < text.size()) {
    const std::size_t next =
        chunks_.empty() ? kFirstChunk : std::min(2 * chunks_.back().size, kLargestChunk);
    const std::size_t size = std::max(next, text.size());
    // NOLINTNEXTLINE(modernize-make-unique): that would fill it with zeros first
    chunks_.push_back({.bytes = std::unique_ptr<char[]>(new char[size]), .size = size});
  }
  Chunk& chunk = chunks_.back();
  char* const at = chunk.bytes.get() + chunk.used;
  std::copy(text.begin(), text.end(), at);
  chunk.used += text.size();
  return {at, text.size()};
}

}  // namespace weft
