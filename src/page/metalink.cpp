#include "weft/page/metalink.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <deque>
#include <utility>

#include "page/xml_parser.hpp"
#include "weft/base/digits.hpp"
#include "weft/base/shown.hpp"
#include "weft/base/text.hpp"

namespace weft {

namespace page {

namespace {

constexpr std::string_view kMetalink4 = "urn:ietf:params:xml:ns:metalink|";
constexpr std::string_view kMetalink3 = "http://www.metalinker.org/|";

enum class Element : std::uint8_t {
  other,
  document,
  metalink4,
  metalink3,
  files,
  file,
  verification,
  resources,
  size,  // from here on what is within is text
  hash,
  url,
  metaurl,
  signature,
};

constexpr bool holds_text(Element element) { return element >= Element::size; }

// What means something, by what it stands in. A file's parts lie in it directly in Metalink 4,
// in groups in Metalink 3. Hashes of pieces are not the file's: <pieces> is not here.
struct Known {
  Element parent;
  std::string_view name;
  Element element;
};
constexpr Known kKnown4[] = {
    {Element::document, "metalink", Element::metalink4},
    {Element::metalink4, "file", Element::file},
    {Element::file, "size", Element::size},
    {Element::file, "hash", Element::hash},
    {Element::file, "url", Element::url},
    {Element::file, "metaurl", Element::metaurl},
    {Element::file, "signature", Element::signature},
};
constexpr Known kKnown3[] = {
    {Element::document, "metalink", Element::metalink3},
    {Element::metalink3, "files", Element::files},
    {Element::files, "file", Element::file},
    {Element::file, "size", Element::size},
    {Element::file, "verification", Element::verification},
    {Element::file, "resources", Element::resources},
    {Element::verification, "hash", Element::hash},
    {Element::verification, "signature", Element::signature},
    {Element::resources, "url", Element::url},
};

template <std::size_t N>
Element find(const Known (&known)[N], Element parent, std::string_view name) {
  for (const Known& row : known) {
    if (row.parent == parent && row.name == name) return row.element;
  }
  return Element::other;
}

// RFC 5854 §4.1.2.1: no path may lead out of the directory; nor may it be one, or be spelled in
// two ways. Control characters are in no name that is meant.
bool is_plain_path(std::string_view name) {
  const auto is_control = [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; };
  if (name.empty() || std::ranges::any_of(name, is_control)) return false;
  for (std::size_t begin = 0; begin <= name.size();) {
    const std::size_t end = std::min(name.find('/', begin), name.size());
    const std::string_view part = name.substr(begin, end - begin);
    if (part.empty() || part == "." || part == "..") return false;
    begin = end + 1;
  }
  return true;
}

}  // namespace

class MetalinkXml : public XmlParser {
 public:
  explicit MetalinkXml(std::uint64_t first_line)
      : XmlParser(nullptr, XmlNames::resolved, first_line) {}

  std::deque<MetalinkFile> complete;
  std::string error;

 private:
  // RFC 5854 §4.2.16: 1 is the highest priority, and what a URL has that does not say.
  static constexpr std::uint64_t kLowest = 999'999;
  static constexpr std::size_t kMaxText = 64 * 1024;  // the longest URL

  void start_element(std::string_view name, const char** attributes) override;
  void end_element() override;
  void add_text(std::string_view text) override;
  void skip_entity() override { damage("it holds an entity that is not expanded"); }
  void note(std::string_view why) override;

  Element element_of(std::string_view name) const;
  void start_file(const char** attributes);
  void start_url(const char** attributes);
  void end_file();
  void end_url();
  void end_hash();
  void end_size();
  void damage(std::string_view why) {
    if (file_.damage.empty()) file_.damage = why;
  }

