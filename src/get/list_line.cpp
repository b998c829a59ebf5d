#include <algorithm>

#include "get/fields.hpp"
#include "get/line_entries.hpp"
#include "weft/get/input.hpp"

namespace weft {

namespace {

// A value cannot hold what ends a field or a line; in names such characters become '_' anyway.
void append_key(std::string& line, std::string_view key, std::string_view value) {
  if (value.empty()) return;
  line += '\t';
  line += key;
  line += '=';
  const std::size_t begin = line.size();
  line += value;
  std::replace_if(
      line.begin() + begin, line.end(),
      [](char c) { return c == '\t' || c == '\n' || c == '\r' || c == '\0'; }, '_');
}

std::string_view name_of(Priority priority) {
  switch (priority) {
    case Priority::first:
    case Priority::high:
      return "high";
    case Priority::normal:
      return {};
    case Priority::low:
      return "low";
  }
  return {};
}

}  // namespace

std::string list_line(const Wanted& wanted) {
  std::string line;
  for (const Url& url : wanted.urls) {
    if (!line.empty()) line += '\t';
    line += url.href();
  }
  append_key(line, "out", wanted.out);
  append_key(line, "dir", wanted.dir);
  if (wanted.checksum) append_key(line, "checksum", to_text(*wanted.checksum));
  for (const Header& header : wanted.headers) {
    append_key(line, "header", header.name + ": " + header.value);
  }
  append_key(line, "priority", name_of(wanted.priority));
  if (wanted.size) append_key(line, "size", std::to_string(*wanted.size));
  return line;
}

Result<Wanted> parse_list_line(std::string_view line) {
  std::deque<InputNote> ignored;
  get::Notes notes(ignored);
  get::WantedBuilder builder(0);
  get::read_fields(line, builder);
  auto entry = builder.finish(notes);
  if (auto* bad = std::get_if<BadLine>(&entry)) return fail("{}", bad->why);
  return std::get<Wanted>(std::move(entry));
}

}  // namespace weft
