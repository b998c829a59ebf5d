#include "page/element.hpp"

#include <bit>
#include <cstring>
#include <span>
#include <type_traits>

#include "page/char_refs.hpp"
#include "weft/base/text.hpp"

namespace weft::page {

namespace {

struct Name {
  std::string_view text;  // lower case
  std::uint8_t id = 0;
};

std::uint64_t load(const char* from, std::size_t bytes) {
  std::uint64_t number = 0;
  std::memcpy(&number, from, bytes);
  return number;
}

// The first eight bytes, the first lowest. Overlapping loads take the place of a loop.
constexpr std::uint64_t first_bytes(std::string_view name) {
  const std::size_t size = name.size() < 8 ? name.size() : 8;
  if (std::is_constant_evaluated() || std::endian::native != std::endian::little) {
    std::uint64_t key = 0;
    for (std::size_t i = 0; i < size; ++i) {
      key |= std::uint64_t{static_cast<unsigned char>(name[i])} << (8 * i);
    }
    return key;
  }
  const char* const at = name.data();
  if (size == 8) return load(at, 8);
  if (size >= 4) return load(at, 4) | load(at + size - 4, 4) << (8 * (size - 4));
  if (size >= 2) return load(at, 2) | load(at + size - 2, 2) << (8 * (size - 2));
  return size == 0 ? 0 : static_cast<unsigned char>(*at);
}

// A name's first eight bytes in lower case, as one number. Most names are no longer.
constexpr std::uint64_t key_of(std::string_view name) {
  const std::uint64_t key = first_bytes(name);
  // 0x80 in each byte that is A to Z; a quarter of that is the bit it lacks in lower case.
  constexpr std::uint64_t kEach = 0x0101010101010101;
  const std::uint64_t low = key & (kEach * 0x7F);
  const std::uint64_t from_a = low + kEach * (0x80 - 'A');
  const std::uint64_t past_z = low + kEach * (0x7F - 'Z');
  return key | ((from_a & ~past_z & ~key & (kEach * 0x80)) >> 2);
}

// Open addressing, filled by the compiler: one probe tells most names apart.
template <std::size_t kSlots>
class NameTable {
 public:
  explicit constexpr NameTable(std::span<const Name> names) {
    for (const Name& name : names) {
      const std::uint64_t key = key_of(name.text);
      std::size_t slot = slot_of(key);
      while (slots_[slot].key != 0) slot = (slot + 1) % kSlots;
      slots_[slot] = {.key = key, .name = name};
    }
  }

  std::uint8_t find(std::string_view name) const {
    const std::uint64_t key = key_of(name);
    for (std::size_t slot = slot_of(key); slots_[slot].key != 0; slot = (slot + 1) % kSlots) {
      const Slot& found = slots_[slot];
      if (found.key != key || found.name.text.size() != name.size()) continue;
      if (name.size() <= 8 || equals_ignoring_case(found.name.text, name)) return found.name.id;
    }
    return 0;
  }

 private:
  struct Slot {
    std::uint64_t key = 0;
    Name name{};
  };

  static constexpr std::size_t slot_of(std::uint64_t key) {
    return (key * 0x9E3779B97F4A7C15u >> 32) % kSlots;
  }

