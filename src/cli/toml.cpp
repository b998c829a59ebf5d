#include "cli/toml.hpp"

#include <algorithm>

#include "weft/base/text.hpp"

namespace weft {
namespace {

bool is_bare(char c) { return is_ascii_alpha(c) || is_ascii_digit(c) || c == '-' || c == '_'; }

bool is_plain(char c) { return is_bare(c) || c == '.' || c == '+'; }  // numbers, true, false

void append_utf8(char32_t code, std::string& to) {
  const auto put = [&to](char32_t byte) { to += static_cast<char>(byte); };
  if (code < 0x80) return put(code);
  if (code < 0x800) {
    put(0xC0 | code >> 6);
  } else {
    if (code < 0x10000) {
      put(0xE0 | code >> 12);
    } else {
      put(0xF0 | code >> 18);
      put(0x80 | (code >> 12 & 0x3F));
    }
    put(0x80 | (code >> 6 & 0x3F));
  }
  put(0x80 | (code & 0x3F));
}

class TomlReader {
 public:
  explicit TomlReader(std::string_view text) : rest_(text) {
    if (rest_.starts_with("\xEF\xBB\xBF")) rest_.remove_prefix(3);
  }

  Result<std::vector<TomlEntry>> read() {
    for (skip_to_content(); !rest_.empty(); skip_to_content()) {
      const auto read = rest_.front() == '[' ? read_table() : read_entry();
      if (!read) return tl::unexpected(read.error());
      skip_blanks();
      if (!rest_.empty() && rest_.front() != '\n') return wrong("more than one value on a line");
    }
    return std::move(entries_);
  }

 private:
  template <class... Args>
  tl::unexpected<Error> wrong(fmt::format_string<Args...> format, Args&&... args) const {
    return fail("{}: {}", line_, fmt::format(format, std::forward<Args>(args)...));
  }

  void advance() {
    if (rest_.front() == '\n') ++line_;
    rest_.remove_prefix(1);
  }

  bool take(char c) {
    if (rest_.empty() || rest_.front() != c) return false;
    advance();
    return true;
  }

  // Spaces and a comment, to the end of the line.
  void skip_blanks() {
    while (!rest_.empty() &&
           (rest_.front() == ' ' || rest_.front() == '\t' || rest_.front() == '\r')) {
      advance();
    }
    if (rest_.empty() || rest_.front() != '#') return;
    rest_.remove_prefix(std::min(rest_.find('\n'), rest_.size()));
  }

  void skip_to_content() {
    skip_blanks();
    while (take('\n')) skip_blanks();
  }

  std::string_view take_while(bool (*belongs)(char)) {
    const auto end = std::find_if_not(rest_.begin(), rest_.end(), belongs);
    const std::string_view taken = rest_.substr(0, static_cast<std::size_t>(end - rest_.begin()));
    rest_.remove_prefix(taken.size());
    return taken;
  }

  Result<void> read_table() {
    take('[');
    skip_blanks();
    table_ = take_while(is_bare);
    skip_blanks();
    if (table_.empty() || !take(']')) return wrong("a table is written [name]");
    return {};
  }

  Result<void> read_entry() {
    TomlEntry entry{.line = line_, .table = table_, .key = {}, .values = {}};
    if (rest_.front() == '"' || rest_.front() == '\'') {
      auto key = read_string();
      if (!key) return tl::unexpected(key.error());
      entry.key = std::move(*key);
    } else {
      entry.key = take_while(is_bare);
    }
    skip_blanks();
    if (entry.key.empty() || !take('=')) return wrong("an option is written name = value");
    skip_blanks();
    if (auto read = read_values(entry.values); !read) return read;
    for (const TomlEntry& other : entries_) {
      if (other.key == entry.key && other.table == entry.table) {
        return fail("{}: '{}' is set in line {} already", entry.line, entry.key, other.line);
      }
    }
    entries_.push_back(std::move(entry));
    return {};
  }

  Result<void> read_values(std::vector<TomlValue>& values) {
    if (!take('[')) return read_value(values);
    for (skip_to_content(); !take(']'); skip_to_content()) {
      if (rest_.empty()) return wrong("an array has no ']'");
      if (auto read = read_value(values); !read) return read;
      skip_to_content();
      if (!take(',') && (rest_.empty() || rest_.front() != ']')) {
        return wrong("a ',' or ']' is missing in an array");
      }
    }
    return {};
  }

  Result<void> read_value(std::vector<TomlValue>& values) {
    if (!rest_.empty() && (rest_.front() == '"' || rest_.front() == '\'')) {
      auto text = read_string();
      if (!text) return tl::unexpected(text.error());
      values.push_back({std::move(*text), true});
      return {};
    }
    std::string plain(take_while(is_plain));
    const bool is_bool = plain == "true" || plain == "false";
    if (plain.empty() || (!is_bool && is_ascii_alpha(plain.front()))) {
      return wrong("strings are written in quotes: \"500ms\"");
    }
    std::erase(plain, '_');  // 1_000_000
    values.push_back({std::move(plain), false});
    return {};
  }

  Result<std::string> read_string() {
    const char quote = rest_.front();
    take(quote);
    std::string text;
    while (!take(quote)) {
      if (rest_.empty() || rest_.front() == '\n') return wrong("a string has no closing {}", quote);
      if (quote == '"' && rest_.front() == '\\') {
        if (!read_escape(text)) return wrong("unknown escape in a string; '...' knows none");
        continue;
      }
      text += rest_.front();
      advance();
    }
    return text;
  }

  bool read_escape(std::string& text) {
    constexpr std::string_view kLetters = "btnfr\"\\";
    constexpr std::string_view kMeanings = "\b\t\n\f\r\"\\";
    take('\\');
    if (rest_.empty()) return false;
    const char letter = rest_.front();
    rest_.remove_prefix(1);
    if (const std::size_t at = kLetters.find(letter); at != std::string_view::npos) {
      text += kMeanings[at];
      return true;
    }
    const std::size_t digits = letter == 'u' ? 4 : letter == 'U' ? 8 : 0;
    if (digits == 0 || rest_.size() < digits) return false;
    char32_t code = 0;
    for (const char c : rest_.substr(0, digits)) {
      if (hex_value(c) < 0) return false;
      code = code * 16 + static_cast<char32_t>(hex_value(c));
    }
    if (code > 0x10FFFF || (code >= 0xD800 && code < 0xE000)) return false;
    rest_.remove_prefix(digits);
    append_utf8(code, text);
    return true;
  }

  std::string_view rest_;
  int line_ = 1;
  std::string table_;
  std::vector<TomlEntry> entries_;
};

}  // namespace

Result<std::vector<TomlEntry>> parse_toml(std::string_view text) { return TomlReader(text).read(); }

}  // namespace weft
