// The answers of a range of hosts in host_world, the same bytes on every machine.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "bench/world_range.hpp"

namespace weft::bench {

// A response of any size, of which little need be in memory: start, then the block `repeat`
// times, then end.
struct Answer {
  std::string start{};       // the head too
  std::string_view block{};  // of its WorldPages
  std::size_t repeat = 0;
  std::string end{};
};

class WorldPages {
 public:
  explicit WorldPages(const HostRange& range);

  // 0 of "/", N of "/pN"; nothing of any other target, or of a page that the host does not have.
  std::optional<std::uint64_t> page_of(std::string_view target) const;

  Answer page(std::uint64_t number) const;
  Answer plain_page(std::uint64_t number) const;  // as a good host has it
  Answer robots() const;
  Answer not_found() const;
  // What a drip begins with. The length it promises is one that a crawl takes.
  std::string dripping_head() const;

 private:
  void make_bomb();
  std::string head(std::string_view status, std::string_view more, std::uint64_t length) const;
  std::string links(std::uint64_t number) const;
  Answer nested(std::uint64_t number) const;
  Answer huge(std::uint64_t number) const;
  Answer bomb(std::uint64_t number) const;

  const HostRange& range_;
  std::string block_;
  std::size_t repeat_ = 0;
  std::uint32_t block_crc_ = 0;  // of what the bomb's block decodes to
};

}  // namespace weft::bench
