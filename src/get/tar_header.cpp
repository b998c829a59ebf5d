#include "get/tar_header.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <numeric>

namespace weft::get {

namespace {

// Where the fields of a block are, and how long.
struct Field {
  std::size_t at;
  std::size_t size;
};
constexpr Field kName{0, 100};
constexpr Field kMode{100, 8};
constexpr Field kUser{108, 8};
constexpr Field kGroup{116, 8};
constexpr Field kSize{124, 12};
constexpr Field kModified{136, 12};
constexpr Field kChecksum{148, 8};
constexpr Field kType{156, 1};
constexpr Field kMagic{257, 8};

constexpr std::string_view kUstar{"ustar\00000", 8};  // and its version
constexpr std::uint64_t kMostSize = 0'77777777777;    // that eleven octal digits can say

enum class Type : char { file = '0', extended = 'x' };

class Block {
 public:
  void put(Field field, std::string_view text) {
    std::copy_n(text.begin(), std::min(text.size(), field.size), bytes_.begin() + field.at);
  }
  void put(Field field, std::uint64_t number) {
    put(field, fmt::format("{:0{}o}", number, field.size - 1));
  }
  // The sum of all bytes, its own field taken as spaces.
  std::string_view summed() {
    put(kChecksum, std::string_view("        "));
    const auto add = [](std::uint64_t sum, char c) { return sum + static_cast<unsigned char>(c); };
    const auto sum = std::accumulate(bytes_.begin(), bytes_.end(), std::uint64_t{0}, add);
    put(kChecksum, fmt::format("{:06o}", sum) + '\0');
    return {bytes_.data(), bytes_.size()};
  }

 private:
  std::array<char, kTarBlock> bytes_{};
};

void append_block(std::string& to, Type type, const TarEntry& entry) {
  Block block;
  block.put(kName, entry.name);
  block.put(kMode, 0'644);
  block.put(kUser, 0);
  block.put(kGroup, 0);
  block.put(kSize, entry.size <= kMostSize ? entry.size : 0);
  block.put(kModified, static_cast<std::uint64_t>(std::max<std::int64_t>(
                           0, static_cast<std::int64_t>(entry.modified.count()))));
  block.put(kType, std::string_view(reinterpret_cast<const char*>(&type), 1));
  block.put(kMagic, kUstar);
  to += block.summed();
}

// "LENGTH KEY=VALUE\n", the length being that of all of it.
std::string extension(std::string_view key, std::string_view value) {
  const std::size_t rest = key.size() + value.size() + 3;  // ' ', '=', newline
  std::size_t length = rest;
  while (length != rest + fmt::formatted_size("{}", length)) {
    length = rest + fmt::formatted_size("{}", length);
  }
  return fmt::format("{} {}={}\n", length, key, value);
}

bool is_plain(std::string_view name) {
  return name.size() <= kName.size &&
         std::ranges::all_of(name, [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

}  // namespace

std::string tar_header(const TarEntry& entry) {
  std::string extensions;
  if (!is_plain(entry.name)) extensions += extension("path", entry.name);
  if (entry.size > kMostSize) extensions += extension("size", std::to_string(entry.size));
  std::string header;
  if (!extensions.empty()) {
    append_block(header, Type::extended,
                 {.name = "pax", .size = extensions.size(), .modified = entry.modified});
    header += extensions;
    header.append(tar_padding(extensions.size()), '\0');
  }
  append_block(header, Type::file, entry);
  return header;
}

}  // namespace weft::get
