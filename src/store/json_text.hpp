// Appends JSON (RFC 8259) to a string: the little that records need, because records are
// written for every URL and a document tree for each would cost more than the record.
//
// Threads: none of its own.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "weft/base/clock.hpp"

namespace weft {

// In quotes. Bytes that are not UTF-8 become U+FFFD, control characters are escaped.
void append_json_string(std::string& out, std::string_view text);
void append_json_number(std::string& out, std::uint64_t number);
// Milliseconds with one decimal; 0 for what did not happen.
void append_json_ms(std::string& out, Clock::duration duration);

// One object, member by member in the order they are added, whole when it is destroyed.
// Keys are written as they stand.
class JsonObject {
 public:
  explicit JsonObject(std::string& out) : out_(out) { out_ += '{'; }
  JsonObject(const JsonObject&) = delete;
  JsonObject& operator=(const JsonObject&) = delete;
  ~JsonObject() { out_ += '}'; }

  void string(std::string_view key, std::string_view text);
  void string_or_null(std::string_view key, std::string_view text);  // empty: null
  void number(std::string_view key, std::uint64_t number);
  void milliseconds(std::string_view key, Clock::duration duration);
  void null(std::string_view key);
  JsonObject object(std::string_view key);  // to be destroyed before this one goes on

 private:
  void begin(std::string_view key);

  std::string& out_;
  bool first_ = true;
};

}  // namespace weft
