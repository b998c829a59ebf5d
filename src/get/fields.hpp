// What an entry may say of a file, in whatever format, and the Wanted that comes of it.
//
// Threads: none of their own.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "get/entries.hpp"
#include "weft/get/input.hpp"

namespace weft::get {

enum class Field : std::uint8_t { url, out, dir, checksum, header, referer, priority, size };

// By any of its names: "out" is also "filename". Case does not matter.
std::optional<Field> field_named(std::string_view name);

// "out, dir, ...": for messages.
inline constexpr std::string_view kKeys = "out, dir, checksum, header, referer, priority and size";

// Collects one entry's fields; of what is wrong with them, the first counts.
class WantedBuilder {
 public:
  explicit WantedBuilder(std::uint64_t line) { wanted_.line = line; }

  std::uint64_t line() const { return wanted_.line; }

  // An empty value says nothing. Of what can be said once, the last counts.
  void set(Field field, std::string_view value) { set_at(wanted_.line, field, value); }
  void set_at(std::uint64_t line, Field field, std::string_view value);
  void add_url(std::string_view text);
  void add_header(std::uint64_t line, std::string_view name, std::string_view value);
  void add_checksum(Checksum checksum) { wanted_.checksum = std::move(checksum); }
  void set_size(std::uint64_t size) { wanted_.size = size; }

  void refuse(std::string why) { refuse_at(wanted_.line, std::move(why)); }
  void refuse_at(std::uint64_t line, std::string why);

  // A URL that cannot be had is noted where another one can.
  GoodOrBad finish(Notes& notes);

 private:
  Wanted wanted_;
  std::optional<BadLine> bad_;
  std::vector<std::string> bad_urls_;
  std::string referer_;
};

// Why an entry of more than kLongestEntry is bad.
std::string too_long_why(std::string_view beginning);

// The one place where an input's URLs are parsed. Bytes that are not UTF-8 are sent as they are,
// percent-encoded: that is what curl, wget and aria2 ask for.
Result<Url> parse_wanted_url(std::string_view text);

}  // namespace weft::get
