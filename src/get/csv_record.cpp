#include "get/csv_record.hpp"

#include <algorithm>

namespace weft::get {

namespace {

// Where a field that begins at `at` has its opening quote, or npos where it has none. Spaces
// before it are forgiven.
std::size_t opening_quote(std::string_view text, std::size_t at) {
  const std::size_t begin = text.find_first_not_of(' ', at);
  return begin != text.npos && text[begin] == '"' ? begin : text.npos;
}

// Where the quote is that closes a field whose content begins at `at`, or npos. RFC 4180 §2.7:
// two quotes stand for one.
std::size_t closing_quote(std::string_view text, std::size_t at) {
  for (std::size_t quote = text.find('"', at); quote != text.npos; quote = text.find('"', at)) {
    if (quote + 1 == text.size() || text[quote + 1] != '"') return quote;
    at = quote + 2;
  }
  return text.npos;
}

}  // namespace

bool CsvQuotes::open_after(std::string_view line) {
  if (!open_ && line.find('"') == line.npos) return false;
  std::size_t at = 0;
  while (true) {
    if (!open_) {
      const std::size_t quote = opening_quote(line, at);
      open_ = quote != line.npos;
      if (open_) at = quote + 1;
    }
    if (open_) {
      const std::size_t quote = closing_quote(line, at);
      if (quote == line.npos) return true;
      open_ = false;
      at = quote + 1;
    }
    at = line.find(delimiter_, at);
    if (at == line.npos) return false;
    ++at;
  }
}

// Of what is left: that much, and the delimiter after it.
std::string_view CsvFields::take(std::size_t size) {
  const std::string_view field = rest_.substr(0, size);
  at_end_ = size >= rest_.size();
  rest_.remove_prefix(std::min(size + 1, rest_.size()));
  return field;
}

std::optional<std::string_view> CsvFields::next() {
  if (at_end_) return std::nullopt;
  if (opening_quote(rest_, 0) != rest_.npos) return next_quoted();
  return take(std::min(rest_.find(delimiter_), rest_.size()));
}

std::string_view CsvFields::next_quoted() {
  const std::size_t begin = opening_quote(rest_, 0) + 1;
  const std::size_t end = std::min(closing_quote(rest_, begin), rest_.size());
  unquoted_.clear();
  for (std::size_t i = begin; i < end; ++i) {
    unquoted_ += rest_[i];
    if (rest_[i] == '"') ++i;
  }
  const std::size_t after = std::min(end + 1, rest_.size());
  const std::size_t next = std::min(rest_.find(delimiter_, after), rest_.size());
  damaged_ |= rest_.substr(after, next - after).find_first_not_of(' ') != rest_.npos;
  take(next);
  return unquoted_;
}

char csv_delimiter(std::string_view header) {
  for (const char delimiter : {',', ';', '\t'}) {
    if (header.find(delimiter) != header.npos) return delimiter;
  }
  return ',';
}

}  // namespace weft::get
