// Lists and aria2's input files: an entry begins at a line that is not indented.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "get/entries.hpp"
#include "get/fields.hpp"
#include "get/input_text.hpp"

namespace weft::get {

// What an indented line is. Where it may be an option of the entry above, that entry waits for
// the lines below it.
enum class Indented : std::uint8_t {
  url,      // as every line of a list
  option,   // as in aria2's input files
  by_look,  // an option where it looks like one: name=value
};

class LineEntries : public Entries {
 public:
  LineEntries(InputText& text, Notes notes, Indented indented)
      : text_(text), notes_(std::move(notes)), indented_(indented) {}

  Result<bool> advance() override;
  GoodOrBad entry() override;
  std::string_view text() const override { return urls_; }

 private:
  struct Option {
    std::uint64_t line = 0;
    std::size_t end = 0;  // of its text, in option_text_
  };

  Result<void> read_options();
  bool is_option(const Line& line) const;
  void set_option(const Option& option, std::string_view text, WantedBuilder& builder);

  InputText& text_;
  Notes notes_;
  const Indented indented_;
  bool options_seen_ = false;  // it is an input file of aria2: more may come at any time
  std::optional<Error> broken_;

  // The entry it stands at.
  std::uint64_t line_ = 0;
  std::string urls_;  // and keys
  bool too_long_ = false;
  std::vector<Option> options_;
  std::string option_text_;
};

// One line's URLs and keys.
void read_fields(std::string_view line, WantedBuilder& builder);

}  // namespace weft::get
