// Whatever a server or a list says, what a file is called is safe: each part of its path is
// the name of an ordinary file on any system, and stays so when it is made safe once more.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "weft/base/text.hpp"
#include "weft/base/utf8.hpp"
#include "weft/get/name_template.hpp"
#include "weft/get/names.hpp"

namespace {

void require(bool holds) {
  if (!holds) std::abort();
}

void check_part(std::string_view name) {
  using namespace std::string_view_literals;
  require(!name.empty() && name.size() <= weft::kLongestFileName);
  require(name.find_first_of("/\\:*?\"<>|\0"sv) == name.npos);
  require(name.front() != ' ' && name.back() != ' ' && name.back() != '.');
  require(!weft::equals_ignoring_case(name, ".weft"));
  require(!weft::to_lower(name).ends_with(".part"));
  for (std::size_t at = 0; at < name.size();) {
    const weft::Utf8Char c = weft::utf8_at(name, at);
    require(c.valid && c.code >= 0x20 && (c.code < 0x7F || c.code > 0x9F));
    require((c.code < 0x200B || c.code > 0x200F) && (c.code < 0x2028 || c.code > 0x202E));
    at += c.length;
  }
  require(weft::safe_file_name(name) == name);

  const auto [stem, extension] = weft::split_file_name(name);
  require(std::string(stem).append(extension) == name);
}

void check_path(std::string_view path) {
  require(path.size() <= weft::kLongestPath);
  while (true) {
    const std::size_t slash = path.find('/');
    check_part(path.substr(0, slash));
    if (slash == path.npos) return;
    path.remove_prefix(slash + 1);
  }
}

}  // namespace

// The input is a header, a template and a URL, a line each.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string_view rest(reinterpret_cast<const char*>(data), size);
  const auto line = [&rest] {
    const std::string_view text = rest.substr(0, rest.find('\n'));
    rest.remove_prefix(text.size() < rest.size() ? text.size() + 1 : text.size());
    return text;
  };
  const std::string_view header = line();
  const std::string_view pattern = line();
  const std::string_view reference = line();

  check_part(weft::safe_file_name(header));
  check_part(weft::numbered(weft::safe_file_name(header), size * 7919));
  if (const auto path = weft::safe_path(header)) check_path(*path);
  if (const auto path = weft::safe_directory(header, "/a/b"); path && !path->empty()) {
    check_path(*path);
  }

  const std::string served = weft::disposition_filename(header).value_or("");
  require(served.find_first_of("/\\") == std::string::npos);
  const weft::Url plain = weft::Url::parse("http://h.example/a/b.c?d").value();
  const weft::Url url = weft::Url::resolve(plain, reference).value_or(plain);
  check_part(weft::file_name(url, served));
  if (const auto name = weft::NameTemplate::parse(pattern)) {
    check_path(name->expand({url, served, size}));
  }
  return 0;
}
