// The URLs of sitemaps and feeds in XML, read piece by piece with bounded memory.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "page/xml_parser.hpp"
#include "weft/page/sitemap.hpp"

namespace weft::page {

// Adds to what is known to be wrong.
void note_damage(SitemapUrls& urls, std::string_view what);

// Appends `url`, trimmed, unless it is longer or there are more of them than the protocol
// allows. False: there is no room for any more.
bool add_url(SitemapUrls& urls, std::string_view url);

// Reads UTF-8, and stops by itself where nothing more is to be had: at a root element of
// another kind, the limit of URLs.
class SitemapXml : public XmlParser {
 public:
  SitemapXml() : XmlParser("UTF-8", XmlNames::as_written) {}

  void finish();
  SitemapUrls& urls() { return urls_; }

 private:
  enum class Element : std::uint8_t {
    other,
    urlset,
    url,
    loc,
    sitemapindex,
    sitemap,
    rss,
    rdf,
    channel,
    item,
    link,
    guid,
    feed,
    entry
  };

  void start_element(std::string_view name, const char** attributes) override;
  void end_element() override;
  void add_text(std::string_view text) override;
  void skip_entity() override { has_entity_ = true; }
  void note(std::string_view damage) override { note_damage(urls_, damage); }

  void start_root(std::string_view name);
  void start_text(Element element, const char** attributes);
  void add_entry();
  Element element_of(std::string_view name) const;
  Element parent() const { return depth() < 2 ? Element::other : path_[depth() - 2]; }

  SitemapUrls urls_;
  std::size_t not_urls_ = 0;
  std::string prefix_;  // of the elements that count: "s:" in <s:urlset>

  Element path_[kMaxDepth] = {};  // the open elements
  // The element whose text is being collected stands at this depth; 0: none.
  std::size_t text_depth_ = 0;
  std::string text_;
  bool has_entity_ = false;  // one that was not expanded: the text is not what was meant
};

}  // namespace weft::page
