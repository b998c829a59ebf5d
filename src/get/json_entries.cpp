#include "get/json_entries.hpp"

#include <nlohmann/json.hpp>
#include <optional>
#include <utility>

#include "get/fields.hpp"
#include "weft/base/shown.hpp"
#include "weft/base/text.hpp"

namespace weft::get {

namespace {

// Takes one object's members as they are read: no tree of values is made. Its functions are
// those that nlohmann's sax_parse calls; false ends the reading.
class ObjectReader {
 public:
  using number_integer_t = nlohmann::json::number_integer_t;
  using number_unsigned_t = nlohmann::json::number_unsigned_t;
  using number_float_t = nlohmann::json::number_float_t;
  using string_t = nlohmann::json::string_t;
  using binary_t = nlohmann::json::binary_t;

  explicit ObjectReader(WantedBuilder& builder) : builder_(builder) {}

  // Keys that mean nothing here, for a message; empty where there are none.
  const std::string& others() const { return others_; }

  bool null() { return depth_ > 0 || no_object(); }
  bool boolean(bool) { return scalar(std::nullopt); }
  bool number_integer(number_integer_t value) { return scalar(std::to_string(value)); }
  bool number_unsigned(number_unsigned_t value) { return scalar(std::to_string(value)); }
  bool number_float(number_float_t, const string_t& text) { return scalar(text); }
  bool string(const string_t& value) { return scalar(value); }
  bool binary(const binary_t&) { return scalar(std::nullopt); }

  bool key(const string_t& key) {
    if (depth_ == 1) {
      key_ = key;
      field_ = field_named(key);
      if (!field_) others_ += (others_.empty() ? "" : ", ") + key;
    } else {
      name_ = key;
    }
    return true;
  }

  bool start_object(std::size_t) {
    const bool fits = depth_ == 0 || (depth_ == 1 && field_ == Field::header);
    return begin(fits);
  }
  bool end_object() { return end(); }

  bool start_array(std::size_t) {
    if (depth_ == 0) return no_object();
    in_list_ = depth_ == 1;
    return begin(depth_ == 1 && (field_ == Field::header || field_ == Field::url));
  }
  bool end_array() {
    in_list_ = false;
    return end();
  }

  bool parse_error(std::size_t position, const std::string&, const nlohmann::json::exception&) {
    builder_.refuse(fmt::format(
        "it is no JSON object on one line: there is a mistake at its byte {}", position));
    return false;
  }

 private:
  bool no_object() {
    builder_.refuse("it is no JSON object: write {\"url\": \"https://...\"}");
    return false;
  }

  bool wrong_kind() {
    builder_.refuse(
        fmt::format("the value of '{}' is of another kind than it should be", shown(key_)));
    return false;
  }

  // What lies within a value that nobody asked for may be anything.
  bool begin(bool fits) {
    if (!fits && field_) return wrong_kind();
    ++depth_;
    return true;
  }
  bool end() {
    --depth_;
    return true;
  }

  bool scalar(const std::optional<std::string>& value) {
    if (depth_ == 0) return no_object();
    if (!field_) return true;
    if (!value) return wrong_kind();
    if (depth_ == 2 && !in_list_) {
      builder_.add_header(builder_.line(), name_, *value);
    } else {
      builder_.set(*field_, *value);
    }
    return true;
  }

  WantedBuilder& builder_;
  int depth_ = 0;
  std::string key_;             // of the member it is in
  std::optional<Field> field_;  // what that says; nothing where it means nothing here
  bool in_list_ = false;        // of URLs or headers
  std::string name_;            // of a header, where they are an object
  std::string others_;
};

}  // namespace

Result<bool> JsonEntries::advance() {
  while (true) {
    const auto line = text_.next_line();
    if (!line) return tl::unexpected(line.error());
    if (!*line) return false;
    line_ = **line;
    if (!trim(line_.text).empty()) return true;
  }
}

GoodOrBad JsonEntries::entry() {
  if (line_.too_long) return BadLine{line_.number, too_long_why(line_.text)};
  WantedBuilder builder(line_.number);
  ObjectReader reader(builder);
  nlohmann::json::sax_parse(line_.text.begin(), line_.text.end(), &reader);
  if (const std::string& others = reader.others(); !others.empty()) {
    notes_.once(line_.number, others, fmt::format("nothing is made of {}", shown(others)));
  }
  return builder.finish(notes_);
}

}  // namespace weft::get
