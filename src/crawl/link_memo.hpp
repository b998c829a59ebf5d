// Which references have nothing new to tell: pages of one site repeat each other's links, and
// most need not be resolved, judged and looked up again.
//
// Threads:   each handler has one of its own.
// Invariant: what it knows would change nothing if it came to the gate again.
#pragma once

#include <algorithm>
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
    const std::string_view href = base.href();
    const std::size_t path = href.size() - base.target().size();
    const std::size_t end = std::min(href.find('?'), href.size());
    page_ = fingerprint_of_text(href);
    folder_ = fingerprint_of_text(href.substr(0, href.rfind('/', end) + 1));
    site_ = fingerprint_of_text(href.substr(0, path));
    if (scope_changes != scope_changes_) slots_.assign(kSlots, 0);
    scope_changes_ = scope_changes;
  }

  // What a reference of the page is known by. Its slot is fetched from memory meanwhile: where
  // there are many references, ask for their keys some time before what is known of them.
  class Key {
    friend class LinkMemo;
    explicit Key(Fingerprint bits) : bits_(bits) {}
    Fingerprint bits_;
  };
  Key key(std::string_view reference, Use use) const {
    constexpr Fingerprint kMix = 0x9E3779B97F4A7C15;  // 2^64 over the golden ratio, odd
    const auto salt = (static_cast<Fingerprint>(use) + 1) * kMix;
    const Fingerprint bits =
        (fingerprint_of_text(reference) ^ (base_of(reference) + salt)) & ~kIsUrl;
    __builtin_prefetch(&slots_[bits >> kShift]);
    return Key(bits);
  }

  Known find(Key key) const {
    const Fingerprint slot = slots_[key.bits_ >> kShift];
    if ((slot ^ key.bits_) > kIsUrl) return Known::no;
    return (slot & kIsUrl) != 0 ? Known::url : Known::not_url;
  }

  void add(Key key, Known known) {
    slots_[key.bits_ >> kShift] = key.bits_ | (known == Known::url ? kIsUrl : 0);
  }

 private:
  static constexpr int kShift = 64 - 16;
  static constexpr std::size_t kSlots = std::size_t{1} << 16;  // half a megabyte
  static constexpr Fingerprint kIsUrl = 1;

  // What of the base a reference is read with: nothing, the host, the folder or all of it.
  // What begins with '#' or '?' says nothing without the page it stands on; nor, to be safe,
  // does what begins oddly.
  Fingerprint base_of(std::string_view reference) const {
    constexpr std::string_view kPlain =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._";
    if (reference.empty()) return page_;
    if (reference.front() == '/') return site_;
    if (reference.starts_with("http://") || reference.starts_with("https://")) return 0;
    return kPlain.find(reference.front()) != std::string_view::npos ? folder_ : page_;
  }

  std::vector<Fingerprint> slots_ = std::vector<Fingerprint>(kSlots, 0);
  Fingerprint page_ = 0;
  Fingerprint folder_ = 0;
  Fingerprint site_ = 0;
  std::uint64_t scope_changes_ = 0;
};

}  // namespace weft
