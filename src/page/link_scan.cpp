#include "page/link_scan.hpp"

#include <string>
#include <vector>

#include "page/char_refs.hpp"
#include "page/element_links.hpp"
#include "page/foreign_content.hpp"
#include "page/html_tokens.hpp"
#include "page/valid_utf8.hpp"
#include "weft/base/text.hpp"

namespace weft::page {

namespace {

// Elements whose content is text that holds nothing for us.
bool is_skipped_text(Tag tag) {
  return tag == Tag::textarea || tag == Tag::xmp || tag == Tag::iframe || tag == Tag::noembed ||
         tag == Tag::noframes;
}

class LinkScan {
 public:
  // With `doubt` it ends at the first one.
  LinkScan(std::string_view html, const ReadOptions& options, PageLinks& page, ScanDoubt* doubt)
      : tokens_(html), links_(options, page), doubt_(doubt), reads_style_(options.requisites) {}

  void scan() {
    while (!at_plaintext_ && !in_doubt()) {
      switch (tokens_.next(element_)) {
        case Token::end:
          if (doubt_ != nullptr) doubt_->end(tokens_);
          return end();
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
      // A text island, such as SVG's <title>, is foreign to the tokenizer.
      tokens_.set_foreign(doubt_ != nullptr ? doubt_->in_foreign()
                                            : spaces_.current() != Space::html);
    }
    end();
  }

 private:
  void end() {
    end_svg_style();
    links_.close_anchor();
  }
  bool in_doubt() const { return doubt_ != nullptr && doubt_->doubt() != Doubt::none; }
  ScanDoubt::TagToken token() const {
    return {.tag = tokens_.tag(),
            .name = tokens_.name(),
            .is_self_closing = tokens_.is_self_closing(),
            .is_bare = tokens_.is_bare(),
            .in_link = links_.wants_anchor_text()};
  }
  void keep(std::string_view text) {
    if (doubt_ != nullptr) doubt_->kept_text(text);
  }
  bool in_template() const { return !templates_.empty(); }

  void read_start_tag();
  void read_end_tag();
  void read_contents(Tag tag);
  void read_title();
  void end_svg_style();
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
  std::string svg_style_;  // the contents of an SVG's <style> so far
  ScanDoubt* const doubt_;
  const bool reads_style_;
  bool in_svg_style_ = false;
  bool in_frameset_ = false;
  bool in_form_ = false;
  bool at_plaintext_ = false;
};

void LinkScan::read_start_tag() {
  end_svg_style();
  Tag tag = tokens_.tag();
  if (doubt_ != nullptr) {
    doubt_->start_tag(token(), element_);
    if (in_doubt()) return;
  }
  if (spaces_.current() != Space::html && breaks_out(tokens_.name())) spaces_.break_out();
  Space space = spaces_.current();
  if (tag == Tag::svg) space = Space::svg;
  if (tag == Tag::math) space = Space::math;
  if (tag == Tag::image && space == Space::html) tag = Tag::img;  // HTML §13.2.6.4.7
  const bool is_empty = space != Space::html && tokens_.is_self_closing();

  in_svg_style_ = tag == Tag::style && space == Space::svg && !is_empty && !in_template();
  if (!is_empty) spaces_.enter(tag);
  if (space == Space::html && tag == Tag::template_) templates_.push_back(spaces_.depth());
  if (!in_template() && !(space == Space::html && is_dropped(tag))) {
    element_.tag = tag;
    element_.space = space;
    links_.read(element_);
    if (tag == Tag::a) links_.open_anchor();
    if (tag == Tag::a && is_empty) links_.close_anchor();
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
    if (!in_template() && reads_style_) {
      keep(css);
      links_.read_style(css);
    }
  }
  if (is_skipped_text(tag)) tokens_.take_raw_text(tokens_.name());
}

void LinkScan::read_title() {
  const std::string_view title = tokens_.take_raw_text("title");
  if (in_template() || !links_.wants_title()) return;
  decoded_.clear();
  decode(title, RefContext::text, decoded_);
  keep(decoded_);
  links_.add_title(decoded_);
  links_.end_title();
}

// A style sheet in SVG is markup (HTML §13.2.6.5): references count, and comments, doctypes,
// CDATA sections and lone '<' part a text that is one to CSS.
void LinkScan::end_svg_style() {
  if (!in_svg_style_) return;
  in_svg_style_ = false;
  links_.read_style(svg_style_);
  svg_style_.clear();
}

void LinkScan::read_end_tag() {
  end_svg_style();
  const Tag tag = tokens_.tag();
  if (doubt_ != nullptr) doubt_->end_tag(token());
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
  if (doubt_ != nullptr) doubt_->text(tokens_.text());
  if (in_template() || (!in_svg_style_ && !links_.wants_anchor_text())) return;
  if (!needs_decoding(tokens_.text())) return hand_over(tokens_.text());
  decoded_.clear();
  decode(tokens_.text(), context, decoded_);
  hand_over(decoded_);
}

// In a CDATA section '&' is only a character.
void LinkScan::read_cdata() {
  if (doubt_ != nullptr) doubt_->cdata();
  if (in_template() || (!in_svg_style_ && !links_.wants_anchor_text())) return;
  decoded_.clear();
  append_valid_utf8(tokens_.text(), decoded_);
  hand_over(decoded_);
}

void LinkScan::hand_over(std::string_view text) {
  keep(text);
  if (in_svg_style_) {
    svg_style_ += text;
  } else {
    links_.add_anchor_text(text);
  }
}

}  // namespace

void scan_links(std::string_view html, const ReadOptions& options, PageLinks& page) {
  LinkScan(html, options, page, nullptr).scan();
}

Doubt scan_while_certain(std::string_view html, const ReadOptions& options, PageLinks& page) {
  if (html.find('\0') != std::string_view::npos) return Doubt::nul_byte;
  ScanDoubt doubt(options.anchor_text);
  LinkScan(html, options, page, &doubt).scan();
  return doubt.doubt();
}

}  // namespace weft::page
