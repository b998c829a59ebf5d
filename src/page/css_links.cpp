// CSS Syntax 3 §4.3, as far as it takes to know where a url() and a string begin and
// end: comments, strings, escapes, names.
#include <algorithm>

#include "page/tokens.hpp"
#include "page/utf8_text.hpp"
#include "page/valid_utf8.hpp"
#include "weft/page/links.hpp"

namespace weft {

namespace {

using page::take;

bool is_newline(char c) { return c == '\n' || c == '\r' || c == '\f'; }

bool is_name_char(char c) {
  return is_ascii_alpha(c) || is_ascii_digit(c) || c == '_' || c == '-' ||
         static_cast<unsigned char>(c) >= 0x80;
}

// §4.2 "non-printable code point": not allowed in a url() without quotes.
bool is_non_printable(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return (byte >= 0x01 && byte <= 0x08) || byte == 0x0B || (byte >= 0x0E && byte <= 0x1F) ||
         byte == 0x7F;
}

class CssReader {
 public:
  CssReader(std::string_view css, LinkList& links) : rest_(css), links_(links) {}

  void read() {
    while (!rest_.empty()) read_token();
  }

 private:
  void read_token();
  void read_at_keyword();
  void read_name();
  void read_url();
  bool take_comment();
  bool take_string(std::string& text);
  bool take_unquoted_url(std::string& url);
  void take_bad_url();
  bool starts_escape() const {
    return rest_.size() > 1 && rest_[0] == '\\' && !is_newline(rest_[1]);
  }
  void take_escape(std::string& out);
  std::string take_name();
  void take_char(std::string& out);
  void add(std::string_view url);

  std::string_view rest_;
  LinkList& links_;
  std::string text_;           // of the string or url being read
  std::string reference_;      // the same as valid UTF-8
  bool in_import_ = false;     // between @import and its URL
  bool in_namespace_ = false;  // until the ';': its URL is a name, not a place
};

void CssReader::read_token() {
  const char c = rest_.front();
  if (is_ascii_space(c)) return page::skip_space(rest_);
  if (take_comment()) return;
  if (c == '"' || c == '\'') {
    if (take_string(text_) && in_import_) add(text_);
    in_import_ = false;
    return;
  }
  if (is_name_char(c) || starts_escape()) return read_name();
  rest_.remove_prefix(1);
  in_import_ = false;
  if (c == '@') return read_at_keyword();
  if (c == '#') take_name();
  if (c == ';') in_namespace_ = false;
}

void CssReader::read_at_keyword() {
  const std::string name = take_name();
  in_import_ = equals_ignoring_case(name, "import");
  in_namespace_ = equals_ignoring_case(name, "namespace");
}

// An identifier, a number with its unit, or the name of a function.
void CssReader::read_name() {
  const bool is_number = is_ascii_digit(rest_.front());
  const std::string name = take_name();
  if (!is_number && equals_ignoring_case(name, "url") && take(rest_, '(')) read_url();
  in_import_ = false;
}

void CssReader::read_url() {
  page::skip_space(rest_);
  const bool quoted = !rest_.empty() && (rest_.front() == '"' || rest_.front() == '\'');
  if (quoted ? take_string(text_) : take_unquoted_url(text_)) add(text_);
}

bool CssReader::take_comment() {
  if (rest_.substr(0, 2) != "/*") return false;
  const std::size_t end = rest_.find("*/", 2);
  rest_.remove_prefix(end == std::string_view::npos ? rest_.size() : end + 2);
  return true;
}

// §4.3.5. False at a line's end, where a string may not stand.
bool CssReader::take_string(std::string& text) {
  text.clear();
  const char quote = rest_.front();
  rest_.remove_prefix(1);
  while (!rest_.empty()) {
    if (take(rest_, quote)) return true;
    if (is_newline(rest_.front())) return false;
    if (starts_escape()) {
      take_escape(text);
    } else if (take(rest_, '\\')) {  // the line goes on in the next
      if (!take(rest_, '\r'))
        rest_.remove_prefix(std::min<std::size_t>(1, rest_.size()));
      else
        take(rest_, '\n');
    } else {
      take_char(text);
    }
  }
  return true;
}

// §4.3.6
bool CssReader::take_unquoted_url(std::string& url) {
  url.clear();
  while (!rest_.empty()) {
    const char c = rest_.front();
    if (take(rest_, ')')) return true;
    if (is_ascii_space(c)) {
      page::skip_space(rest_);
      if (rest_.empty() || take(rest_, ')')) return true;
      break;
    }
    if (starts_escape()) {
      take_escape(url);
    } else if (c == '"' || c == '\'' || c == '(' || c == '\\' || is_non_printable(c)) {
      break;
    } else {
      take_char(url);
    }
  }
  if (rest_.empty()) return true;
  take_bad_url();
  return false;
}

void CssReader::take_bad_url() {
  while (!rest_.empty() && !take(rest_, ')')) {
    if (starts_escape()) rest_.remove_prefix(1);
    rest_.remove_prefix(1);
  }
}

// §4.3.7
void CssReader::take_escape(std::string& out) {
  rest_.remove_prefix(1);
  char32_t c = 0;
  std::size_t digits = 0;
  while (digits < 6 && digits < rest_.size() && hex_value(rest_[digits]) >= 0) {
    c = c * 16 + static_cast<char32_t>(hex_value(rest_[digits++]));
  }
  if (digits == 0) return take_char(out);
  rest_.remove_prefix(digits);
  if (!rest_.empty() && is_ascii_space(rest_.front())) {
    const bool carriage_return = take(rest_, '\r');
    if (!carriage_return || (!rest_.empty() && rest_.front() == '\n')) rest_.remove_prefix(1);
  }
  const bool surrogate = c >= 0xD800 && c <= 0xDFFF;
  page::append_utf8(c == 0 || surrogate || c > 0x10FFFF ? kReplacement : c, out);
}

std::string CssReader::take_name() {
  std::string name;
  while (!rest_.empty()) {
    if (starts_escape()) {
      take_escape(name);
    } else if (is_name_char(rest_.front())) {
      take_char(name);
    } else {
      break;
    }
  }
  return name;
}

void CssReader::take_char(std::string& out) {
  if (rest_.front() == '\0') {
    page::append_utf8(kReplacement, out);
  } else {
    out.push_back(rest_.front());
  }
  rest_.remove_prefix(1);
}

void CssReader::add(std::string_view url) {
  const std::string_view trimmed = trim(url);
  // "#id" is a part of the document the style applies to.
  if (trimmed.empty() || trimmed.front() == '#' || in_namespace_ || page::is_data_url(url)) return;
  reference_.clear();
  page::append_valid_utf8(url, reference_);
  links_.add({.reference = reference_,
              .kind = in_import_ ? LinkKind::css_import : LinkKind::css_image,
              .is_target_base = true});
}

}  // namespace

void read_css(std::string_view css, LinkList& links) { CssReader(css, links).read(); }

}  // namespace weft
