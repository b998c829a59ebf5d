// The URLs of sitemaps and feeds in XML, read piece by piece with bounded memory.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "weft/page/sitemap.hpp"

struct XML_ParserStruct;

namespace weft::page {

// Adds to what is known to be wrong.
void note_damage(SitemapUrls& urls, std::string_view what);

// Appends `url`, trimmed, unless it is longer or there are more of them than the protocol
// allows. False: there is no room for any more.
bool add_url(SitemapUrls& urls, std::string_view url);

// Reads UTF-8, and stops by itself where nothing more is to be had: at a root element of
// another kind, a declared entity, the limit of URLs, a nesting nobody means.
class SitemapXml {
 public:
  SitemapXml();
  SitemapXml(const SitemapXml&) = delete;
  SitemapXml& operator=(const SitemapXml&) = delete;

  void feed(std::string_view text);
  void finish();

  bool stopped() const { return state_ != State::reading; }
  bool malformed() const { return state_ == State::malformed; }  // not XML; mending may help
  SitemapUrls& urls() { return urls_; }

 private:
  enum class State : std::uint8_t { reading, stopped, malformed };
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
  static constexpr std::size_t kMaxDepth = 256;

  struct Free {
    void operator()(XML_ParserStruct* parser) const noexcept;
  };
  friend struct ExpatCallbacks;

  void parse(std::string_view text, bool is_final);
  void stop(std::string_view why);
  void start_element(const char* name, const char** attributes);
  void end_element();
  void start_root(std::string_view name);
  void start_text(Element element, const char** attributes);
  void add_text(std::string_view text);
  void add_entry();
  Element element_of(std::string_view name) const;
  Element parent() const { return depth_ < 2 ? Element::other : path_[depth_ - 2]; }

  std::unique_ptr<XML_ParserStruct, Free> parser_;
  State state_ = State::reading;
  SitemapUrls urls_;
  std::size_t not_urls_ = 0;
  std::string prefix_;  // of the elements that count: "s:" in <s:urlset>

  Element path_[kMaxDepth] = {};  // the open elements
  std::size_t depth_ = 0;
  // The element whose text is being collected stands at this depth; 0: none.
  std::size_t text_depth_ = 0;
  std::string text_;
  bool has_entity_ = false;  // one that was not expanded: the text is not what was meant
};

}  // namespace weft::page
