#include "weft/page/media_type.hpp"

#include <algorithm>
#include <utility>
#include <vector>

#include "weft/base/text.hpp"

namespace weft {

namespace {

// MIME Sniffing §3, "HTTP token code point".
bool is_token_char(char c) {
  return is_ascii_alpha(c) || is_ascii_digit(c) ||
         std::string_view("!#$%&'*+-.^_`|~").find(c) != std::string_view::npos;
}

bool is_token(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), is_token_char);
}

bool is_quoted_string_text(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) {
    return c == '\t' || (static_cast<unsigned char>(c) >= 0x20 && c != 0x7F);
  });
}

constexpr std::string_view kHttpSpace = "\t\n\r ";

std::string_view trim_end(std::string_view text) {
  return text.substr(0, text.find_last_not_of(kHttpSpace) + 1);
}

std::string_view trim_http(std::string_view text) {
  return trim_end(text.substr(std::min(text.find_first_not_of(kHttpSpace), text.size())));
}

// Takes what precedes any of `ends`.
std::string_view take_until(std::string_view& rest, std::string_view ends) {
  const std::string_view taken = rest.substr(0, rest.find_first_of(ends));
  rest.remove_prefix(taken.size());
  return taken;
}

// Fetch's "collect an HTTP quoted string", extracted: `rest` begins with the quote.
std::string take_quoted(std::string_view& rest) {
  std::string value;
  rest.remove_prefix(1);
  while (true) {
    value += take_until(rest, "\"\\");
    if (rest.empty()) return value;
    const char c = rest.front();
    rest.remove_prefix(1);
    if (c == '"') return value;
    if (rest.empty()) return value + '\\';
    value += rest.front();
    rest.remove_prefix(1);
  }
}

void append_parameter(std::string& text, std::string_view name, std::string_view value) {
  text.append(";").append(name).append("=");
  if (is_token(value)) {
    text += value;
    return;
  }
  text += '"';
  for (const char c : value) {
    if (c == '"' || c == '\\') text += '\\';
    text += c;
  }
  text += '"';
}

}  // namespace

std::optional<MediaType> parse_media_type(std::string_view value) {
  std::string_view rest = trim_http(value);
  const std::string_view type = take_until(rest, "/");
  if (!is_token(type) || rest.empty()) return std::nullopt;
  rest.remove_prefix(1);
  const std::string_view subtype = trim_end(take_until(rest, ";"));
  if (!is_token(subtype)) return std::nullopt;

  MediaType media;
  media.essence = to_lower(type) + '/' + to_lower(subtype);
  media.text = media.essence;
  std::vector<std::string> seen;
  while (!rest.empty()) {
    rest.remove_prefix(1);
    rest.remove_prefix(std::min(rest.find_first_not_of(kHttpSpace), rest.size()));
    std::string name = to_lower(take_until(rest, ";="));
    if (!rest.starts_with('=')) continue;
    rest.remove_prefix(1);
    std::string parameter;
    if (rest.starts_with('"')) {
      parameter = take_quoted(rest);
      take_until(rest, ";");
    } else {
      parameter = trim_end(take_until(rest, ";"));
      if (parameter.empty()) continue;
    }
    if (!is_token(name) || !is_quoted_string_text(parameter)) continue;
    if (std::find(seen.begin(), seen.end(), name) != seen.end()) continue;
    append_parameter(media.text, name, parameter);
    if (name == "charset") media.charset = std::move(parameter);
    seen.push_back(std::move(name));
  }
  return media;
}

PageType page_type(std::string_view essence) {
  static constexpr std::pair<std::string_view, PageType> kTypes[] = {
      {"text/html", PageType::html},
      {"application/xhtml+xml", PageType::html},
      {"text/css", PageType::css},
      {"application/rss+xml", PageType::feed},
      {"application/atom+xml", PageType::feed},
      {"application/rdf+xml", PageType::feed},
      {"application/xml", PageType::feed},
      {"text/xml", PageType::feed},
  };
  for (const auto& [name, type] : kTypes) {
    if (equals_ignoring_case(essence, name)) return type;
  }
  return PageType::other;
}

}  // namespace weft
