// HTML's tokenizer (HTML §13.2.5) for a reader of links: tags with their attributes, and
// runs of text, as views into the page. Comments and doctypes are passed over.
//
//   <a href="x">text<!-- gone --><title>  ...  </title>
//   |start_tag ||text|           |start_tag|raw text|end_tag
//
// What the tree would tell the tokenizer, its user does: after a start tag, that raw
// text follows; and whether CDATA sections count. Linear in the page for any input; a
// tag cut off by the end of the page is no tag.
//
// Threads:   one thread at a time.
// Ownership: refers to the page, which must outlive it and every view it gives.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "page/element.hpp"

namespace weft::page {

enum class Token : std::uint8_t { text, cdata, start_tag, end_tag, end };

class HtmlTokens {
 public:
  explicit HtmlTokens(std::string_view html) : html_(html) {}

  // The next token; attributes of a start tag are added to `element`, which the caller
  // has yet to start(): see name().
  Token next(Element& element);

  std::string_view text() const { return text_; }  // of text (undecoded) and cdata
  Tag tag() const { return tag_; }                 // of a tag
  std::string_view name() const { return name_; }
  bool is_self_closing() const { return self_closing_; }
  bool is_bare() const { return name_.data() + name_.size() == html_.data() + at_ - 1; }

  // Has the page ended within a tag, a comment or raw text?
  bool is_cut_off() const { return cut_off_; }
  // Was there a "</>" so far?
  bool has_nameless_end_tag() const { return nameless_end_tag_; }
  // Was there, in one start tag, an attribute again that has no value, or maybe so?
  bool has_repeated_flag() const { return repeated_flag_; }

  // In foreign content "<![CDATA[" begins a section, elsewhere a comment.
  void set_foreign(bool foreign) { foreign_ = foreign; }

  // What lies between here and the end tag `name`, or the end of the page: contents of
  // title, textarea, style, ... (RCDATA and RAWTEXT). The end tag is the next token.
  std::string_view take_raw_text(std::string_view name);
  // The same for script, where "<!--" may hide an end tag.
  std::string_view take_script();

 private:
  Token read_markup(Element& element);
  bool read_tag(Element* element);
  void read_attribute(Element* element);
  void note_flag(std::string_view name);
  std::string_view take_attribute_value();
  void skip_declaration();
  void skip_comment();
  void skip_past(char c);
  std::string_view take_to_end_tag(std::size_t end);
  bool is_tag_here(std::size_t at, std::string_view prefix, std::string_view name) const;
  char at(std::size_t index) const { return index < html_.size() ? html_[index] : '\0'; }
  Token take_text(std::size_t end);

  std::string_view html_;
  std::size_t at_ = 0;
  std::string_view text_;
  std::string_view name_;
  Tag tag_ = Tag::other;
  bool self_closing_ = false;
  bool foreign_ = false;
  bool cut_off_ = false;
  bool nameless_end_tag_ = false;
  bool repeated_flag_ = false;
  std::array<std::string_view, 16> attributes_;  // names of the tag's first ones
  std::size_t attribute_count_ = 0;
};

}  // namespace weft::page
