// Records of RFC 4180: fields that may be quoted, and quoted ones that may span lines.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace weft::get {

// Follows a record line by line to where its last quoted field is closed.
class CsvQuotes {
 public:
  explicit CsvQuotes(char delimiter) : delimiter_(delimiter) {}

  // Is a quoted field still open at the end of this line, which goes on where the last ended?
  bool open_after(std::string_view line);

 private:
  const char delimiter_;
  bool open_ = false;
};

// Takes a record apart, field by field.
class CsvFields {
 public:
  // `record` is what CsvQuotes has found closed, or not: an open quote ends with the record.
  CsvFields(std::string_view record, char delimiter) : rest_(record), delimiter_(delimiter) {}

  // The next field, unquoted, valid until the next call; nothing after the last one.
  std::optional<std::string_view> next();
  bool damaged() const { return damaged_; }  // a field went on after its closing quote

 private:
  std::string_view next_quoted();
  std::string_view take(std::size_t size);

  std::string_view rest_;
  const char delimiter_;
  bool at_end_ = false;
  bool damaged_ = false;
  std::string unquoted_;
};

// Comma; semicolon or tab, as spreadsheets write it too, where the header has no comma.
char csv_delimiter(std::string_view header);

}  // namespace weft::get
