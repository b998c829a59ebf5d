// Metalink: a <file> is an entry.
#pragma once

#include "get/entries.hpp"
#include "get/input_text.hpp"
#include "weft/page/metalink.hpp"

namespace weft::get {

class MetalinkEntries : public Entries {
 public:
  MetalinkEntries(InputText& text, Notes notes)
      : text_(text), notes_(std::move(notes)), reader_(text.line_number()) {}

  Result<bool> advance() override;
  GoodOrBad entry() override;

 private:
  void tell_what_is_left_out();

  InputText& text_;
  Notes notes_;
  MetalinkReader reader_;
  bool ended_ = false;
  MetalinkFile file_;  // it stands at
};

}  // namespace weft::get
