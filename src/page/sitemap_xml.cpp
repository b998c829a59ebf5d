#include "page/sitemap_xml.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <utility>

#include "page/http_url.hpp"
#include "weft/base/text.hpp"

namespace weft::page {

void note_damage(SitemapUrls& urls, std::string_view what) {
  if (!urls.damage.empty()) urls.damage += "; ";
  urls.damage += what;
}

bool add_url(SitemapUrls& urls, std::string_view url) {
  url = trim(url);
  if (url.empty()) return true;
  if (urls.urls.size() == kSitemapMaxUrls) {
    note_damage(urls, fmt::format("more than {} URLs: the rest was left out", kSitemapMaxUrls));
    return false;
  }
  urls.urls.emplace_back(url);
  return true;
}

void SitemapXml::finish() {
  XmlParser::finish();
  if (not_urls_ > 0) {
    note_damage(urls_, fmt::format("{} entries that are no http URLs of at most {} bytes",
                                   not_urls_, kSitemapMaxLoc));
  }
}

SitemapXml::Element SitemapXml::element_of(std::string_view name) const {
  static constexpr std::pair<std::string_view, Element> kNames[] = {
      {"loc", Element::loc},         {"url", Element::url},         {"item", Element::item},
      {"link", Element::link},       {"guid", Element::guid},       {"entry", Element::entry},
      {"sitemap", Element::sitemap}, {"channel", Element::channel},
  };
  if (!name.starts_with(prefix_)) return Element::other;
  name.remove_prefix(prefix_.size());
  for (const auto& [known, element] : kNames) {
    if (name == known) return element;
  }
  return Element::other;
}

void SitemapXml::start_root(std::string_view name) {
  static constexpr std::pair<std::string_view, std::pair<Element, SitemapKind>> kRoots[] = {
      {"urlset", {Element::urlset, SitemapKind::urlset}},
      {"sitemapindex", {Element::sitemapindex, SitemapKind::index}},
      {"rss", {Element::rss, SitemapKind::rss}},
      {"RDF", {Element::rdf, SitemapKind::rss}},
      {"feed", {Element::feed, SitemapKind::atom}},
      {"entry", {Element::entry, SitemapKind::atom}},
  };
  const std::size_t local = name.find(':') + 1;  // 0 where there is no prefix
  for (const auto& [known, root] : kRoots) {
    if (name.substr(local) != known) continue;
    path_[0] = root.first;
    urls_.kind = root.second;
    // RSS 1.0 is a prefixed rdf:RDF around elements without a prefix.
    if (root.first != Element::rdf) prefix_ = name.substr(0, local);
    return;
  }
  stop(fmt::format("its root element is <{}>", name.substr(0, 40)));
}

void SitemapXml::start_element(std::string_view name, const char** attributes) {
  if (depth() == 1) return start_root(name);
  const Element element = element_of(name);
  path_[depth() - 1] = element;
  if (text_depth_ == 0) start_text(element, attributes);
}

// Is this one of the elements whose text is a URL, or one that carries it in an attribute?
void SitemapXml::start_text(Element element, const char** attributes) {
  const Element around = parent();
  const auto in = [&](Element outer, Element inner) { return around == outer && element == inner; };
  bool wanted = false;
  switch (urls_.kind) {
    case SitemapKind::urlset:
      wanted = depth() == 3 && in(Element::url, Element::loc);
      break;
    case SitemapKind::index:
      wanted = depth() == 3 && in(Element::sitemap, Element::loc);
      break;
    case SitemapKind::rss:
      wanted = in(Element::item, Element::link) || in(Element::channel, Element::link) ||
               (in(Element::item, Element::guid) &&
                !equals_ignoring_case(attribute(attributes, "isPermaLink"), "false"));
      break;
    case SitemapKind::atom:
      if (in(Element::feed, Element::link) || in(Element::entry, Element::link)) {
        const std::string_view rel = attribute(attributes, "rel");
        if (!rel.empty() && !equals_ignoring_case(trim(rel), "alternate")) return;
        text_ = attribute(attributes, "href");
        has_entity_ = false;
        add_entry();
      }
      return;
    case SitemapKind::text:
    case SitemapKind::none:
      return;
  }
  if (!wanted) return;
  text_depth_ = depth();
  text_.clear();
  has_entity_ = false;
}

void SitemapXml::add_text(std::string_view text) {
  if (text_depth_ == 0 || depth() != text_depth_) return;
  if (text_.empty()) text.remove_prefix(std::min(text.find_first_not_of("\t\n\r "), text.size()));
  // What has no room is too long to count, unless it is the blanks after a URL.
  const std::size_t room = 2 * kSitemapMaxLoc - std::min(text_.size(), 2 * kSitemapMaxLoc);
  text_.append(text.substr(0, room));
}

void SitemapXml::end_element() {
  if (depth() != text_depth_) return;
  add_entry();
  text_depth_ = 0;
}

void SitemapXml::add_entry() {
  const std::string_view url = trim(text_);
  const bool sitemap = urls_.kind == SitemapKind::urlset || urls_.kind == SitemapKind::index;
  const bool guid = depth() > 0 && path_[depth() - 1] == Element::guid;
  // A guid is a URL only where it looks like one, and often repeats the item's link.
  if (guid && (!is_http_url(url) || (!urls_.urls.empty() && urls_.urls.back() == url))) return;
  if (url.size() > kSitemapMaxLoc || has_entity_ ||
      (sitemap && !url.empty() && !is_http_url(url))) {
    ++not_urls_;
    return;
  }
  if (!add_url(urls_, url)) stop({});
}

}  // namespace weft::page
