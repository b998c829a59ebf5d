// One link of a page, and a list of them: a page has hundreds, so they share their memory.
//
// Threads:   plain values.
// Ownership: a Link refers to texts; those of a LinkList are the list's own, and stay where
//            they are until it goes, wherever it is moved to.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

namespace weft {

enum class LinkKind : std::uint8_t {
  // followed by default
  anchor,
  area,
  frame,
  iframe,
  refresh,
  next,
  prev,
  // followed with --requisites
  image,
  script,
  stylesheet,
  icon,
  media,
  track,
  poster,
  object,
  embed,
  svg,
  css_image,
  css_import,
  manifest,
  preload,
  background,
  // recorded only
  form,
  canonical,
  alternate,
  link,  // link: any other rel
  // not from HTML
  redirect,
  sitemap,
  feed,
  seed,
};

std::string_view name(LinkKind kind);  // "a", "area", "frame", "img", ... as --links writes it
bool is_followed(LinkKind kind);       // a way to another page
bool is_requisite(LinkKind kind);      // needed to show this one

struct Link {
  std::string_view reference;  // the attribute's value as the standard decodes it, UTF-8
  LinkKind kind = LinkKind::anchor;
  bool nofollow = false;        // rel=nofollow (also ugc, sponsored)
  std::string_view text{};      // the anchor's text, white space folded, at most 200 bytes;
                                // only where ReadOptions asks for it
  bool is_target_base = false;  // resolve against the page itself, not its <base>: links of
                                // a CSS file and of HTTP headers
};

class LinkList {
 public:
  LinkList() = default;
  LinkList(LinkList&&) = default;
  LinkList& operator=(LinkList&&) = default;

  void add(const Link& link);  // and copies of its texts
  void set_text(std::size_t index, std::string_view text);
  void set_target_base(std::size_t index, bool is_target_base) {
    links_[index].is_target_base = is_target_base;
  }

  std::size_t size() const { return links_.size(); }
  bool empty() const { return links_.empty(); }
  auto begin() const { return links_.begin(); }
  auto end() const { return links_.end(); }
  const Link& operator[](std::size_t index) const { return links_[index]; }
  const Link& at(std::size_t index) const { return links_.at(index); }
  const Link& front() const { return links_.front(); }
  const Link& back() const { return links_.back(); }

 private:
  struct Chunk {
    std::unique_ptr<char[]> bytes;
    std::size_t size = 0;
    std::size_t used = 0;
  };

  std::string_view keep(std::string_view text);

  std::vector<Link> links_;
  std::vector<Chunk> chunks_;
};

}  // namespace weft
