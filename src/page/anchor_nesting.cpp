#include "page/anchor_nesting.hpp"

#include "page/formatting_nesting.hpp"
#include "page/table_nesting.hpp"
#include "weft/base/text.hpp"

namespace weft::page {

namespace {

// HTML §13.1.2, those among Tag.
bool has_no_content(Tag tag) {
  return tag == Tag::void_ || tag == Tag::img || tag == Tag::image || tag == Tag::input ||
         tag == Tag::area || tag == Tag::base || tag == Tag::embed || tag == Tag::link ||
         tag == Tag::meta || tag == Tag::source || tag == Tag::track;
}

// Elements that neither close another nor have a meaning of their own to the parser, and
// those of raw text that is nobody's. No element of HTML has a '-' in its name.
bool is_harmless(Tag tag, std::string_view name) {
  return tag == Tag::phrase || tag == Tag::noscript || tag == Tag::audio || tag == Tag::video ||
         tag == Tag::script || tag == Tag::style || (is_formatting(tag) && tag != Tag::nobr) ||
         (tag == Tag::other && name.find('-') != std::string_view::npos);
}

// One right in another closes that.
bool is_heading(std::string_view name) {
  return name.size() == 2 && ascii_lower(name[0]) == 'h' && is_ascii_digit(name[1]);
}

bool is_block(Tag tag) { return tag == Tag::block || tag == Tag::p; }

bool hides_paragraphs(Tag tag) {
  return tag == Tag::button || tag == Tag::object || tag == Tag::applet || tag == Tag::marquee ||
         tag == Tag::table || is_table_part(tag);
}

}  // namespace

bool AnchorNesting::start(Tag tag, std::string_view name, bool in_link) {
  if (in_link && !start_in_link(tag, name)) return false;
  if (tag == Tag::a) open_.clear();
  note_paragraph(tag);
  return true;
}

bool AnchorNesting::start_in_link(Tag tag, std::string_view name) {
  if (tag == Tag::a) return open_.empty();
  if (has_no_content(tag) || tag == Tag::svg || tag == Tag::math) return true;
  const bool closes_paragraph = is_block(tag) && (paragraph_ || hidden_paragraph_);
  if (is_heading(name) && !open_.empty() && is_heading(open_.back())) return false;
  if (closes_paragraph || !(is_block(tag) || is_harmless(tag, name))) return false;
  open_.push_back(name);
  return true;
}

void AnchorNesting::note_paragraph(Tag tag) {
  if (tag == Tag::p) {
    paragraph_ = true;
  } else if (tag == Tag::block) {
    paragraph_ = false;
  } else if (hides_paragraphs(tag) && paragraph_) {
    hidden_paragraph_ = true;
  }
}

bool AnchorNesting::end(Tag tag, std::string_view name, bool in_link) {
  if (tag == Tag::p) paragraph_ = false;
  if (!in_link) return true;
  if (tag == Tag::a) return open_.empty();
  if (open_.empty() || !equals_ignoring_case(open_.back(), name)) return false;
  open_.pop_back();
  return true;
}

}  // namespace weft::page
