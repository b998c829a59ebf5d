// Whatever an input is, it comes to an end; its entries are what they promise to be, and a
// reader that skips those that were read finds the rest.
#include <fmt/core.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "weft/get/input.hpp"

namespace {

using weft::BadLine;
using weft::InputEntry;
using weft::InputFormat;
using weft::InputReader;
using weft::Wanted;

void require(bool holds) {
  if (!holds) std::abort();
}

std::string checked(const Wanted& wanted) {
  require(!wanted.urls.empty() && wanted.line > 0);
  for (const auto& header : wanted.headers) require(weft::is_sendable(header));
  const std::string line = weft::list_line(wanted);
  require(line.find_first_of(std::string_view("\n\r\0", 3)) == line.npos);
  const auto again = weft::parse_list_line(line);
  require(again && weft::list_line(*again) == line);
  return fmt::format("{}: {}", wanted.line, line);
}

std::string checked(const BadLine& bad) {
  require(bad.line > 0 && !bad.why.empty() && bad.why.size() < 1000);
  return fmt::format("bad {}: {}", bad.line, bad.why);
}

// Entries and, at last, what reading broke off with.
std::vector<std::string> read(const std::string& path, InputFormat format, std::uint64_t skip) {
  const auto reader = InputReader::open(path, format, skip);
  if (!reader) return {reader.error().message};
  std::vector<std::string> entries;
  while (true) {
    const std::uint64_t before = (*reader)->position();
    const auto entry = (*reader)->next();
    if (!entry) {
      entries.push_back(entry.error().message);
      require((*reader)->next().value() == std::nullopt);
      return entries;
    }
    if (!*entry) return entries;
    if (const auto* note = std::get_if<weft::InputNote>(&**entry)) {
      require(!note->text.empty());
      continue;
    }
    const auto* wanted = std::get_if<Wanted>(&**entry);
    entries.push_back(wanted != nullptr ? checked(*wanted) : checked(std::get<BadLine>(**entry)));
    require((*reader)->position() == std::max(before, skip) + 1);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  constexpr InputFormat kFormats[] = {InputFormat::automatic, InputFormat::list,
                                      InputFormat::aria2,     InputFormat::csv,
                                      InputFormat::jsonl,     InputFormat::metalink};
  const InputFormat format = kFormats[data[0] % std::size(kFormats)];
  const int fd = ::memfd_create("input", MFD_CLOEXEC);
  require(fd >= 0 && ::write(fd, data + 1, size - 1) == static_cast<ssize_t>(size - 1));
  const std::string path = fmt::format("/proc/self/fd/{}", fd);

  const std::vector<std::string> all = read(path, format, 0);
  const std::size_t skip = all.size() / 2;
  const std::vector<std::string> rest = read(path, format, skip);
  require(rest.size() == all.size() - skip);
  // The last may be an error, which says whether something was read before.
  for (std::size_t i = 0; i + 1 < rest.size(); ++i) require(rest[i] == all[skip + i]);
  ::close(fd);
  return 0;
}
