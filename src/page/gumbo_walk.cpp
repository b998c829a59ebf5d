#include "page/gumbo_walk.hpp"

#include <array>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "page/tokens.hpp"
#include "page/valid_utf8.hpp"

namespace weft::page {

namespace {

Tag tag_of(const GumboElement& element) {
  static const std::array<Tag, GUMBO_TAG_LAST> tags = [] {
    std::array<Tag, GUMBO_TAG_LAST> table{};
    for (int i = 0; i < GUMBO_TAG_UNKNOWN; ++i) {
      table[i] = page::tag_of(gumbo_normalized_tagname(static_cast<GumboTag>(i)));
    }
    return table;
  }();
  if (element.tag != GUMBO_TAG_UNKNOWN) return tags[element.tag];
  // Most of SVG's are unknown to gumbo. (Its own way to a name ends that at a VT too.)
  std::string_view source(element.original_tag.data, element.original_tag.length);
  if (!take(source, '<')) return Tag::other;
  return page::tag_of(
      take_while(source, [](char c) { return !is_ascii_space(c) && c != '/' && c != '>'; }));
}

Space space_of(const GumboElement& element) {
  switch (element.tag_namespace) {
    case GUMBO_NAMESPACE_HTML:
      return Space::html;
    case GUMBO_NAMESPACE_SVG:
      return Space::svg;
    case GUMBO_NAMESPACE_MATHML:
      return Space::math;
  }
  return Space::html;
}

Attr attr_of(const GumboAttribute& attribute) {
  switch (attribute.attr_namespace) {
    case GUMBO_ATTR_NAMESPACE_NONE:
      return page::attr_of(attribute.name);
    case GUMBO_ATTR_NAMESPACE_XLINK:
      return page::attr_of(attribute.name) == Attr::href ? Attr::xlink_href : Attr::none;
    case GUMBO_ATTR_NAMESPACE_XML:
    case GUMBO_ATTR_NAMESPACE_XMLNS:
      return Attr::none;
  }
  return Attr::none;
}

// The attribute's value as it is written. Nothing where the element has not the tag that the
// attribute stood in: gumbo made the one or moved the other. Its original_value will not do:
// that is the name where there is no value, and begins past a "&lt;" that begins it.
std::optional<std::string_view> source_of(const GumboElement& element,
                                          const GumboAttribute& attribute) {
  const std::string_view tag(element.original_tag.data, element.original_tag.length);
  const char* const end_of_name = attribute.original_name.data + attribute.original_name.length;
  if (std::less<>()(end_of_name, tag.data()) ||
      std::less<>()(tag.data() + tag.size(), end_of_name)) {
    return std::nullopt;
  }
  std::string_view rest = tag.substr(static_cast<std::size_t>(end_of_name - tag.data()));
  skip_space(rest);
  if (!take(rest, '=')) return std::string_view();
  skip_space(rest);
  if (rest.empty()) return rest;
  const char quote = rest.front();
  if (quote != '"' && quote != '\'') {
    return take_while(rest, [](char c) { return !is_ascii_space(c) && c != '>'; });
  }
  rest.remove_prefix(1);
  return rest.substr(0, rest.find(quote));
}

// Repairs of the tree repeat elements ("<b><a href=x><p>" and on): the page said it once.
bool is_clone(const GumboNode& node) {
  constexpr unsigned kCloned =
      GUMBO_INSERTION_RECONSTRUCTED_FORMATTING_ELEMENT | GUMBO_INSERTION_ADOPTION_AGENCY_CLONED;
  return (static_cast<unsigned>(node.parse_flags) & kCloned) != 0;
}

const GumboVector* children_of(const GumboNode& node) {
  if (node.type == GUMBO_NODE_DOCUMENT) return &node.v.document.children;
  if (node.type == GUMBO_NODE_ELEMENT) return &node.v.element.children;
  return nullptr;
}

bool is_text(const GumboNode& node) {
  return node.type == GUMBO_NODE_TEXT || node.type == GUMBO_NODE_CDATA ||
         node.type == GUMBO_NODE_WHITESPACE;
}

// A node being read: which of its children comes next, and what its text is for.
struct Open {
  const GumboVector* children;
  unsigned next = 0;
  bool is_anchor = false;
  bool is_title = false;
  bool is_unseen = false;  // its text is for no reader
};

class TreeWalk {
 public:
  explicit TreeWalk(ElementLinks& links) : links_(links) {}

