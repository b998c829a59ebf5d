#include "get/line_entries.hpp"

#include <algorithm>
#include <chrono>

#include "get/aria2_options.hpp"
#include "weft/base/shown.hpp"
#include "weft/base/text.hpp"

namespace weft::get {

namespace {

// How long a writer may pause between a URL and its options before it is taken to have none;
// once an input has shown an option, for ever.
constexpr std::chrono::milliseconds kPatience{200};

bool is_indented(std::string_view line) { return line.starts_with(' ') || line.starts_with('\t'); }

struct NameAndValue {
  std::string_view name{};  // empty where there is none
  std::string_view value{};
};

// Of a text of the form name=value.
NameAndValue name_and_value(std::string_view text) {
  const auto is_name = [](char c) { return is_ascii_alpha(c) || is_ascii_digit(c) || c == '-'; };
  const std::size_t equals = text.find('=');
  if (equals == text.npos) return {};
  const std::string_view name = trim(text.substr(0, equals));
  if (!std::ranges::all_of(name, is_name)) return {};
  return {name, text.substr(equals + 1)};
}

bool begins_as_url(std::string_view text) {
  constexpr std::string_view kBeginnings[] = {"http://", "https://", "ftp://", "ftps://",
                                              "sftp://"};
  return std::ranges::any_of(kBeginnings, [&](auto known) { return text.starts_with(known); });
}

// Spaces are a part of URLs, but one before a key or another URL was meant to be a tab.
bool parted_by_spaces(std::string_view field) {
  std::size_t space = field.find(' ');
  while (space != field.npos) {
    const std::size_t next = std::min(field.find(' ', space + 1), field.size());
    const std::string_view word = field.substr(space + 1, next - space - 1);
    if (field_named(name_and_value(word).name) || begins_as_url(word)) return true;
    space = next < field.size() ? next : field.npos;
  }
  return false;
}

void read_field(std::string_view field, bool first, WantedBuilder& builder) {
  if (const auto [name, value] = name_and_value(field); !name.empty()) {
    if (const auto known = field_named(name)) return builder.set(*known, value);
    return builder.refuse(fmt::format("unknown key '{}': there are {}", shown(name), kKeys));
  }
  if (parted_by_spaces(field)) {
    return builder.refuse(
        fmt::format("'{}' is parted by spaces: write tabs instead", shown(field)));
  }
  if (!first && field.find(':') == field.npos) {
    return builder.refuse(fmt::format("'{}' is neither a URL nor key=value", shown(field)));
  }
  builder.add_url(field);
}

}  // namespace

void read_fields(std::string_view line, WantedBuilder& builder) {
  for (bool first = true; !line.empty(); first = false) {
    const std::size_t tab = std::min(line.find('\t'), line.size());
    const std::string_view field = trim(line.substr(0, tab));
    if (!field.empty()) read_field(field, first, builder);
    line.remove_prefix(std::min(tab + 1, line.size()));
  }
}

Result<bool> LineEntries::advance() {
  if (broken_) return tl::unexpected(std::move(*broken_));
  while (true) {
    const auto line = text_.next_line();
    if (!line) return tl::unexpected(line.error());
    if (!*line) return false;
    const std::string_view content = trim((*line)->text);
    if (content.empty() || content.front() == '#') continue;

    line_ = (*line)->number;
    too_long_ = (*line)->too_long;
    urls_.assign(content);
    options_.clear();
    option_text_.clear();
    if (indented_ == Indented::url) return true;
    auto read = read_options();
    if (read) return true;
    if (options_seen_) return tl::unexpected(std::move(read.error()));  // some may be missing
    broken_ = std::move(read.error());
    return true;
  }
}

bool LineEntries::is_option(const Line& line) const {
  if (!is_indented(line.text)) return false;
  return indented_ == Indented::option || !name_and_value(trim(line.text)).name.empty();
}

// As aria2 does, blank lines and comments between a URL and its options are passed over.
Result<void> LineEntries::read_options() {
  const bool patient = options_seen_ || indented_ == Indented::option || text_.is_file();
  while (patient || text_.ready(kPatience)) {
    const auto line = text_.next_line();
    if (!line) return tl::unexpected(line.error());
    if (!*line) return {};
    const std::string_view content = trim((*line)->text);
    if (content.empty() || content.front() == '#') continue;
    if (!is_option(**line)) {
      text_.unread();
      return {};
    }
    options_seen_ = true;
    too_long_ |= (*line)->too_long || option_text_.size() + content.size() > kLongestEntry;
    if (too_long_) continue;
    option_text_ += content;
    options_.push_back({(*line)->number, option_text_.size()});
  }
  return {};
}

void LineEntries::set_option(const Option& option, std::string_view text, WantedBuilder& builder) {
  const std::size_t equals = std::min(text.find('='), text.size());
  const std::string_view name = trim(text.substr(0, equals));
  const std::string_view value = text.substr(std::min(equals + 1, text.size()));
  if (name.empty()) return;
  if (const auto field = field_named(name)) return builder.set_at(option.line, *field, value);
  if (name == "user-agent") return builder.add_header(option.line, "User-Agent", value);
  // aria2 too warns of what is none of its options, and goes on.
  notes_.once(option.line, name,
              fmt::format("aria2 {} option '{}': it means nothing here and is not told again",
                          is_aria2_option(name) ? "knows the" : "has no", shown(name)));
}

GoodOrBad LineEntries::entry() {
  if (too_long_) return BadLine{line_, too_long_why(urls_)};
  WantedBuilder builder(line_);
  read_fields(urls_, builder);
  std::size_t begin = 0;
  for (const Option& option : options_) {
    const std::string_view all = option_text_;
    set_option(option, all.substr(begin, option.end - begin), builder);
    begin = option.end;
  }
  return builder.finish(notes_);
}

}  // namespace weft::get
