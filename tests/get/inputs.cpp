#include "get/inputs.hpp"

#include "support/temp_dir.hpp"

namespace weft::test {

namespace {

struct Render {
  std::string operator()(const Wanted& wanted) const {
    return std::to_string(wanted.line) + ": " + list_line(wanted);
  }
  std::string operator()(const BadLine& bad) const {
    return "bad " + std::to_string(bad.line) + ": " + bad.why;
  }
  std::string operator()(const InputNote& note) const {
    return "note " + std::to_string(note.line) + ": " + note.text;
  }
};

}  // namespace

Read read_input(InputReader& reader) {
  Read read;
  while (true) {
    const auto entry = reader.next();
    if (!entry) {
      read.push_back("error: " + entry.error().message);
      return read;
    }
    if (!*entry) return read;
    read.push_back(std::visit(Render(), **entry));
  }
}

Read read_text(std::string_view text, InputFormat format, std::uint64_t skip) {
  const TempDir dir;
  const std::string path = dir / "input";
  write_file(path, text);
  const auto opened = InputReader::open(path, format, skip);
  Read read = opened ? read_input(**opened) : Read{"error: " + opened.error().message};
  if (!read.empty() && read.back().starts_with("error: ")) {
    std::string& error = read.back();
    if (const auto at = error.find(path); at != error.npos) error.replace(at, path.size(), "F");
  }
  return read;
}

Read without_notes(Read read) {
  std::erase_if(read, [](const std::string& entry) { return entry.starts_with("note "); });
  return read;
}

}  // namespace weft::test
