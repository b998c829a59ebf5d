#include "get/given_names.hpp"

#include <fcntl.h>

#include <cerrno>
#include <fstream>
#include <system_error>

#include "weft/base/digits.hpp"

namespace weft::get {

Result<std::unique_ptr<GivenNames>> GivenNames::open(const std::string& path, Open how) {
  constexpr int kFlags = O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC;
  std::unique_ptr<GivenNames> names(new GivenNames(
      Fd(::open(path.c_str(), kFlags | (how == Open::afresh ? O_TRUNC : 0), 0666)), path));
  if (!names->fd_) return names->cannot("open");
  return names;
}

tl::unexpected<Error> GivenNames::cannot(std::string_view what) const {
  return fail("cannot {} '{}': {}. Make room there, or get permission.", what, path_,
              std::generic_category().message(errno));
}

Result<void> GivenNames::recall(const std::function<bool(std::uint64_t id)>& is_wanted,
                                const std::function<void(std::string_view path)>& tell,
                                const std::function<bool()>& is_stopped) {
  std::ifstream file(path_, std::ios::binary);
  off_t whole = 0;  // lines that a killed run has written to their ends
  for (std::string line; std::getline(file, line) && !file.eof();) {
    if (is_stopped()) return fail("the reading of '{}' was stopped", path_);
    whole += static_cast<off_t>(line.size() + 1);
    const std::string_view text = line;
    const std::size_t tab = text.find('\t');
    const auto id = parse_digits(text.substr(0, tab));
    if (tab == std::string::npos || !id || !is_wanted(*id)) continue;
    tell(text.substr(tab + 1));
    recalled_[*id] = text.substr(tab + 1);
  }
  if (::ftruncate(fd_.get(), whole) != 0) return cannot("cut");
  return {};
}

Result<void> GivenNames::add(std::uint64_t id, std::string_view path) const {
  const std::string line = fmt::format("{}\t{}\n", id, path);
  const ssize_t written = ::write(fd_.get(), line.data(), line.size());
  if (written == static_cast<ssize_t>(line.size())) return {};
  if (written >= 0) errno = ENOSPC;
  return cannot("write to");
}

const std::string* GivenNames::of(std::uint64_t id) const {
  const auto found = recalled_.find(id);
  return found == recalled_.end() ? nullptr : &found->second;
}

}  // namespace weft::get
