#include "page/html_tokens.hpp"

#include <algorithm>

#include "weft/base/text.hpp"

namespace weft::page {

namespace {

// A set of characters that can be asked for one without a branch.
class CharSet {
 public:
  explicit constexpr CharSet(std::string_view chars) {
    for (const char c : chars) has_[static_cast<unsigned char>(c)] = true;
  }
  constexpr bool has(char c) const { return has_[static_cast<unsigned char>(c)]; }

 private:
  std::array<bool, 256> has_{};
};

constexpr CharSet kSpace(" \t\n\f\r");
constexpr CharSet kEndOfName(" \t\n\f\r/>");
constexpr CharSet kEndOfAttribute(" \t\n\f\r/>=");
constexpr CharSet kEndOfValue(" \t\n\f\r>");

}  // namespace

Token HtmlTokens::next(Element& element) {
  while (at_ < html_.size()) {
    if (html_[at_] != '<') return take_text(std::min(html_.find('<', at_), html_.size()));
    const Token token = read_markup(element);
    if (token != Token::end) return token;
  }
  return Token::end;
}

Token HtmlTokens::take_text(std::size_t end) {
  text_ = html_.substr(at_, end - at_);
  at_ = end;
  return Token::text;
}

// At a '<'. Token::end: passed over something that is no token of ours.
Token HtmlTokens::read_markup(Element& element) {
  const char c = at(at_ + 1);
  if (is_ascii_alpha(c)) {
    at_ += 1;
    return read_tag(&element) ? Token::start_tag : Token::end;
  }
  if (c == '/' && is_ascii_alpha(at(at_ + 2))) {
    at_ += 2;
    return read_tag(nullptr) ? Token::end_tag : Token::end;
  }
  if (c == '!' && foreign_ && html_.substr(at_, 9) == "<![CDATA[") {
    at_ += 9;
    const std::size_t end = std::min(html_.find("]]>", at_), html_.size());
    take_text(end);
    at_ = std::min(end + 3, html_.size());
    return Token::cdata;
  }
  const bool closes_nothing = c == '/' && at_ + 2 < html_.size();
  nameless_end_tag_ = nameless_end_tag_ || (closes_nothing && html_[at_ + 2] == '>');
  if (c == '!' || c == '?' || closes_nothing) {
    skip_declaration();
    return Token::end;
  }
  return take_text(std::min(html_.find('<', at_ + 1), html_.size()));
}

// At a tag's name. False where the page ends first.
bool HtmlTokens::read_tag(Element* element) {
  const std::size_t begin = at_;
  while (at_ < html_.size() && !kEndOfName.has(html_[at_])) ++at_;
  name_ = html_.substr(begin, at_ - begin);
  tag_ = tag_of(name_);
  self_closing_ = false;
  attribute_count_ = 0;
  if (element != nullptr) element->start(tag_, Space::html);
  while (at_ < html_.size()) {
    const char c = html_[at_];
    if (c == '>') {
      ++at_;
      return true;
    }
    if (c == '/') {
      self_closing_ = at(at_ + 1) == '>';
      ++at_;
    } else if (kSpace.has(c)) {
      ++at_;
    } else {
      read_attribute(element);
    }
  }
  cut_off_ = true;
  return false;
}

// §13.2.5.33-39. A '=' at its beginning is part of a name.
void HtmlTokens::read_attribute(Element* element) {
  const std::size_t begin = at_++;
  while (at_ < html_.size() && !kEndOfAttribute.has(html_[at_])) ++at_;
  const std::string_view attribute = html_.substr(begin, at_ - begin);
  std::size_t next = at_;
  while (kSpace.has(at(next))) ++next;
  std::string_view value;
  if (at(next) == '=') {
    at_ = next + 1;
    value = take_attribute_value();
  } else {
    note_flag(attribute);
  }
  if (attribute_count_ < attributes_.size()) attributes_[attribute_count_] = attribute;
  ++attribute_count_;
  if (element != nullptr) element->add_source(attr_of(attribute), value);
}

// An attribute without a value: was there one of that name before it in its tag? Names past
// ASCII, and a tag with too many, count as if.
void HtmlTokens::note_flag(std::string_view name) {
  const auto is_plain = [](char c) { return c > ' ' && c < '\x7F'; };
  const std::size_t before = std::min(attribute_count_, attributes_.size());
  const auto is_name = [&](std::string_view other) { return equals_ignoring_case(other, name); };
  const bool repeated = attribute_count_ > before ||
                        std::any_of(attributes_.begin(), attributes_.begin() + before, is_name) ||
                        (before > 0 && !std::all_of(name.begin(), name.end(), is_plain));
  repeated_flag_ = repeated_flag_ || repeated;
}

std::string_view HtmlTokens::take_attribute_value() {
  while (kSpace.has(at(at_))) ++at_;
  const char quote = at(at_);
  if (quote == '"' || quote == '\'') {
    const std::size_t begin = at_ + 1;
    const std::size_t end = std::min(html_.find(quote, begin), html_.size());
    at_ = std::min(end + 1, html_.size());
    return html_.substr(begin, end - begin);
  }
  const std::size_t begin = at_;
  while (at_ < html_.size() && !kEndOfValue.has(html_[at_])) ++at_;
  return html_.substr(begin, at_ - begin);
}

// At "<!", "<?" or "</" that begin no tag: a comment, a doctype or what counts as one.
void HtmlTokens::skip_declaration() {
  at_ += 2;
  if (at(at_ - 1) == '!' && html_.substr(at_, 2) == "--") {
    at_ += 2;
    skip_comment();
  } else {
    skip_past('>');
  }
}

// §13.2.5.43-51: "-->" and "--!>" end a comment, and at once after "<!--" so do ">" and "->".
void HtmlTokens::skip_comment() {
  const std::size_t begin = at_;
  while (at_ < html_.size()) {
    skip_past('>');
    const std::string_view comment = html_.substr(begin, at_ - begin);
    if (comment == ">" || comment == "->") return;
    if (comment.ends_with("-->") || comment.ends_with("--!>")) return;
  }
  cut_off_ = true;
}

void HtmlTokens::skip_past(char c) {
  const std::size_t found = html_.find(c, at_);
  cut_off_ = cut_off_ || found == std::string_view::npos;
  at_ = found == std::string_view::npos ? html_.size() : found + 1;
}

// Does `prefix` (of "<" or "</") with `name` and a name's end stand at `at`?
bool HtmlTokens::is_tag_here(std::size_t at, std::string_view prefix, std::string_view name) const {
  const std::string_view rest = html_.substr(at);
  if (!rest.starts_with(prefix) || rest.size() <= prefix.size() + name.size()) return false;
  return equals_ignoring_case(rest.substr(prefix.size(), name.size()), name) &&
         kEndOfName.has(rest[prefix.size() + name.size()]);
}

std::string_view HtmlTokens::take_raw_text(std::string_view name) {
  std::size_t end = html_.find('<', at_);
  while (end != std::string_view::npos && !is_tag_here(end, "</", name)) {
    end = html_.find('<', end + 1);
  }
  return take_to_end_tag(end);
}

// §13.2.5.15-31. Once "<!--" has been seen a "<script" hides the end tag that closes it,
// until "-->" (whose dashes may be those of the "<!--").
std::string_view HtmlTokens::take_script() {
  enum class State { data, escaped, double_escaped } state = State::data;
  std::size_t end = at_;
  std::size_t escape = at_;  // where the dashes of an ending "-->" may begin
  for (; end < html_.size(); ++end) {
    end = std::min(state == State::data ? html_.find('<', end) : html_.find_first_of("<>", end),
                   html_.size());
    if (end == html_.size()) break;
    if (html_[end] == '>') {
      const bool dashes = end >= escape + 2 && html_.substr(end - 2, 2) == "--";
      if (dashes) state = State::data;
    } else if (state == State::data && html_.substr(end, 4) == "<!--") {
      state = State::escaped;
      escape = end + 2;
      end += 3;
    } else if (is_tag_here(end, "</", "script")) {
      if (state != State::double_escaped) break;
      state = State::escaped;
    } else if (state == State::escaped && is_tag_here(end, "<", "script")) {
      state = State::double_escaped;
    }
  }
  return take_to_end_tag(end);
}

// `end`: where the end tag stands; the page's end or past it where there is none.
std::string_view HtmlTokens::take_to_end_tag(std::size_t end) {
  cut_off_ = cut_off_ || end >= html_.size();
  take_text(std::min(end, html_.size()));
  return text_;
}

}  // namespace weft::page
