#include "page/sitemap_xml.hpp"

#include <expat.h>
#include <fmt/core.h>
#include <malloc.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <new>
#include <utility>

#include "page/http_url.hpp"
#include "weft/base/text.hpp"

namespace weft::page {

namespace {

// expat keeps every element and attribute name it has seen, at twenty times their size in
// the file: without a budget 50 MiB of invented names would take a gigabyte.
constexpr std::size_t kMemoryBudget = 64u << 20;
thread_local std::size_t memory_used = 0;

void* budget_realloc(void* old, std::size_t size) noexcept {
  const std::size_t had = old == nullptr ? 0 : ::malloc_usable_size(old);
  if (size > kMemoryBudget || memory_used - had + size > kMemoryBudget) return nullptr;
  void* memory = std::realloc(old, size);
  if (memory != nullptr) memory_used += ::malloc_usable_size(memory) - had;
  return memory;
}

void* budget_malloc(std::size_t size) noexcept { return budget_realloc(nullptr, size); }

void budget_free(void* memory) noexcept {
  memory_used -= memory == nullptr ? 0 : ::malloc_usable_size(memory);
  std::free(memory);
}

// Large enough for speed, small enough that one giant token, scanned again with every
// piece of it that arrives, costs little.
constexpr std::size_t kPiece = 1u << 20;

std::string_view attribute(const char** attributes, std::string_view name) {
  for (; *attributes != nullptr; attributes += 2) {
    if (attributes[0] == name) return attributes[1];
  }
  return {};
}

}  // namespace

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

struct ExpatCallbacks {
  static SitemapXml& reader(void* data) { return *static_cast<SitemapXml*>(data); }

  static void start(void* data, const char* name, const char** attributes) noexcept {
    reader(data).start_element(name, attributes);
  }
  static void end(void* data, const char*) noexcept { reader(data).end_element(); }
  static void text(void* data, const char* text, int size) noexcept {
    reader(data).add_text({text, static_cast<std::size_t>(size)});
  }
  static void entity(void* data, const char*, int is_parameter, const char*, int, const char*,
                     const char*, const char*, const char*) noexcept {
    if (is_parameter == 0) reader(data).stop("it declares entities, which are not expanded");
  }
  static void skipped_entity(void* data, const char*, int) noexcept {
    reader(data).has_entity_ = true;
  }
};

void SitemapXml::Free::operator()(XML_ParserStruct* parser) const noexcept {
  ::XML_ParserFree(parser);
}

SitemapXml::SitemapXml() {
  static constexpr XML_Memory_Handling_Suite kMemory{budget_malloc, budget_realloc, budget_free};
  parser_.reset(::XML_ParserCreate_MM("UTF-8", &kMemory, nullptr));
  if (!parser_) throw std::bad_alloc();
  ::XML_SetUserData(parser_.get(), this);
  ::XML_SetElementHandler(parser_.get(), ExpatCallbacks::start, ExpatCallbacks::end);
  ::XML_SetCharacterDataHandler(parser_.get(), ExpatCallbacks::text);
  ::XML_SetEntityDeclHandler(parser_.get(), ExpatCallbacks::entity);
  ::XML_SetSkippedEntityHandler(parser_.get(), ExpatCallbacks::skipped_entity);
}

void SitemapXml::feed(std::string_view text) {
  while (!text.empty() && !stopped()) {
    const std::string_view piece = text.substr(0, kPiece);
    parse(piece, false);
    text.remove_prefix(piece.size());
  }
}

void SitemapXml::finish() {
  if (!stopped()) parse({}, true);
  if (not_urls_ > 0) {
    note_damage(urls_, fmt::format("{} entries that are no http URLs of at most {} bytes",
                                   not_urls_, kSitemapMaxLoc));
  }
}

void SitemapXml::parse(std::string_view text, bool is_final) {
  const auto status =
      ::XML_Parse(parser_.get(), text.data(), static_cast<int>(text.size()), is_final ? 1 : 0);
  if (status != XML_STATUS_ERROR || stopped()) return;
  const XML_Error error = ::XML_GetErrorCode(parser_.get());
  state_ = error == XML_ERROR_NO_MEMORY ? State::stopped : State::malformed;
  note_damage(urls_, fmt::format("line {}: {}", ::XML_GetCurrentLineNumber(parser_.get()),
                                 ::XML_ErrorString(error)));
}

void SitemapXml::stop(std::string_view why) {
  if (stopped()) return;
  state_ = State::stopped;
  if (!why.empty()) note_damage(urls_, why);
  ::XML_StopParser(parser_.get(), XML_FALSE);
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

void SitemapXml::start_element(const char* name, const char** attributes) {
  if (stopped()) return;
  if (depth_ == kMaxDepth) return stop(fmt::format("elements nest over {} deep", kMaxDepth));
  ++depth_;
  if (depth_ == 1) return start_root(name);
  const Element element = element_of(name);
  path_[depth_ - 1] = element;
  if (text_depth_ == 0) start_text(element, attributes);
}

// Is this one of the elements whose text is a URL, or one that carries it in an attribute?
void SitemapXml::start_text(Element element, const char** attributes) {
  const Element around = parent();
  const auto in = [&](Element outer, Element inner) { return around == outer && element == inner; };
  bool wanted = false;
  switch (urls_.kind) {
    case SitemapKind::urlset:
      wanted = depth_ == 3 && in(Element::url, Element::loc);
      break;
    case SitemapKind::index:
      wanted = depth_ == 3 && in(Element::sitemap, Element::loc);
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
  text_depth_ = depth_;
  text_.clear();
  has_entity_ = false;
}

void SitemapXml::add_text(std::string_view text) {
  if (stopped() || text_depth_ == 0 || depth_ != text_depth_) return;
  if (text_.empty()) text.remove_prefix(std::min(text.find_first_not_of("\t\n\r "), text.size()));
  // What has no room is too long to count, unless it is the blanks after a URL.
  const std::size_t room = 2 * kSitemapMaxLoc - std::min(text_.size(), 2 * kSitemapMaxLoc);
  text_.append(text.substr(0, room));
}

void SitemapXml::end_element() {
  if (stopped()) return;
  if (depth_ == text_depth_) {
    add_entry();
    text_depth_ = 0;
  }
  --depth_;
}

void SitemapXml::add_entry() {
  const std::string_view url = trim(text_);
  const bool sitemap = urls_.kind == SitemapKind::urlset || urls_.kind == SitemapKind::index;
  const bool guid = depth_ > 0 && path_[depth_ - 1] == Element::guid;
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
