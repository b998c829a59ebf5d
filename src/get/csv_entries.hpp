// CSV with a header (RFC 4180): a record is an entry.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "get/entries.hpp"
#include "get/fields.hpp"
#include "get/input_text.hpp"

namespace weft::get {

class CsvEntries : public Entries {
 public:
  // Reads the header; one without a column of URLs is an Error.
  static Result<std::unique_ptr<Entries>> open(InputText& text, Notes notes);

  Result<bool> advance() override;
  GoodOrBad entry() override;
  std::string_view text() const override { return record_; }

 private:
  CsvEntries(InputText& text, Notes notes) : text_(text), notes_(std::move(notes)) {}

  Result<bool> read_record();
  Result<void> read_header();

  InputText& text_;
  Notes notes_;
  char delimiter_ = ',';
  std::vector<std::optional<Field>> columns_;

  // The record it stands at.
  std::uint64_t line_ = 0;
  std::uint64_t lines_ = 0;
  std::string record_;
  bool too_long_ = false;
  bool open_ = false;  // a quoted field is not closed
};

// Does a file that begins with this line have a header? One that names any column we know.
bool looks_like_csv(std::string_view line);

}  // namespace weft::get
