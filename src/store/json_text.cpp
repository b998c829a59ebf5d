#include "store/json_text.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>

#include "weft/base/utf8.hpp"

namespace weft {

namespace {

// Characters that stand for themselves inside a JSON string.
constexpr auto kPlain = [] {
  std::array<bool, 256> plain{};
  for (std::size_t c = 0x20; c < 0x7F; ++c) plain[c] = true;
  plain['"'] = plain['\\'] = false;
  return plain;
}();

bool is_plain(char c) { return kPlain[static_cast<unsigned char>(c)]; }

void append_escaped(std::string& out, char32_t c) {
  constexpr std::string_view kHex = "0123456789abcdef";
  switch (c) {
    case '"':
      out += "\\\"";
      return;
    case '\\':
      out += "\\\\";
      return;
    case '\n':
      out += "\\n";
      return;
    case '\r':
      out += "\\r";
      return;
    case '\t':
      out += "\\t";
      return;
    default:
      out += "\\u00";
      out += kHex[c >> 4];
      out += kHex[c & 0xF];
  }
}

template <class Number>
void append_digits(std::string& out, Number number) {
  std::array<char, 24> digits;
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr;
  out.append(digits.data(), end);
}

}  // namespace

void append_json_string(std::string& out, std::string_view text) {
  out += '"';
  for (std::size_t at = 0; at < text.size();) {
    const auto* special = std::find_if_not(text.begin() + at, text.end(), is_plain);
    out.append(text.begin() + at, special);
    at = static_cast<std::size_t>(special - text.begin());
    if (at == text.size()) break;

    const Utf8Char next = utf8_at(text, at);
    if (next.code < 0xA0) {  // the C1 controls too: terminals obey them
      append_escaped(out, next.code);
    } else {
      out += next.valid ? text.substr(at, next.length) : kReplacementUtf8;
    }
    at += next.length;
  }
  out += '"';
}

void append_json_number(std::string& out, std::uint64_t number) { append_digits(out, number); }

void append_json_ms(std::string& out, Clock::duration duration) {
  using Tenths = std::chrono::duration<std::int64_t, std::ratio<1, 10'000>>;
  const std::int64_t tenths = std::chrono::round<Tenths>(duration).count();
  if (tenths <= 0) {
    out += '0';
    return;
  }
  append_digits(out, tenths / 10);
  out += '.';
  out += static_cast<char>('0' + tenths % 10);
}

void JsonObject::begin(std::string_view key) {
  out_.append(first_ ? "\"" : ",\"", first_ ? 1 : 2).append(key).append("\":", 2);
  first_ = false;
}

void JsonObject::string(std::string_view key, std::string_view text) {
  begin(key);
  append_json_string(out_, text);
}

void JsonObject::string_or_null(std::string_view key, std::string_view text) {
  if (text.empty()) return null(key);
  string(key, text);
}

void JsonObject::number(std::string_view key, std::uint64_t number) {
  begin(key);
  append_json_number(out_, number);
}

void JsonObject::milliseconds(std::string_view key, Clock::duration duration) {
  begin(key);
  append_json_ms(out_, duration);
}

void JsonObject::null(std::string_view key) {
  begin(key);
  out_ += "null";
}

JsonObject JsonObject::object(std::string_view key) {
  begin(key);
  return JsonObject(out_);
}

}  // namespace weft
