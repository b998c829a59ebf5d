#include "page/link_scan.hpp"

#include <array>
#include <iterator>
#include <string>
#include <vector>

#include "page/char_refs.hpp"
#include "page/element_links.hpp"
#include "page/html_tokens.hpp"
#include "page/valid_utf8.hpp"
#include "weft/base/text.hpp"

namespace weft::page {

namespace {

// HTML §13.2.6.5: start tags that end foreign content, whoever forgot to close it.
bool breaks_out(std::string_view name) {
  constexpr std::string_view kNames[] = {
      "b",      "big",  "blockquote", "body",  "br",   "center", "code",    "dd",   "div",
      "dl",     "dt",   "em",         "embed", "h1",   "h2",     "h3",      "h4",   "h5",
      "h6",     "head", "hr",         "i",     "img",  "li",     "listing", "menu", "meta",
      "nobr",   "ol",   "p",          "pre",   "ruby", "s",      "small",   "span", "strong",
      "strike", "sub",  "sup",        "table", "tt",   "u",      "ul",      "var"};
  for (const std::string_view known : kNames) {
    if (equals_ignoring_case(known, name)) return true;
  }
  return false;
}

// Elements whose content is text that holds nothing for us.
bool is_skipped_text(Tag tag) {
  return tag == Tag::textarea || tag == Tag::xmp || tag == Tag::iframe || tag == Tag::noembed ||
         tag == Tag::noframes;
}

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

class LinkScan {
 public:
  LinkScan(std::string_view html, const ReadOptions& options, PageLinks& page)
      : tokens_(html), links_(options, page) {}

  void scan() {
    while (!at_plaintext_) {
      switch (tokens_.next(element_)) {
        case Token::end:
          return links_.close_anchor();
        case Token::text:
          read_text(RefContext::text);
          break;
        case Token::cdata:
          read_cdata();
          break;
        case Token::start_tag:
          read_start_tag();
          break;
        case Token::end_tag:
          read_end_tag();
          break;
      }
      tokens_.set_foreign(spaces_.current() != Space::html);
    }
    links_.close_anchor();
  }

 private:
  bool in_template() const { return !templates_.empty(); }

  void read_start_tag();
  void read_end_tag();
  void read_contents(Tag tag);
  void read_title();
  bool is_dropped(Tag tag);
  void read_text(RefContext context);
  void read_cdata();
  void hand_over(std::string_view text);

  HtmlTokens tokens_;
  ElementLinks links_;
  Element element_;
  Spaces spaces_;
  std::vector<std::size_t> templates_;  // open ones, each with the depth of spaces_ then
  std::string decoded_;
  bool in_svg_style_ = false;
  bool in_frameset_ = false;
  bool in_form_ = false;
  bool at_plaintext_ = false;
};

void LinkScan::read_start_tag() {
  Tag tag = tokens_.tag();
  if (spaces_.current() != Space::html && breaks_out(tokens_.name())) spaces_.break_out();
  Space space = spaces_.current();
  if (tag == Tag::svg) space = Space::svg;
  if (tag == Tag::math) space = Space::math;
  if (tag == Tag::image && space == Space::html) tag = Tag::img;  // HTML §13.2.6.4.7
  const bool is_empty = space != Space::html && tokens_.is_self_closing();

  in_svg_style_ = tag == Tag::style && space == Space::svg && !is_empty;
  if (!is_empty) spaces_.enter(tag);
  if (space == Space::html && tag == Tag::template_) templates_.push_back(spaces_.depth());
  if (!in_template() && !(space == Space::html && is_dropped(tag))) {
    element_.tag = tag;
    element_.space = space;
    links_.read(element_);
    if (tag == Tag::a && !is_empty) links_.open_anchor();
  }
  if (space == Space::html) read_contents(tag);
}

// Elements the tree does not take where they stand: a frame outside a frameset, a form
// within a form.
bool LinkScan::is_dropped(Tag tag) {
  if (tag == Tag::frameset) in_frameset_ = true;
  if (tag == Tag::frame) return !in_frameset_;
  if (tag != Tag::form) return false;
  const bool nested = in_form_;
  in_form_ = true;
  return nested;
}

// What follows the start tags whose content is not markup.
void LinkScan::read_contents(Tag tag) {
  if (tag == Tag::plaintext) at_plaintext_ = true;
  if (tag == Tag::script) tokens_.take_script();
  if (tag == Tag::title) read_title();
  if (tag == Tag::style) {
    const std::string_view css = tokens_.take_raw_text("style");
    if (!in_template()) links_.read_style(css);
  }
  if (is_skipped_text(tag)) tokens_.take_raw_text(tokens_.name());
}

void LinkScan::read_title() {
  const std::string_view title = tokens_.take_raw_text("title");
  if (in_template() || !links_.wants_title()) return;
  decoded_.clear();
  decode(title, RefContext::text, decoded_);
  links_.add_title(decoded_);
  links_.end_title();
}

void LinkScan::read_end_tag() {
  in_svg_style_ = false;
  const Tag tag = tokens_.tag();
  if (tag == Tag::template_ && in_template()) {
    spaces_.leave_to(templates_.back());
    templates_.pop_back();
  }
  if (in_template()) return spaces_.leave(tag);
  if (tag == Tag::a) links_.close_anchor();
  if (tag == Tag::form) in_form_ = false;
  spaces_.leave(tag);
}

void LinkScan::read_text(RefContext context) {
  if (in_template() || (!in_svg_style_ && !links_.wants_anchor_text())) return;
  if (!needs_decoding(tokens_.text())) return hand_over(tokens_.text());
  decoded_.clear();
  decode(tokens_.text(), context, decoded_);
  hand_over(decoded_);
}

// In a CDATA section '&' is only a character.
void LinkScan::read_cdata() {
  if (in_template() || (!in_svg_style_ && !links_.wants_anchor_text())) return;
  decoded_.clear();
  append_valid_utf8(tokens_.text(), decoded_);
  hand_over(decoded_);
}

void LinkScan::hand_over(std::string_view text) {
  if (in_svg_style_) return links_.read_style(text);
  links_.add_anchor_text(text);
}

}  // namespace

void scan_links(std::string_view html, const ReadOptions& options, PageLinks& page) {
  LinkScan(html, options, page).scan();
}

}  // namespace weft::page
