// Where reading a page by its tags (page/link_scan) is certain to give what gumbo's tree
// gives: the same links in the same order, base, title and robots directives, and where they
// are wanted the same texts of anchors. gumbo 0.10.1 is the authority, not the standard.
//
// The tree changes nothing of that as long as each element comes to stand after those before
// it and the tokenizer reads as markup what is markup. So these are the doubts, each raised at
// the first tag or text that could make a difference (sections of the HTML standard):
//
//   nul_byte       a NUL anywhere: dropped or replaced by where it stands (13.2.5, 13.2.6.4.7)
//   cut_off        the page ends within a tag, a comment or raw text (13.2.5)
//   nameless       "</>": gumbo takes it for the beginning of the next tag, by whose name it
//                  then closes foreign elements and tells those of SVG apart
//   attribute      an attribute without a value, again in the same tag (13.2.5.33): gumbo drops
//                  it and joins its name to that of the next, "<a x x href=1>"
//   root           <html>, <head> or <body> with a link of its own where its element may
//                  exist already: merged or dropped (13.2.6.4.2-7); <noscript> in the head
//   frameset       <frameset> may replace all that was read (13.2.6.4.7, 13.2.6.4.20)
//   plaintext      13.2.6.4.7
//   isindex        gumbo builds a form, a rule and an input out of it
//   select         a tag other than option and optgroup within <select>: dropped, or closes
//                  it, and raw text is not switched to (13.2.6.4.16-17)
//   table          what is no part of a table, in it but in no cell or caption: moved before
//                  it (foster parents, 13.2.6.1, 13.2.6.4.9). script, style, template, form
//                  and hidden inputs stay where they are; a paragraph that is closed, and empty
//                  but for <br>, takes nothing along, unless formatting is reopened in it
//   table_part     a part with a link of its own outside any table (dropped, 13.2.6.4.7); an
//                  <object> left open in a cell (13.2.4.3: whose marker is cleared?)
//   template_part  in <template>: what may change how the rest is read, by the stack of
//                  insertion modes (13.2.6.4.18); a template that is not closed
//   foreign        in <svg>, <math>: tags that do not nest, tags that leave it, end tags with
//                  more than a name (no end tags to gumbo, "</svg >"), names with a VT, each in the
//                  other, foreignObject, annotation-xml, script, CDATA; any tag in a style or in
//                  one of the texts that are HTML again (13.2.6.5)
//   formatting     crossed <b>, <i>, <a>, ... with a block within (13.2.6.4.7): gumbo keeps
//                  to the standard only for three elements between (formatting_nesting.hpp)
//   anchor_text    where wanted: tags within an anchor that the tree may close it at
//                  (anchor_nesting.hpp)
//   text           characters in a title, style or anchor's text that gumbo replaces in its
//                  own way: controls, what is not UTF-8, non-characters (13.2.3.5)
//
// Certain, then, and tested to be: forms in forms (13.2.6.4.7: dropped, LinkScan counts
// them), <noscript> (scripting is off), raw text of title, textarea, xmp, iframe, noembed and
// noframes, <image>, a base anywhere, a title anywhere, nested <a>, <button> and <option>,
// unclosed elements, elements after </body> or </html>, repeated attributes, doctypes,
// comments, character references (both readers decode attributes with page/char_refs).
//
// Threads:   one thread at a time.
// Ownership: holds views into the page.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "page/anchor_nesting.hpp"
#include "page/element.hpp"
#include "page/formatting_nesting.hpp"
#include "page/html_tokens.hpp"
#include "page/table_nesting.hpp"

namespace weft::page {

enum class Doubt : std::uint8_t {
  none,
  nul_byte,
  cut_off,
  nameless,
  attribute,
  root,
  frameset,
  plaintext,
  isindex,
  select,
  table,
  table_part,
  template_part,
  foreign,
  formatting,
  anchor_text,
  text,
};

// "tags within select"; "" for none.
std::string_view describe(Doubt doubt);

class ScanDoubt {
 public:
  struct TagToken {
    Tag tag = Tag::other;
    std::string_view name{};
    bool is_self_closing = false;
    bool is_bare = true;   // nothing stands between its name and its '>'
    bool in_link = false;  // within an anchor whose text is wanted
  };

  explicit ScanDoubt(bool wants_anchor_text) : wants_anchor_text_(wants_anchor_text) {}

  // The page's tokens in turn. `attributes`: those of the start tag, whatever else the
  // element says.
  void start_tag(const TagToken& token, const Element& attributes);
  void end_tag(const TagToken& token);
  void text(std::string_view source) {  // as it is written
    if (stage_ != Stage::body || tables_.in_structure()) structure_text(source);
  }
  void cdata() { raise(Doubt::foreign); }  // or a lone '<' in a style sheet of SVG
  void end(const HtmlTokens& page);        // read to its end

  // Text that goes into what is read of the page.
  void kept_text(std::string_view decoded);

  bool in_foreign() const { return !foreign_.empty(); }  // what is read next
  Doubt doubt() const { return doubt_; }

 private:
  // Of the page's frame (13.2.6.4.1-6), as far as it certainly has come.
  enum class Stage : std::uint8_t { start, html, head, after_head, body };

  void raise(Doubt doubt) {
    if (doubt_ == Doubt::none) doubt_ = doubt;
  }
  void structure_text(std::string_view source);
  void start_in_frame(Tag tag, const Element& attributes);
  void end_in_frame(Tag tag);
  void start_in_structure(const TagToken& token, const Element& attributes);
  bool start_moved_paragraph(const Element& attributes);
  void start_in_template(Tag tag);
  void start_in_foreign(const TagToken& token);
  void end_in_foreign(const TagToken& token);
  void enter_foreign(const TagToken& token);
  void start_special(const TagToken& token, const Element& attributes);
  void start_table_part(Tag tag, const Element& attributes);
  void end_special(Tag tag);
  void change_cell(TableNesting::Change change, Tag tag);

  const bool wants_anchor_text_;
  Doubt doubt_ = Doubt::none;
  Stage stage_ = Stage::start;
  bool in_select_ = false;
  bool in_template_ = false;
  bool in_moved_paragraph_ = false;        // one right in a table, empty so far
  bool text_only_ = false;                 // the innermost foreign element may hold no tags
  std::vector<std::string_view> foreign_;  // open, from <svg> or <math> on
  TableNesting tables_;
  FormattingNesting formatting_;
  AnchorNesting anchors_;
};

}  // namespace weft::page
