#include "get/placement.hpp"

#include <filesystem>

#include "weft/get/names.hpp"

namespace weft::get {

namespace {

std::string absolute(const std::string& directory) {
  std::error_code none;
  const auto path = std::filesystem::absolute(directory, none).lexically_normal();
  return none ? directory : path.string();
}

}  // namespace

Placement::Placement(NameTemplate name, const std::string& directory)
    : name_(std::move(name)), directory_(absolute(directory)) {
  const Url any = Url::parse("http://h/a").value();
  name_depends_on_server_ = name_.expand({.url = any, .served = "b"}) != name_.expand({.url = any});
}

Result<std::string> Placement::path_of(const Wanted& wanted, std::string_view served) const {
  Result<std::string> name =
      wanted.out.empty()
          ? name_.expand({.url = wanted.urls.front(), .served = served, .line = wanted.line})
          : safe_path(wanted.out);
  if (!name || wanted.dir.empty()) return name;
  auto directory = safe_directory(wanted.dir, directory_);
  if (!directory) return directory;
  return directory->empty() ? *std::move(name) : *directory + '/' + *name;
}

}  // namespace weft::get
