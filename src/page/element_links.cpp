#include "page/element_links.hpp"

#include <array>
#include <iterator>

#include "page/folded_text.hpp"
#include "page/relation.hpp"
#include "page/tokens.hpp"

namespace weft::page {

namespace {

enum class Shape : std::uint8_t { url, srcset };

struct Rule {
  Tag tag;
  Attr attr;
  LinkKind kind;
  Shape shape = Shape::url;
};

// HTML elements whose attributes are links as they stand; in the order of Tag, so that
// an element's rules lie together. data-* are where pages keep what a script shows later.
constexpr Rule kRules[] = {
    {Tag::a, Attr::href, LinkKind::anchor},
    {Tag::area, Attr::href, LinkKind::area},
    {Tag::audio, Attr::src, LinkKind::media},
    {Tag::audio, Attr::data_src, LinkKind::media},
    {Tag::body, Attr::background, LinkKind::background},
    {Tag::embed, Attr::src, LinkKind::embed},
    {Tag::frame, Attr::src, LinkKind::frame},
    {Tag::iframe, Attr::src, LinkKind::iframe},
    {Tag::img, Attr::src, LinkKind::image},
    {Tag::img, Attr::srcset, LinkKind::image, Shape::srcset},
    {Tag::img, Attr::data_src, LinkKind::image},
    {Tag::img, Attr::data_srcset, LinkKind::image, Shape::srcset},
    {Tag::img, Attr::data_original, LinkKind::image},
    {Tag::img, Attr::data_lazy, LinkKind::image},
    {Tag::img, Attr::data_lazy_src, LinkKind::image},
    {Tag::img, Attr::data_lazy_srcset, LinkKind::image, Shape::srcset},
    {Tag::object, Attr::data, LinkKind::object},
    {Tag::script, Attr::src, LinkKind::script},
    {Tag::source, Attr::src, LinkKind::media},
    {Tag::source, Attr::srcset, LinkKind::image, Shape::srcset},
    {Tag::source, Attr::data_src, LinkKind::media},
    {Tag::source, Attr::data_srcset, LinkKind::image, Shape::srcset},
    {Tag::source, Attr::data_lazy_srcset, LinkKind::image, Shape::srcset},
    {Tag::table, Attr::background, LinkKind::background},
    {Tag::tbody, Attr::background, LinkKind::background},
    {Tag::td, Attr::background, LinkKind::background},
    {Tag::tfoot, Attr::background, LinkKind::background},
    {Tag::th, Attr::background, LinkKind::background},
    {Tag::thead, Attr::background, LinkKind::background},
    {Tag::tr, Attr::background, LinkKind::background},
    {Tag::track, Attr::src, LinkKind::track},
    {Tag::video, Attr::src, LinkKind::media},
    {Tag::video, Attr::data_src, LinkKind::media},
    {Tag::video, Attr::poster, LinkKind::poster},
};

// Where each tag's rules begin in kRules; those of `tag` end where those of the next do.
constexpr auto kFirstRule = [] {
  std::array<std::uint8_t, static_cast<std::size_t>(Tag::count) + 1> first{};
  std::size_t rule = 0;
  for (std::size_t tag = 0; tag < first.size(); ++tag) {
    while (rule < std::size(kRules) && static_cast<std::size_t>(kRules[rule].tag) < tag) ++rule;
    first[tag] = static_cast<std::uint8_t>(rule);
  }
  return first;
}();

}  // namespace

void ElementLinks::read(const Element& element) {
  read_anchor_.reset();
  if (!element.has_any()) return;
  nofollow_ = element.has(Attr::rel) && asks_nofollow(element.value(Attr::rel));
  if (element.space == Space::svg) {
    read_svg(element);
  } else if (element.space == Space::html) {
    if (element.tag == Tag::link) read_link(element);
    if (element.tag == Tag::meta) read_meta(element);
    if (element.tag == Tag::form) read_form(element);
    if (element.tag == Tag::base && element.has(Attr::href) && !page_.base) {
      page_.base = element.value(Attr::href);
    }
    read_by_table(element);
  }
  if (element.has(Attr::style)) read_css_links(element.value(Attr::style));
}

void ElementLinks::read_style(std::string_view css) {
  nofollow_ = false;
  read_css_links(css);
}

void ElementLinks::read_by_table(const Element& element) {
  if (element.tag == Tag::input) {
    if (!equals_ignoring_case(element.value(Attr::type), "image")) return;
    if (element.has(Attr::src)) read_url(LinkKind::image, element.value(Attr::src));
    return;
  }
  const auto tag = static_cast<std::size_t>(element.tag);
  for (std::size_t i = kFirstRule[tag]; i < kFirstRule[tag + 1]; ++i) {
    const Rule& rule = kRules[i];
    if (!element.has(rule.attr)) continue;
    if (rule.shape == Shape::url) {
      read_url(rule.kind, element.value(rule.attr));
    } else {
      read_srcset(rule.kind, element.value(rule.attr));
    }
  }
}

// SVG 2 §16.2: href counts before xlink:href. Gradients, patterns and the like refer
// only within their own document.
void ElementLinks::read_svg(const Element& element) {
  const Attr attr = element.has(Attr::href) ? Attr::href : Attr::xlink_href;
  if (!element.has(attr)) return;
  const std::string_view reference = element.value(attr);
  if (element.tag == Tag::a) read_url(LinkKind::anchor, reference);
  if (element.tag == Tag::script) read_url(LinkKind::script, reference);
  if (element.tag == Tag::image || element.tag == Tag::feimage || element.tag == Tag::use) {
    read_url(LinkKind::svg, reference);
  }
}

void ElementLinks::read_link(const Element& element) {
  const LinkKind kind = kind_of_relation(element.value(Attr::rel), element.value(Attr::type));
  // An empty href is no link here, unlike an anchor's (HTML §4.6.7.1).
  if (!trim(element.value(Attr::href)).empty()) read_url(kind, element.value(Attr::href));
  if (element.has(Attr::imagesrcset)) read_srcset(kind, element.value(Attr::imagesrcset));
}

void ElementLinks::read_meta(const Element& element) {
  const std::string_view content = element.value(Attr::content);
  const std::string_view name = trim(element.value(Attr::name));
  if (equals_ignoring_case(name, "robots") || equals_ignoring_case(name, options_.agent)) {
    const RobotsDirectives directives = parse_robots_directives(content);
    page_.meta_nofollow = page_.meta_nofollow || directives.nofollow;
    page_.meta_noindex = page_.meta_noindex || directives.noindex;
  }
  if (!equals_ignoring_case(element.value(Attr::http_equiv), "refresh")) return;
  const std::optional<Refresh> refresh = parse_refresh(content);
  if (refresh && refresh->url) read_url(LinkKind::refresh, *refresh->url);
}

// What a form sends by POST, or closes a dialog with, is no address anyone could open.
void ElementLinks::read_form(const Element& element) {
  const std::string_view method = element.value(Attr::method);
  if (equals_ignoring_case(method, "post") || equals_ignoring_case(method, "dialog")) return;
  if (element.has(Attr::action)) read_url(LinkKind::form, element.value(Attr::action));
}

void ElementLinks::read_url(LinkKind kind, std::string_view reference) {
  if (!wants(kind) || is_data_url(reference)) return;
  if (kind == LinkKind::anchor) read_anchor_ = page_.links.size();
  page_.links.add({.reference = reference, .kind = kind, .nofollow = nofollow_});
}

void ElementLinks::read_srcset(LinkKind kind, std::string_view srcset) {
  if (!wants(kind)) return;
  for (const std::string& url : parse_srcset(srcset)) read_url(kind, url);
}

void ElementLinks::read_css_links(std::string_view css) {
  if (!options_.requisites) return;
  const std::size_t first = page_.links.size();
  read_css(css, page_.links);
  // Unlike a style sheet in a file, one in the page resolves against the page's <base>.
  for (std::size_t i = first; i < page_.links.size(); ++i) page_.links.set_target_base(i, false);
}

void ElementLinks::open_anchor() {
  close_anchor();
  if (options_.anchor_text) anchor_ = read_anchor_;
  anchor_text_.clear();
}

void ElementLinks::close_anchor() {
  if (!anchor_) return;
  finish_folded(kMaxAnchorText, anchor_text_);
  page_.links.set_text(*anchor_, anchor_text_);
  anchor_.reset();
}

void ElementLinks::add_anchor_text(std::string_view text) {
  append_folded(text, kMaxAnchorText, anchor_text_);
}

void ElementLinks::add_title(std::string_view text) { append_folded(text, kMaxTitle, page_.title); }

void ElementLinks::end_title() {
  finish_folded(kMaxTitle, page_.title);
  has_title_ = true;
}

}  // namespace weft::page
