#include <algorithm>

#include "weft/base/text.hpp"
#include "weft/base/utf8.hpp"
#include "weft/get/names.hpp"
#include "weft/url/percent.hpp"

namespace weft {

namespace {

bool is_utf8(std::string_view text) {
  for (std::size_t at = 0; at < text.size();) {
    const Utf8Char next = utf8_at(text, at);
    if (!next.valid) return false;
    at += next.length;
  }
  return true;
}

std::string from_latin1(std::string_view text) {
  std::string utf8;
  for (const char c : text) {
    const auto code = static_cast<unsigned char>(c);
    if (code < 0x80) {
      utf8 += c;
    } else {
      utf8 += static_cast<char>(0xC0 | code >> 6);
      utf8 += static_cast<char>(0x80 | (code & 0x3F));
    }
  }
  return utf8;
}

// RFC 8187 §3.2.1: charset'language'value, each octet that is no attr-char encoded.
std::optional<std::string> read_ext_value(std::string_view text) {
  const std::size_t first = text.find('\'');
  if (first == std::string_view::npos) return std::nullopt;
  const std::size_t second = text.find('\'', first + 1);
  if (second == std::string_view::npos) return std::nullopt;
  const std::string_view charset = text.substr(0, first);
  const std::string_view value = text.substr(second + 1);
  for (std::size_t i = 0; i < value.size(); ++i) {
    if (value[i] == '%' && encoded_octet(value, i) < 0) return std::nullopt;
  }
  std::string decoded = percent_decode(value);
  if (equals_ignoring_case(charset, "iso-8859-1")) return from_latin1(decoded);
  if (!equals_ignoring_case(charset, "utf-8") || !is_utf8(decoded)) return std::nullopt;
  return decoded;
}

struct Parameter {
  std::string_view name;
  std::string value;
};

// RFC 6266 §4.1, read as browsers do: what is malformed is passed over up to the next ';'.
class Parameters {
 public:
  explicit Parameters(std::string_view text) : rest_(text) {
    // The disposition type; missing where a parameter stands in its place.
    const std::size_t end = std::min(rest_.find(';'), rest_.size());
    if (rest_.substr(0, end).find('=') == std::string_view::npos) rest_.remove_prefix(end);
  }

  std::optional<Parameter> next() {
    while (!rest_.empty()) {
      if (rest_.front() == ';') rest_.remove_prefix(1);
      const std::size_t end = std::min(rest_.find_first_of("=;"), rest_.size());
      const std::string_view name = trim(rest_.substr(0, end));
      rest_.remove_prefix(end);
      if (rest_.starts_with('=')) {
        rest_.remove_prefix(1);
        return Parameter{name, value()};
      }
    }
    return std::nullopt;
  }

 private:
  std::string value() {
    while (!rest_.empty() && is_ascii_space(rest_.front())) rest_.remove_prefix(1);
    if (!rest_.starts_with('"')) return std::string(trim(up_to_semicolon()));
    rest_.remove_prefix(1);
    std::string text;
    while (!rest_.empty() && rest_.front() != '"') {
      if (rest_.front() == '\\' && rest_.size() > 1) rest_.remove_prefix(1);
      text += rest_.front();
      rest_.remove_prefix(1);
    }
    up_to_semicolon();
    return text;
  }

  std::string_view up_to_semicolon() {
    const std::string_view text = rest_.substr(0, rest_.find(';'));
    rest_.remove_prefix(text.size());
    return text;
  }

  std::string_view rest_;
};

}  // namespace

std::optional<std::string> disposition_filename(std::string_view content_disposition) {
  std::optional<std::string> plain;
  std::optional<std::string> extended;
  Parameters parameters(content_disposition);
  while (auto parameter = parameters.next()) {
    if (!plain && equals_ignoring_case(parameter->name, "filename")) {
      plain = std::move(parameter->value);
    } else if (!extended && equals_ignoring_case(parameter->name, "filename*")) {
      extended = read_ext_value(parameter->value);
    }
  }
  if (plain && !is_utf8(*plain)) plain = from_latin1(*plain);
  std::string name = std::move(extended).value_or(std::move(plain).value_or(""));
  name.erase(0, name.find_last_of("/\\") + 1);
  if (name.empty()) return std::nullopt;
  return name;
}

}  // namespace weft
