// Which references have nothing new to tell: pages of one site repeat each other's links, and
// most need not be resolved, judged and looked up again.
//
// Threads:   each handler has one of its own.
// Invariant: what it knows would change nothing if it came to the gate again.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "weft/url/identity.hpp"

namespace weft {

class LinkMemo {
 public:
  // What a link is to the crawl: the same reference may be followed here and not there.
  enum class Use : std::uint8_t { followed, nofollow, requisite, none };
  enum class Known : std::uint8_t { no, url, not_url };

  // References are resolved against `base` from now on. What was learnt under another scope
  // (`scope_changes`) is forgotten.
  void begin_page(const Url& base, std::uint64_t scope_changes) {
    page_ = fingerprint_of_text(base.href());
    folder_ = fingerprint_of_text(folder_of(base));
    if (scope_changes != scope_changes_) slots_.assign(kSlots, 0);
    scope_changes_ = scope_changes;
  }

  Known find(std::string_view reference, Use use) const {
    const Fingerprint key = key_of(reference, use);
    const Fingerprint slot = slots_[key >> kShift];
    if ((slot ^ key) > kIsUrl) return Known::no;
    return (slot & kIsUrl) != 0 ? Known::url : Known::not_url;
  }

  void add(std::string_view reference, Use use, Known known) {
    const Fingerprint key = key_of(reference, use);
    slots_[key >> kShift] = key | (known == Known::url ? kIsUrl : 0);
  }

 private:
  static constexpr int kShift = 64 - 16;
  static constexpr std::size_t kSlots = std::size_t{1} << 16;  // half a megabyte
  static constexpr Fingerprint kIsUrl = 1;

  static std::string_view folder_of(const Url& base) {
    const std::string_view href = base.href();
    const std::size_t end = href.find_first_of("?#");
    return href.substr(0, href.rfind('/', end) + 1);
  }

  // What begins with '#' or '?' says nothing without the page it stands on; nor, to be safe,
  // does what begins oddly.
  Fingerprint base_of(std::string_view reference) const {
    constexpr std::string_view kPlain =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789./_";
    const bool is_plain =
        !reference.empty() && kPlain.find(reference.front()) != std::string_view::npos;
    return is_plain ? folder_ : page_;
  }

  Fingerprint key_of(std::string_view reference, Use use) const {
    constexpr Fingerprint kMix = 0x9E3779B97F4A7C15;  // 2^64 over the golden ratio, odd
    const auto salt = (static_cast<Fingerprint>(use) + 1) * kMix;
    return (fingerprint_of_text(reference) ^ (base_of(reference) + salt)) & ~kIsUrl;
  }

  std::vector<Fingerprint> slots_ = std::vector<Fingerprint>(kSlots, 0);
  Fingerprint page_ = 0;
  Fingerprint folder_ = 0;
  std::uint64_t scope_changes_ = 0;
};

}  // namespace weft