  Element path_[kMaxDepth] = {};
  MetalinkFile file_;
  std::vector<std::uint64_t> priorities_;  // of file_.urls
  std::uint64_t priority_ = kLowest;       // of the URL it is in
  bool is_torrent_ = false;
  std::string hash_type_;
  std::string text_;
};

void MetalinkXml::note(std::string_view why) { error = why; }

Element MetalinkXml::element_of(std::string_view name) const {
  const Element parent = depth() == 1 ? Element::document : path_[depth() - 2];
  if (name.starts_with(kMetalink4)) {
    const bool fits = depth() == 1 || path_[0] == Element::metalink4;
    return fits ? find(kKnown4, parent, name.substr(kMetalink4.size())) : Element::other;
  }
  if (name.starts_with(kMetalink3)) {
    const bool fits = depth() == 1 || path_[0] == Element::metalink3;
    return fits ? find(kKnown3, parent, name.substr(kMetalink3.size())) : Element::other;
  }
  return Element::other;
}

void MetalinkXml::start_element(std::string_view name, const char** attributes) {
  const Element element = element_of(name);
  path_[depth() - 1] = element;
  if (depth() == 1 && element == Element::other) {
    return stop(fmt::format("its root element <{}> is not that of Metalink 4 or 3",
                            shown(name.substr(name.rfind('|') + 1))));
  }
  if (holds_text(element)) text_.clear();
  if (element == Element::file) start_file(attributes);
  if (element == Element::url) start_url(attributes);
  if (element == Element::hash) hash_type_ = attribute(attributes, "type");
  if (element == Element::metaurl) file_.has_metaurls = true;
  if (element == Element::signature) file_.has_signature = true;
}

void MetalinkXml::start_file(const char** attributes) {
  file_ = {.line = line(), .name = std::string(attribute(attributes, "name"))};
  priorities_.clear();
  if (file_.name.empty()) return damage("a file without a name");
  if (!is_plain_path(file_.name)) {
    damage(fmt::format("its name '{}' is no path below a directory", shown(file_.name)));
  }
}

void MetalinkXml::start_url(const char** attributes) {
  priority_ = kLowest;
  is_torrent_ = false;
  if (path_[0] == Element::metalink4) {
    const auto given = parse_digits(attribute(attributes, "priority"));
    if (given && *given > 0) priority_ = std::min(*given, kLowest);
    return;
  }
  // Metalink 3: 100 is preferred most.
  const auto preference = parse_digits(attribute(attributes, "preference"));
  if (preference) priority_ = 101 - std::min<std::uint64_t>(*preference, 100);
  const std::string_view type = attribute(attributes, "type");
  is_torrent_ = type == "bittorrent" || type == "torrent";
}

void MetalinkXml::add_text(std::string_view text) {
  if (depth() == 0 || !holds_text(path_[depth() - 1])) return;
  const std::size_t room = kMaxText + 1 - std::min(text_.size(), kMaxText + 1);
  text_.append(text.substr(0, room));
}

void MetalinkXml::end_element() {
  switch (path_[depth() - 1]) {
    case Element::file:
      return end_file();
    case Element::size:
      return end_size();
    case Element::hash:
      return end_hash();
    case Element::url:
      return end_url();
    case Element::other:
    case Element::document:
    case Element::metalink4:
    case Element::metalink3:
    case Element::files:
    case Element::verification:
    case Element::resources:
    case Element::metaurl:
    case Element::signature:
      return;
  }
}

void MetalinkXml::end_size() {
  file_.size = parse_digits(trim(text_));
  if (!file_.size) damage(fmt::format("its size '{}' is no number of bytes", shown(trim(text_))));
}

void MetalinkXml::end_hash() {
  constexpr std::size_t kMost = 32;  // there are not as many kinds
  if (file_.hashes.size() < kMost) file_.hashes.push_back({hash_type_, std::string(trim(text_))});
}

void MetalinkXml::end_url() {
  if (is_torrent_) {
    file_.has_metaurls = true;
    return;
  }
  const std::string_view url = trim(text_);
  if (url.empty()) return;
  if (file_.urls.size() == kMetalinkMaxUrls) {
    return damage(fmt::format("it has over {} URLs", kMetalinkMaxUrls));
  }
  // Before the first that is preferred less.
  const auto at = std::ranges::upper_bound(priorities_, priority_);
  file_.urls.emplace(file_.urls.begin() + (at - priorities_.begin()), url);
  priorities_.insert(at, priority_);
}

void MetalinkXml::end_file() { complete.push_back(std::move(file_)); }

}  // namespace page

MetalinkReader::MetalinkReader(std::uint64_t first_line)
    : xml_(std::make_unique<page::MetalinkXml>(first_line)) {}

MetalinkReader::~MetalinkReader() = default;

void MetalinkReader::feed(std::string_view bytes) { xml_->feed(bytes); }

void MetalinkReader::finish() { xml_->finish(); }

std::optional<MetalinkFile> MetalinkReader::take() {
  if (xml_->complete.empty()) return std::nullopt;
  MetalinkFile file = std::move(xml_->complete.front());
  xml_->complete.pop_front();
  return file;
}

const std::string& MetalinkReader::error() const { return xml_->error; }

}  // namespace weft
