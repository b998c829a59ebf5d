// JSON lines: one object a line is an entry.
#pragma once

#include <cstdint>
#include <string>

#include "get/entries.hpp"
#include "get/input_text.hpp"

namespace weft::get {

class JsonEntries : public Entries {
 public:
  JsonEntries(InputText& text, Notes notes) : text_(text), notes_(std::move(notes)) {}

  Result<bool> advance() override;
  GoodOrBad entry() override;
  std::string_view text() const override { return line_.text; }

 private:
  InputText& text_;
  Notes notes_;
  Line line_;  // it stands at; valid until the next advance()
};

}  // namespace weft::get
