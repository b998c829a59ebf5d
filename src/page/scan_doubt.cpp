#include "page/scan_doubt.hpp"

#include <utility>

#include "page/foreign_content.hpp"
#include "weft/base/text.hpp"
#include "weft/base/utf8.hpp"

namespace weft::page {

namespace {

// Attributes that are links wherever they stand in HTML.
bool has_link(const Element& attributes) {
  return attributes.has(Attr::style) || attributes.has(Attr::background);
}

constexpr TagSet kFrame = {Tag::html, Tag::head, Tag::body};

// HTML §13.2.6.4.4: what the head holds, be its tags written or not.
constexpr TagSet kInHead = {Tag::base, Tag::link, Tag::meta, Tag::script, Tag::style, Tag::title};

// Elements that cannot hold a block, or not past their own end tag.
constexpr TagSet kHoldsNoBlock = {Tag::phrase, Tag::void_, Tag::img,    Tag::input, Tag::base,
                                  Tag::link,   Tag::meta,  Tag::script, Tag::style, Tag::title};

// Blocks like any other.
constexpr TagSet kOrdinary = {Tag::block, Tag::p, Tag::other};

constexpr TagSet kObjects = {Tag::object, Tag::applet, Tag::marquee};

// §13.2.6.5: <title> and the like in foreign content, where HTML begins again; and <style>.
constexpr TagSet kTextIslands = {Tag::title, Tag::desc, Tag::mi,    Tag::mo,
                                 Tag::mn,    Tag::ms,   Tag::mtext, Tag::style};

// Code points that gumbo passes on as they are.
bool is_plain(char32_t c) {
  if (c < 0x20) return c == '\t' || c == '\n' || c == '\f' || c == '\r';
  if (c >= 0x7F && c < 0xA0) return false;
  return c != 0xFFFD && (c & 0xFFFE) != 0xFFFE && !(c >= 0xFDD0 && c <= 0xFDEF);
}

}  // namespace

std::string_view describe(Doubt doubt) {
  switch (doubt) {
    case Doubt::none:
      return "";
    case Doubt::nul_byte:
      return "NUL bytes";
    case Doubt::cut_off:
      return "ends within markup";
    case Doubt::nameless:
      return "an end tag without a name";
    case Doubt::attribute:
      return "a repeated attribute without a value";
    case Doubt::root:
      return "attributes of html, head or body in an odd place";
    case Doubt::frameset:
      return "frameset";
    case Doubt::plaintext:
      return "plaintext";
    case Doubt::isindex:
      return "isindex";
    case Doubt::select:
      return "tags within select";
    case Doubt::table:
      return "content of a table outside its cells";
    case Doubt::table_part:
      return "parts of a table in an odd place";
    case Doubt::template_part:
      return "odd content of a template";
    case Doubt::foreign:
      return "odd content of svg or math";
    case Doubt::formatting:
      return "crossed formatting";
    case Doubt::anchor_text:
      return "tags within an anchor that may close it";
    case Doubt::text:
      return "odd characters in a text";
  }
  return "";
}

void ScanDoubt::start_tag(const TagToken& token, const Element& attributes) {
  const Tag tag = token.tag;
  if (in_foreign()) return start_in_foreign(token);
  if (in_template_) return start_in_template(tag);
  if (in_select_) {
    if (tag != Tag::option && tag != Tag::optgroup) raise(Doubt::select);
    return;
  }
  if (stage_ != Stage::body) {
    start_in_frame(tag, attributes);
    if (kFrame.has(tag)) return;
  }
  if (wants_anchor_text_ && !anchors_.start(tag, token.name, token.in_link)) {
    return raise(Doubt::anchor_text);
  }
  if (in_moved_paragraph_ && !equals_ignoring_case(token.name, "br")) return raise(Doubt::table);
  if (tables_.in_structure() && !is_table_part(tag)) return start_in_structure(token, attributes);
  if (is_formatting(tag)) {
    // A second <a> or <nobr> closes the first.
    if ((tag == Tag::a || tag == Tag::nobr) && !formatting_.close(tag)) raise(Doubt::formatting);
    return formatting_.open(tag);
  }
  if (kHoldsNoBlock.has(tag)) return;
  formatting_.count_block();
  if (!kOrdinary.has(tag)) start_special(token, attributes);
}

void ScanDoubt::start_special(const TagToken& token, const Element& attributes) {
  const Tag tag = token.tag;
  switch (tag) {
    case Tag::svg:
    case Tag::math:
      return enter_foreign(token);
    case Tag::frameset:
      return raise(Doubt::frameset);
    case Tag::plaintext:
      return raise(Doubt::plaintext);
    case Tag::isindex:
      return raise(Doubt::isindex);
    case Tag::select:
      in_select_ = true;
      return;
    case Tag::template_:
      if (token.in_link) raise(Doubt::anchor_text);
      in_template_ = true;
      return;
    case Tag::html:
    case Tag::head:
    case Tag::body:
      if (has_link(attributes)) raise(Doubt::root);
      return;
    case Tag::object:
    case Tag::applet:
    case Tag::marquee:
      return formatting_.open_scope(tag);
    case Tag::table:
      return tables_.start_table();
    default:
      if (is_table_part(tag)) start_table_part(tag, attributes);
  }
}

void ScanDoubt::start_table_part(Tag tag, const Element& attributes) {
  if (!tables_.empty()) return change_cell(tables_.start_part(tag), tag);
  if (has_link(attributes)) raise(Doubt::table_part);
}

void ScanDoubt::change_cell(TableNesting::Change change, Tag tag) {
  using Change = TableNesting::Change;
  const bool closes = change == Change::closed || change == Change::reopened;
  if (closes && !formatting_.close_cell()) raise(Doubt::table_part);
  if (change == Change::opened || change == Change::reopened) formatting_.open_scope(tag);
}

// §13.2.6.4.9: all that may stand in a table outside its cells, but for the table's parts.
void ScanDoubt::start_in_structure(const TagToken& token, const Element& attributes) {
  const Tag tag = token.tag;
  if (in_moved_paragraph_ || (tag == Tag::p && start_moved_paragraph(attributes))) return;
  if (tag == Tag::script || tag == Tag::style || tag == Tag::form) return;
  if (tag == Tag::template_) {
    in_template_ = true;
    return;
  }
  if (tag == Tag::table) return tables_.start_table();
  const bool hidden =
      tag == Tag::input && equals_ignoring_case(attributes.value(Attr::type), "hidden");
  if (!hidden) raise(Doubt::table);
}

bool ScanDoubt::start_moved_paragraph(const Element& attributes) {
  if (has_link(attributes) || !formatting_.none_to_reopen()) return false;
  formatting_.count_block();
  in_moved_paragraph_ = true;
  return true;
}

// The template's own content is not read. What it holds must leave the rest as it was.
void ScanDoubt::start_in_template(Tag tag) {
  const bool is_odd = tag == Tag::template_ || tag == Tag::svg || tag == Tag::math ||
                      tag == Tag::select || tag == Tag::table || is_table_part(tag) ||
                      tag == Tag::frameset || tag == Tag::frame || tag == Tag::plaintext ||
                      tag == Tag::isindex;
  if (is_odd) raise(Doubt::template_part);
}

// Before the body has begun, html, head and body are where they belong (§13.2.6.4.1-6).
void ScanDoubt::start_in_frame(Tag tag, const Element& attributes) {
  const Stage before = stage_;
  const auto belongs = [&](Stage latest) {
    if (before > latest && has_link(attributes)) raise(Doubt::root);
  };
  if (tag == Tag::html) {
    belongs(Stage::start);
    if (before == Stage::start) stage_ = Stage::html;
  } else if (tag == Tag::head) {
    belongs(Stage::html);
    if (before < Stage::head) stage_ = Stage::head;
  } else if (kInHead.has(tag)) {
    if (before < Stage::head) stage_ = Stage::head;
  } else if (tag == Tag::noscript && before <= Stage::head) {
    belongs(Stage::start);  // one within another is dropped
    stage_ = Stage::head;
  } else {
    if (tag == Tag::noscript) belongs(Stage::start);
    stage_ = Stage::body;
  }
}

void ScanDoubt::end_in_frame(Tag tag) {
  if (tag == Tag::head) {
    stage_ = Stage::after_head;
  } else if (tag == Tag::html || tag == Tag::body || tag == Tag::void_) {
    stage_ = Stage::body;
  }
}

void ScanDoubt::structure_text(std::string_view source) {
  for (const char c : source) {
    if (is_ascii_space(c)) continue;
    stage_ = Stage::body;
    const bool hidden = in_template_ || in_select_ || in_foreign();
    if (tables_.in_structure() && !hidden) raise(Doubt::table);
    return;
  }
}

void ScanDoubt::end_tag(const TagToken& token) {
  const Tag tag = token.tag;
  if (in_foreign()) return end_in_foreign(token);
  if (in_template_) {
    if (tag == Tag::template_) in_template_ = false;
    return;
  }
  if (in_select_) {
    if (tag == Tag::select) {
      in_select_ = false;
    } else if (tag != Tag::option && tag != Tag::optgroup) {
      raise(Doubt::select);
    }
    return;
  }
  if (stage_ != Stage::body) end_in_frame(tag);
  if (wants_anchor_text_ && !anchors_.end(tag, token.name, token.in_link)) {
    return raise(Doubt::anchor_text);
  }
  if (std::exchange(in_moved_paragraph_, false)) {
    if (tag != Tag::p) raise(Doubt::table);
    return;
  }
  if (is_formatting(tag)) {
    // Right in a table they reach nothing.
    if (!tables_.in_structure() && !formatting_.close(tag)) raise(Doubt::formatting);
    return;
  }
  end_special(tag);
}

void ScanDoubt::end_special(Tag tag) {
  if (tag == Tag::table || is_table_part(tag)) return change_cell(tables_.end(tag), tag);
  if (kObjects.has(tag) && !tables_.in_structure()) formatting_.close_object(tag);
}

void ScanDoubt::enter_foreign(const TagToken& token) {
  if (!token.is_self_closing) foreign_.push_back(token.name);
}

void ScanDoubt::start_in_foreign(const TagToken& token) {
  const Tag tag = token.tag;
  const bool in_math = equals_ignoring_case(foreign_.front(), "math");
  const bool crosses = tag == (in_math ? Tag::svg : Tag::math);
  const bool is_odd = crosses || tag == Tag::foreignobject || tag == Tag::annotation_xml ||
                      tag == Tag::font || breaks_out(token.name) || (tag == Tag::a && in_math) ||
                      (tag == Tag::script && !token.is_self_closing) ||
                      token.name.find('\v') != std::string_view::npos;
  if (text_only_ || is_odd) return raise(Doubt::foreign);
  if (token.is_self_closing) return;
  foreign_.push_back(token.name);
  text_only_ = kTextIslands.has(tag);
}

void ScanDoubt::end_in_foreign(const TagToken& token) {
  const bool closes = token.is_bare && equals_ignoring_case(foreign_.back(), token.name);
  if (!closes) return raise(Doubt::foreign);
  foreign_.pop_back();
  text_only_ = false;
}

void ScanDoubt::kept_text(std::string_view decoded) {
  for (std::size_t at = 0; at < decoded.size();) {
    const auto byte = static_cast<unsigned char>(decoded[at]);
    if (byte < 0x80) {
      if (!is_plain(byte)) return raise(Doubt::text);
      ++at;
      continue;
    }
    const Utf8Char c = utf8_at(decoded, at);
    if (!c.valid || !is_plain(c.code)) return raise(Doubt::text);
    at += c.length;
  }
}

void ScanDoubt::end(const HtmlTokens& page) {
  if (page.is_cut_off()) raise(Doubt::cut_off);
  if (page.has_nameless_end_tag()) raise(Doubt::nameless);
  if (page.has_repeated_flag()) raise(Doubt::attribute);
  if (in_template_) raise(Doubt::template_part);
}

}  // namespace weft::page
