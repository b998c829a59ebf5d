#include "weft/get/name_claims.hpp"

#include <algorithm>
#include <clocale>
#include <cwctype>
#include <utility>

#include "weft/base/text.hpp"
#include "weft/base/utf8.hpp"
#include "weft/get/names.hpp"

namespace weft {

namespace {

// In lower case, as far as the C library knows letters: file systems differ in how far they do,
// and to take two names for one costs nothing but a number.
std::string folded(std::string_view path) {
  static const locale_t letters = ::newlocale(LC_CTYPE_MASK, "C.UTF-8", nullptr);
  std::string lower;
  for (std::size_t at = 0; at < path.size();) {
    const Utf8Char next = utf8_at(path, at);
    if (next.code < 0x80) {
      lower += ascii_lower(path[at]);
    } else {
      const auto code = static_cast<wint_t>(next.code);
      lower += fmt::format("{:x} ", letters == nullptr ? code : ::towlower_l(code, letters));
    }
    at += next.length;
  }
  return lower;
}

}  // namespace

Fingerprint NameClaims::as_file(std::string_view path) const {
  return fingerprint_of_text(case_ == NameCase::counts ? path : std::string_view(folded(path)));
}

Claim NameClaims::claim(std::string_view path, const Seen* seen) {
  const std::size_t slash = path.rfind('/');
  const bool is_nested = slash != std::string_view::npos;
  const std::string directory = is_nested ? directory_for(path.substr(0, slash)) + '/' : "";
  const std::string_view name = path.substr(is_nested ? slash + 1 : 0);

  std::string plain = directory + std::string(name);
  if (plain != path) seen = nullptr;  // its directory was numbered
  const Fingerprint key = as_file(plain);
  if (auto taken = take(std::move(plain), seen)) return *std::move(taken);
  const auto with = [&](std::uint64_t number) { return directory + numbered(name, number); };
  for (std::uint64_t number = hints_.next(key);; ++number) {
    number = first_free(number, [&](std::uint64_t each) { return is_free(with(each)); });
    if (auto taken = take(with(number), nullptr)) {
      hints_.remember(key, number + 1);
      return *std::move(taken);
    }
  }
}

std::optional<Claim> NameClaims::claim_exactly(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  if (slash != std::string::npos && directory_for(path.substr(0, slash)) != path.substr(0, slash)) {
    return std::nullopt;
  }
  return take(path, nullptr);
}

void NameClaims::restore(std::string_view path) {
  names_.insert(as_file(path));
  for (std::size_t slash = path.find('/'); slash != std::string_view::npos;
       slash = path.find('/', slash + 1)) {
    names_.insert(as_directory(std::string(path.substr(0, slash))));
  }
}

std::string NameClaims::directory_for(std::string_view path) {
  std::string directory;
  for (std::size_t begin = 0; begin <= path.size();) {
    const std::size_t end = std::min(path.find('/', begin), path.size());
    const std::string_view part = path.substr(begin, end - begin);
    std::string plain = directory + std::string(part);
    for (std::uint64_t number = 1; !take_directory(plain); ++number) {
      plain = directory + numbered(part, number);
    }
    directory = std::move(plain) + '/';
    begin = end + 1;
  }
  directory.pop_back();
  return directory;
}

// Files and directories look for each other before they enter a name and after: where two
// come at once, neither has it.
bool NameClaims::take_directory(const std::string& path) {
  if (names_.contains(as_file(path))) return false;
  if (names_.contains(as_directory(path))) return true;
  const auto there = folder_.look(path);
  if (there && there->kind != Folder::Kind::directory) return false;
  names_.insert(as_directory(path));
  return !names_.contains(as_file(path));
}

bool NameClaims::may_stand(const std::optional<Folder::Entry>& there) const {
  return !there || (there->kind == Folder::Kind::file && on_exist_ != OnExist::rename);
}

bool NameClaims::is_claimed(const std::string& path) const {
  return names_.contains(as_file(path)) || names_.contains(as_directory(path));
}

bool NameClaims::is_free(const std::string& path) const {
  return !is_claimed(path) && may_stand(folder_.look(path));
}

std::optional<Claim> NameClaims::take(std::string path, const Seen* seen) {
  if (is_claimed(path)) return std::nullopt;
  const Seen there = seen != nullptr ? *seen : folder_.look(path);
  if (!may_stand(there) || !names_.insert(as_file(path)) || names_.contains(as_directory(path))) {
    return std::nullopt;
  }
  return Claim{std::move(path), there};
}

}  // namespace weft