  std::array<Slot, kSlots> slots_{};
};

constexpr Name tag(std::string_view text, Tag id) { return {text, static_cast<std::uint8_t>(id)}; }
constexpr Name attr(std::string_view text, Attr id) {
  return {text, static_cast<std::uint8_t>(id)};
}

constexpr Name kTagNames[] = {
    tag("a", Tag::a),
    tag("abbr", Tag::phrase),
    tag("acronym", Tag::phrase),
    tag("address", Tag::block),
    tag("annotation-xml", Tag::annotation_xml),
    tag("applet", Tag::applet),
    tag("area", Tag::area),
    tag("article", Tag::block),
    tag("aside", Tag::block),
    tag("audio", Tag::audio),
    tag("b", Tag::b),
    tag("base", Tag::base),
    tag("bdi", Tag::phrase),
    tag("bdo", Tag::phrase),
    tag("big", Tag::big),
    tag("blockquote", Tag::block),
    tag("body", Tag::body),
    tag("br", Tag::void_),
    tag("button", Tag::button),
    tag("caption", Tag::caption),
    tag("center", Tag::block),
    tag("cite", Tag::phrase),
    tag("code", Tag::code),
    tag("col", Tag::col),
    tag("colgroup", Tag::colgroup),
    tag("del", Tag::phrase),
    tag("desc", Tag::desc),
    tag("details", Tag::block),
    tag("dfn", Tag::phrase),
    tag("dir", Tag::block),
    tag("div", Tag::block),
    tag("dl", Tag::block),
    tag("em", Tag::em),
    tag("embed", Tag::embed),
    tag("feimage", Tag::feimage),
    tag("fieldset", Tag::block),
    tag("figcaption", Tag::block),
    tag("figure", Tag::block),
    tag("font", Tag::font),
    tag("footer", Tag::block),
    tag("foreignobject", Tag::foreignobject),
    tag("form", Tag::form),
    tag("frame", Tag::frame),
    tag("frameset", Tag::frameset),
    tag("h1", Tag::block),
    tag("h2", Tag::block),
    tag("h3", Tag::block),
    tag("h4", Tag::block),
    tag("h5", Tag::block),
    tag("h6", Tag::block),
    tag("head", Tag::head),
    tag("header", Tag::block),
    tag("hgroup", Tag::block),
    tag("html", Tag::html),
    tag("i", Tag::i),
    tag("iframe", Tag::iframe),
    tag("image", Tag::image),
    tag("img", Tag::img),
    tag("input", Tag::input),
    tag("ins", Tag::phrase),
    tag("isindex", Tag::isindex),
    tag("kbd", Tag::phrase),
    tag("label", Tag::phrase),
    tag("link", Tag::link),
    tag("mark", Tag::phrase),
    tag("marquee", Tag::marquee),
    tag("math", Tag::math),
    tag("menu", Tag::block),
    tag("meta", Tag::meta),
    tag("mi", Tag::mi),
    tag("mn", Tag::mn),
    tag("mo", Tag::mo),
    tag("ms", Tag::ms),
    tag("mtext", Tag::mtext),
    tag("nav", Tag::block),
    tag("nobr", Tag::nobr),
    tag("noembed", Tag::noembed),
    tag("noframes", Tag::noframes),
    tag("noscript", Tag::noscript),
    tag("object", Tag::object),
    tag("ol", Tag::block),
    tag("optgroup", Tag::optgroup),
    tag("option", Tag::option),
    tag("p", Tag::p),
    tag("param", Tag::void_),
    tag("picture", Tag::phrase),
    tag("plaintext", Tag::plaintext),
    tag("q", Tag::phrase),
    tag("s", Tag::s),
    tag("samp", Tag::phrase),
    tag("script", Tag::script),
    tag("section", Tag::block),
    tag("select", Tag::select),
    tag("small", Tag::small),
    tag("source", Tag::source),
    tag("span", Tag::phrase),
    tag("strike", Tag::strike),
    tag("strong", Tag::strong),
    tag("style", Tag::style),
    tag("sub", Tag::phrase),
    tag("summary", Tag::block),
    tag("sup", Tag::phrase),
    tag("svg", Tag::svg),
    tag("table", Tag::table),
    tag("tbody", Tag::tbody),
    tag("td", Tag::td),
    tag("template", Tag::template_),
    tag("textarea", Tag::textarea),
    tag("tfoot", Tag::tfoot),
    tag("th", Tag::th),
    tag("thead", Tag::thead),
    tag("time", Tag::phrase),
    tag("title", Tag::title),
    tag("tr", Tag::tr),
    tag("track", Tag::track),
    tag("tt", Tag::tt),
    tag("u", Tag::u),
    tag("ul", Tag::block),
    tag("use", Tag::use),
    tag("var", Tag::phrase),
    tag("video", Tag::video),
    tag("wbr", Tag::void_),
    tag("xmp", Tag::xmp),
};

constexpr Name kAttrNames[] = {
    attr("action", Attr::action),
    attr("background", Attr::background),
    attr("content", Attr::content),
    attr("data", Attr::data),
    attr("data-lazy", Attr::data_lazy),
    attr("data-lazy-src", Attr::data_lazy_src),
    attr("data-lazy-srcset", Attr::data_lazy_srcset),
    attr("data-original", Attr::data_original),
    attr("data-src", Attr::data_src),
    attr("data-srcset", Attr::data_srcset),
    attr("href", Attr::href),
    attr("http-equiv", Attr::http_equiv),
    attr("imagesrcset", Attr::imagesrcset),
    attr("method", Attr::method),
    attr("name", Attr::name),
    attr("poster", Attr::poster),
    attr("rel", Attr::rel),
    attr("src", Attr::src),
    attr("srcset", Attr::srcset),
    attr("style", Attr::style),
    attr("type", Attr::type),
    attr("xlink:href", Attr::xlink_href),
};

constexpr NameTable<512> kTags(kTagNames);
constexpr NameTable<256> kAttributes(kAttrNames);

}  // namespace

Tag tag_of(std::string_view name) { return static_cast<Tag>(kTags.find(name)); }
Attr attr_of(std::string_view name) { return static_cast<Attr>(kAttributes.find(name)); }

void Element::start(Tag the_tag, Space the_space) {
  tag = the_tag;
  space = the_space;
  present_ = 0;
}

void Element::add(Attr attr, std::string_view value) {
  if (attr == Attr::none || has(attr)) return;
  present_ |= 1u << index(attr);
  values_[index(attr)] = value;
}

void Element::add_source(Attr attr, std::string_view source) {
  if (attr == Attr::none || has(attr)) return;
  if (!needs_decoding(source)) return add(attr, source);
  std::string& decoded = decoded_[index(attr)];
  decoded.clear();
  decode(source, RefContext::attribute, decoded);
  add(attr, decoded);
}

}  // namespace weft::page
