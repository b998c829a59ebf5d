// SVG and MathML within HTML (HTML §13.2.6.5), as far as tags alone tell.
//
// Threads: one thread at a time.
#pragma once

#include <array>
#include <cstddef>
#include <string_view>
#include <vector>

#include "page/element.hpp"

namespace weft::page {

// Start tags that end foreign content, whoever forgot to close it.
bool breaks_out(std::string_view name);

// Which namespace the next tag is in: that of the innermost <svg>, <math> or of the
// element within one whose content is HTML again.
class Spaces {
 public:
  Space current() const {
    if (open_.empty()) return Space::html;
    if (open_.back() == Tag::svg) return Space::svg;
    return open_.back() == Tag::math ? Space::math : Space::html;
  }

  void enter(Tag tag) {
    const Space space = current();
    const bool holds_html = space == Space::svg ? is_svg_integration_point(tag)
                                                : space == Space::math && is_math_text(tag);
    if (tag != Tag::svg && tag != Tag::math && !holds_html) return;
    open_.push_back(tag);
    ++count_[index(tag)];
  }

  void leave(Tag tag) {
    if (count_[index(tag)] == 0) return;  // else each end tag without a start would search
    while (pop() != tag) {
    }
  }

  void break_out() {
    while (current() != Space::html) pop();
  }

  std::size_t depth() const { return open_.size(); }
  void leave_to(std::size_t depth) {
    while (open_.size() > depth) pop();
  }

 private:
  static bool is_svg_integration_point(Tag tag) {
    return tag == Tag::foreignobject || tag == Tag::desc || tag == Tag::title;
  }
  static bool is_math_text(Tag tag) {
    return tag == Tag::mi || tag == Tag::mo || tag == Tag::mn || tag == Tag::ms ||
           tag == Tag::mtext;
  }
  static std::size_t index(Tag tag) { return static_cast<std::size_t>(tag); }

  Tag pop() {
    const Tag tag = open_.back();
    open_.pop_back();
    --count_[index(tag)];
    return tag;
  }

  std::vector<Tag> open_;
  std::array<std::size_t, static_cast<std::size_t>(Tag::count)> count_{};  // in open_
};

}  // namespace weft::page
