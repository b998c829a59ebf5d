#include "e2e/weft_run.hpp"

#include <doctest/doctest.h>

#include <algorithm>

namespace weft::test {

Records::Records(std::string_view text) {
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    REQUIRE_MESSAGE(end != std::string_view::npos, "the last line has no end: ", text);
    auto record = nlohmann::json::parse(text.substr(0, end), nullptr, false);
    REQUIRE_MESSAGE(record.is_object(), "not an object: ", text.substr(0, end));
    records_.push_back(std::move(record));
    text.remove_prefix(end + 1);
  }
}

std::vector<std::string> Records::pages(std::string_view outcome) const {
  std::vector<std::string> urls;
  for (const nlohmann::json& record : records_) {
    if (record.at("kind") == "page" && record.at("outcome") == outcome) {
      urls.push_back(record.at("url"));
    }
  }
  return urls;
}

const nlohmann::json& Records::of(std::string_view url) const {
  const auto is_it = [url](const nlohmann::json& record) { return record.at("url") == url; };
  REQUIRE_MESSAGE(std::ranges::count_if(records_, is_it) == 1, "records of ", url);
  return *std::ranges::find_if(records_, is_it);
}

Command Workplace::command(std::vector<std::string> words, std::string input) const {
  words.insert(words.begin(), WEFT_PROGRAM);
  return {.words = std::move(words),
          .input = std::move(input),
          .directory = directory_.path(),
          .environment = {{"HOME", directory_.path()}}};
}

std::vector<std::string> Workplace::files() const {
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(directory_.path())) {
    names.push_back(std::filesystem::relative(entry.path(), directory_.path()).string());
  }
  std::ranges::sort(names);
  return names;
}

bool may_mount() {
  const Workplace here;
  try {
    const Ended ended = run({.words = {"unshare", "-m", "mount", "-t", "tmpfs", "-o", "size=1m",
                                       "none", here.path(".")}});
    if (ended.exit_code == 0) return true;
  } catch (const std::system_error&) {  // no such program
  }
  std::printf("SKIPPED full file systems (may not mount)\n");
  return false;
}

}  // namespace weft::test
