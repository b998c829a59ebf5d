#include "page/prescan.hpp"

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include "weft/base/text.hpp"
#include "weft/page/charset.hpp"

namespace weft::page {

namespace {

// A document that declares UTF-16 in bytes that could be read as ASCII is not in UTF-16.
std::string_view declared_encoding(std::string_view label) {
  const std::string_view encoding = encoding_of_label(label);
  return encoding.starts_with("utf-16") ? "utf-8" : encoding;
}

// "Extract a character encoding from a meta element" (HTML §2.5.3): the label in
// "text/html; charset=...", nothing where there is none.
std::optional<std::string_view> charset_in_content(std::string_view content) {
  static constexpr std::string_view kCharset = "charset";
  for (std::size_t i = 0; i + kCharset.size() <= content.size(); ++i) {
    if (!starts_with_ignoring_case(content.substr(i), kCharset)) continue;
    std::string_view rest = trim(content.substr(i + kCharset.size()));
    if (!rest.starts_with('=')) continue;
    rest = trim(rest.substr(1));
    if (rest.starts_with('"') || rest.starts_with('\'')) {
      const std::size_t end = rest.find(rest.front(), 1);
      if (end == std::string_view::npos) return std::nullopt;
      return rest.substr(1, end - 1);
    }
    return rest.substr(0, std::min(rest.find_first_of("\t\n\f\r ;"), rest.size()));
  }
  return std::nullopt;
}

struct Attribute {
  std::string name;
  std::string value;
};

class Prescan {
 public:
  explicit Prescan(std::string_view head) : rest_(head) {}

  std::string_view run() {
    while (!rest_.empty()) {
      if (rest_.starts_with("<!--")) {
        // "<!-->" is a comment too: the dashes may be shared.
        rest_.remove_prefix(2);
        if (!skip_past("-->")) return {};
      } else if (starts_meta()) {
        rest_.remove_prefix(5);
        const std::string_view encoding = read_meta();
        if (!encoding.empty()) return encoding;
      } else if (starts_tag()) {
        skip_to_any("\t\n\f\r >");
        while (next_attribute()) {
        }
      } else if (rest_.starts_with("<!") || rest_.starts_with("</") || rest_.starts_with("<?")) {
        if (!skip_past(">")) return {};
      } else {
        rest_.remove_prefix(1);
        skip_to_any("<");
      }
    }
    return {};
  }

 private:
  bool starts_meta() const {
    return rest_.size() > 5 && starts_with_ignoring_case(rest_, "<meta") &&
           (is_ascii_space(rest_[5]) || rest_[5] == '/');
  }

  bool starts_tag() const {
    const std::size_t name = rest_.starts_with("</") ? 2 : 1;
    return rest_.starts_with('<') && rest_.size() > name && is_ascii_alpha(rest_[name]);
  }

  bool skip_past(std::string_view text) {
    const std::size_t found = rest_.find(text);
    if (found == std::string_view::npos) return false;
    rest_.remove_prefix(found + text.size());
    return true;
  }

  void skip_to_any(std::string_view characters) {
    rest_.remove_prefix(std::min(rest_.find_first_of(characters), rest_.size()));
  }

  void skip_spaces() {
    while (!rest_.empty() && is_ascii_space(rest_.front())) rest_.remove_prefix(1);
  }

  // Takes what precedes any of `ends`, lower-cased; nothing where the bytes run out first.
  std::optional<std::string> take_until(std::string_view ends) {
    const std::size_t end = rest_.find_first_of(ends);
    const std::string_view taken = rest_.substr(0, end);
    rest_.remove_prefix(taken.size());
    if (end == std::string_view::npos) return std::nullopt;
    return to_lower(taken);
  }

  // "Get an attribute". Nothing at the end of the tag, or of the bytes.
  std::optional<Attribute> next_attribute() {
    while (!rest_.empty() && (is_ascii_space(rest_.front()) || rest_.front() == '/')) {
      rest_.remove_prefix(1);
    }
    if (rest_.empty() || rest_.front() == '>') return std::nullopt;
    Attribute attribute;
    if (rest_.front() == '=') {  // a name may begin with '='
      attribute.name = "=";
      rest_.remove_prefix(1);
    }
    auto name = take_until("\t\n\f\r />=");
    if (!name) return std::nullopt;
    attribute.name += *name;
    skip_spaces();
    if (!rest_.starts_with('=')) return rest_.empty() ? std::nullopt : std::optional(attribute);
    rest_.remove_prefix(1);
    skip_spaces();
    if (rest_.empty()) return std::nullopt;
    auto value = take_value();
    if (!value) return std::nullopt;
    attribute.value = std::move(*value);
    return attribute;
  }

  std::optional<std::string> take_value() {
    const char quote = rest_.front();
    if (quote != '"' && quote != '\'') return take_until("\t\n\f\r >");
    rest_.remove_prefix(1);
    auto value = take_until(std::string_view(&quote, 1));
    if (value) rest_.remove_prefix(1);
    return value;
  }

  std::string_view read_meta() {
    std::vector<std::string> seen;
    bool got_pragma = false;
    std::optional<bool> need_pragma;
    std::string_view charset;
    while (const auto attribute = next_attribute()) {
      if (std::find(seen.begin(), seen.end(), attribute->name) != seen.end()) continue;
      seen.push_back(attribute->name);
      if (attribute->name == "http-equiv") {
        got_pragma = attribute->value == "content-type";
      } else if (attribute->name == "charset") {
        charset = encoding_of_label(attribute->value);
        need_pragma = false;
      } else if (attribute->name == "content" && !need_pragma) {
        const auto label = charset_in_content(attribute->value);
        const auto encoding = label ? encoding_of_label(*label) : std::string_view();
        if (encoding.empty()) continue;
        charset = encoding;
        need_pragma = true;
      }
    }
    if (rest_.empty() || !need_pragma || (*need_pragma && !got_pragma)) return {};
    if (charset.starts_with("utf-16")) return "utf-8";
    return charset == "x-user-defined" ? "windows-1252" : charset;
  }

  std::string_view rest_;
};

}  // namespace

std::string_view xml_declared_encoding(std::string_view head) {
  using namespace std::string_view_literals;
  if (head.starts_with("<\0?\0x\0"sv)) return "utf-16le";
  if (head.starts_with("\0<\0?\0x"sv)) return "utf-16be";
  if (!head.starts_with("<?xml")) return {};
  head = head.substr(0, head.find('>'));
  const std::size_t at = head.find("encoding");
  if (at == std::string_view::npos) return {};
  const auto skip_spaces = [&] {
    while (!head.empty() && static_cast<unsigned char>(head.front()) <= ' ') head.remove_prefix(1);
  };
  head.remove_prefix(at + std::string_view("encoding").size());
  skip_spaces();
  if (!head.starts_with('=')) return {};
  head.remove_prefix(1);
  skip_spaces();
  if (!head.starts_with('"') && !head.starts_with('\'')) return {};
  const std::size_t end = head.find(head.front(), 1);
  if (end == std::string_view::npos) return {};
  const std::string_view label = head.substr(1, end - 1);
  const bool spaced =
      std::any_of(label.begin(), label.end(), [](unsigned char c) { return c <= ' '; });
  return spaced ? std::string_view() : declared_encoding(label);
}

std::string_view prescan(std::string_view head) {
  const std::string_view meta = Prescan(head).run();
  return meta.empty() ? xml_declared_encoding(head) : meta;
}

}  // namespace weft::page
