// One start tag as both readers hand it to the link rules: which element, in which
// namespace, and the few attributes that can matter.
#pragma once

#include <array>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>

namespace weft::page {

// Elements that carry links, or that change how what follows them is read.
enum class Tag : std::uint8_t {
  other,
  a,
  area,
  audio,
  base,
  body,
  desc,
  embed,
  feimage,
  foreignobject,
  form,
  frame,
  frameset,
  iframe,
  image,
  img,
  input,
  link,
  math,
  meta,
  mi,
  mn,
  mo,
  ms,
  mtext,
  noembed,
  noframes,
  object,
  plaintext,
  script,
  source,
  style,
  svg,
  table,
  tbody,
  td,
  template_,
  textarea,
  tfoot,
  th,
  thead,
  title,
  tr,
  track,
  use,
  video,
  xmp,
  // What follows carries no links of its own: it is told apart for page/scan_doubt.hpp.
  annotation_xml,
  applet,
  b,
  big,
  button,
  caption,
  code,
  col,
  colgroup,
  em,
  font,
  head,
  html,
  i,
  isindex,
  marquee,
  nobr,
  noscript,
  optgroup,
  option,
  p,
  s,
  select,
  small,
  strike,
  strong,
  tt,
  u,
  block,   // div, section, h1, ul, ...: closes a <p> that is open, and no more
  phrase,  // span, sub, label, ...: means nothing to a parser
  void_,   // br, wbr, param, ...: has no content
  count
};

// Asked for one of them without a branch.
class TagSet {
 public:
  constexpr TagSet(std::initializer_list<Tag> tags) {
    for (const Tag tag : tags) has_[static_cast<std::size_t>(tag)] = true;
  }
  constexpr bool has(Tag tag) const { return has_[static_cast<std::size_t>(tag)]; }

 private:
  std::array<bool, static_cast<std::size_t>(Tag::count)> has_{};
};

enum class Attr : std::uint8_t {
  none,
  action,
  background,
  content,
  data,
  data_lazy,
  data_lazy_src,
  data_lazy_srcset,
  data_original,
  data_src,
  data_srcset,
  href,
  http_equiv,
  imagesrcset,
  method,
  name,
  poster,
  rel,
  src,
  srcset,
  style,
  type,
  xlink_href,
  count
};

enum class Space : std::uint8_t { html, svg, math };

// By name, whatever its case; other and none for names that play no part.
Tag tag_of(std::string_view name);
Attr attr_of(std::string_view name);

// Reused from tag to tag, so that a page of a million tags allocates for the few
// values that need decoding.
class Element {
 public:
  Tag tag = Tag::other;
  Space space = Space::html;

  void start(Tag the_tag, Space the_space);

  bool has(Attr attr) const { return (present_ >> index(attr) & 1u) != 0; }
  bool has_any() const { return present_ != 0; }
  std::string_view value(Attr attr) const {
    return has(attr) ? values_[index(attr)] : std::string_view();
  }

  // Of attributes of one name the first counts (HTML §13.2.5.33). `value` must outlive
  // the element's use.
  void add(Attr attr, std::string_view value);
  // The same, `source` being the value as it is written between its quotes.
  void add_source(Attr attr, std::string_view source);

 private:
  static constexpr std::size_t kAttrs = static_cast<std::size_t>(Attr::count);
  static std::size_t index(Attr attr) { return static_cast<std::size_t>(attr); }

  std::uint32_t present_ = 0;  // a bit for each Attr
  std::array<std::string_view, kAttrs> values_;
  std::array<std::string, kAttrs> decoded_;  // what values_ refers to where decoding was needed
  static_assert(kAttrs <= 32);
};

}  // namespace weft::page
