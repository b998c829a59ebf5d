#include "get/csv_entries.hpp"

#include <algorithm>
#include <utility>

#include "get/csv_record.hpp"
#include "weft/base/shown.hpp"
#include "weft/base/text.hpp"

namespace weft::get {

namespace {

// A quote that is not closed within as many lines is one that never is: what follows is to be
// lost to no more of it.
constexpr std::uint64_t kMostLines = 1000;

}  // namespace

bool looks_like_csv(std::string_view line) {
  CsvFields fields(line, csv_delimiter(line));
  std::size_t count = 0;
  std::size_t known = 0;
  bool has_url = false;
  while (const auto name = fields.next()) {
    const auto field = field_named(trim(*name));
    has_url |= field == Field::url;
    known += field ? 1 : 0;
    ++count;
  }
  return has_url || (known > 0 && count > 1);
}

Result<std::unique_ptr<Entries>> CsvEntries::open(InputText& text, Notes notes) {
  std::unique_ptr<CsvEntries> entries(new CsvEntries(text, std::move(notes)));
  if (auto read = entries->read_header(); !read) return tl::unexpected(read.error());
  return entries;
}

Result<void> CsvEntries::read_header() {
  // Which character parts the fields is seen before they are.
  const auto line = text_.next_line();
  if (!line) return tl::unexpected(line.error());
  if (!*line) return {};
  delimiter_ = csv_delimiter((*line)->text);
  text_.unread();
  if (const auto read = read_record(); !read) return tl::unexpected(read.error());

  CsvFields fields(record_, delimiter_);
  std::string others;
  while (const auto name = fields.next()) {
    columns_.push_back(field_named(trim(*name)));
    if (!columns_.back()) others += (others.empty() ? "" : ", ") + std::string(trim(*name));
  }
  if (std::ranges::find(columns_, Field::url) == columns_.end()) {
    return fail("line {}: a header with a column 'url' is wanted, and this is '{}'", line_,
                shown(record_));
  }
  if (!others.empty()) {
    notes_.add(line_, fmt::format("nothing is made of the columns {}", shown(others)));
  }
  return {};
}

// A record's lines, those of quoted fields included; false at the end.
Result<bool> CsvEntries::read_record() {
  CsvQuotes quotes(delimiter_);
  record_.clear();
  lines_ = 0;
  open_ = false;
  too_long_ = false;
  do {
    const auto line = text_.next_line();
    if (!line) return tl::unexpected(line.error());
    if (!*line) return lines_ > 0;
    if (++lines_ == 1) line_ = (*line)->number;
    if (lines_ > 1) record_ += '\n';
    record_ += (*line)->text;
    too_long_ |= (*line)->too_long || record_.size() > kLongestEntry;
    open_ = quotes.open_after((*line)->text);
  } while (open_ && !too_long_ && lines_ < kMostLines);
  return true;
}

Result<bool> CsvEntries::advance() {
  const auto is_filling = [this](char c) { return c == delimiter_ || is_ascii_space(c); };
  while (true) {
    auto read = read_record();
    // Spreadsheets end tables with records of nothing.
    if (!read || !*read || !std::ranges::all_of(record_, is_filling)) return read;
  }
}

GoodOrBad CsvEntries::entry() {
  if (too_long_) return BadLine{line_, too_long_why(record_)};
  if (open_) {
    return BadLine{line_, fmt::format("a quoted field is not closed; the {} lines from here on are "
                                      "lost to it",
                                      lines_)};
  }
  WantedBuilder builder(line_);
  CsvFields fields(record_, delimiter_);
  std::size_t column = 0;
  for (auto value = fields.next(); value; value = fields.next(), ++column) {
    if (column < columns_.size()) {
      if (columns_[column]) builder.set(*columns_[column], *value);
    } else if (!trim(*value).empty()) {
      builder.refuse(fmt::format("it has more fields than the header's {}: quote what holds a '{}'",
                                 columns_.size(), delimiter_));
    }
  }
  if (fields.damaged())
    builder.refuse("a field goes on after its closing quote: write \"\" for \"");
  return builder.finish(notes_);
}

}  // namespace weft::get
