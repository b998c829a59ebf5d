// What a page's elements say to a crawler: the one set of rules that both readers, the
// tree and the scan, hand their elements to.
//
// Threads: each reader has one of its own.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "page/element.hpp"
#include "weft/page/links.hpp"

namespace weft::page {

class ElementLinks {
 public:
  // Both must outlive it.
  ElementLinks(const ReadOptions& options, PageLinks& page) : options_(options), page_(page) {}

  // Every link, base and robots directive of one start tag, in template content too: to
  // leave that out is for the caller, who knows where it is.
  void read(const Element& element);

  // The contents of a <style> element.
  void read_style(std::string_view css);

  // Text within an anchor goes to its link, while one is open.
  void open_anchor();  // of the element read last, where that is one
  void close_anchor();
  bool wants_anchor_text() const { return anchor_.has_value(); }
  void add_anchor_text(std::string_view text);

  void add_title(std::string_view text);
  void end_title();
  bool wants_title() const { return !has_title_; }

 private:
  void read_url(LinkKind kind, std::string_view reference);
  void read_srcset(LinkKind kind, std::string_view srcset);
  void read_css_links(std::string_view css);
  void read_by_table(const Element& element);
  void read_svg(const Element& element);
  void read_link(const Element& element);
  void read_meta(const Element& element);
  void read_form(const Element& element);
  bool wants(LinkKind kind) const { return options_.requisites || !is_requisite(kind); }

  const ReadOptions& options_;
  PageLinks& page_;
  bool nofollow_ = false;   // of the element being read
  bool has_title_ = false;  // the first <title> is the page's
  // Indices into page_.links.
  std::optional<std::size_t> read_anchor_;  // of the element read last
  std::optional<std::size_t> anchor_;       // the open one
  std::string anchor_text_;                 // of the open one, so far
};

}  // namespace weft::page