  void walk(const GumboNode& document) {
    open_.push_back({.children = children_of(document)});
    while (!open_.empty()) {
      Open& top = open_.back();
      if (top.next == top.children->length) {
        leave(top);
        open_.pop_back();
      } else {
        visit(*static_cast<const GumboNode*>(top.children->data[top.next++]));
      }
    }
  }

 private:
  void visit(const GumboNode& node) {
    switch (node.type) {
      case GUMBO_NODE_ELEMENT:
        return enter(node);
      case GUMBO_NODE_TEXT:
      case GUMBO_NODE_CDATA:
      case GUMBO_NODE_WHITESPACE:
        return read_text(node.v.text.text);
      case GUMBO_NODE_DOCUMENT:
      case GUMBO_NODE_COMMENT:
      case GUMBO_NODE_TEMPLATE:
        return;
    }
  }

  void enter(const GumboNode& node) {
    const GumboElement& element = node.v.element;
    Open open{.children = children_of(node)};
    const Tag tag = tag_of(element);
    const Space space = space_of(element);
    const bool is_style = tag == Tag::style && space != Space::math;
    open.is_unseen = is_style || tag == Tag::script;
    open.is_title = tag == Tag::title && space == Space::html && links_.wants_title();
    if (!is_clone(node)) {
      read_attributes(element, tag, space);
      open.is_anchor = tag == Tag::a && space != Space::math;
      if (open.is_anchor) links_.open_anchor();
    }
    if (is_style) read_style(*open.children);
    open_.push_back(open);
  }

  // In SVG a comment may part the text (HTML §4.2.6: the child text content is the sheet).
  void read_style(const GumboVector& children) {
    text_.clear();
    for (unsigned i = 0; i < children.length; ++i) {
      const auto& child = *static_cast<const GumboNode*>(children.data[i]);
      if (is_text(child)) text_ += child.v.text.text;
    }
    links_.read_style(text_);
  }

  void read_attributes(const GumboElement& element, Tag tag, Space space) {
    element_.start(tag, space);
    for (unsigned i = 0; i < element.attributes.length; ++i) {
      const auto& attribute = *static_cast<const GumboAttribute*>(element.attributes.data[i]);
      add_attribute(element, attr_of(attribute), attribute);
    }
    links_.read(element_);
  }

  // From the source where that is at hand: gumbo's own value has U+FFFD for control
  // characters, and bytes that are not UTF-8 for "&#" with enough digits to overflow.
  void add_attribute(const GumboElement& element, Attr attr, const GumboAttribute& attribute) {
    if (attr == Attr::none) return;
    const std::optional<std::string_view> source = source_of(element, attribute);
    if (!source) return element_.add(attr, attribute.value);
    element_.add_source(attr, *source);
  }

  void read_text(const char* text) {
    const Open& parent = open_.back();
    if (parent.is_unseen) return;
    if (!parent.is_title && !links_.wants_anchor_text()) return;
    text_.clear();
    append_valid_utf8(text, text_);
    if (parent.is_title) links_.add_title(text_);
    if (links_.wants_anchor_text()) links_.add_anchor_text(text_);
  }

  void leave(const Open& open) {
    if (open.is_title) links_.end_title();
    if (open.is_anchor) links_.close_anchor();
  }

  ElementLinks& links_;
  Element element_;
  std::vector<Open> open_;
  std::string text_;  // of the node being read
};

}  // namespace

void walk_tree(const GumboNode& document, ElementLinks& links) { TreeWalk(links).walk(document); }

}  // namespace weft::page
