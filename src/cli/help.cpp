#include "cli/help.hpp"

#include <fmt/core.h>

namespace weft {
namespace {

constexpr std::size_t kHelpBegins = 28;  // the column of the options' help

std::string heading(const Option& option) {
  std::string text = option.letter == 0 ? "      " : fmt::format("  -{}, ", option.letter);
  text += "--" + option.name;
  if (!option.value.empty()) text += " " + option.value;
  return text;
}

void add_option(const Option& option, std::string& page) {
  std::string help = option.help;
  if (!option.otherwise.empty()) help += fmt::format(" (default: {})", option.otherwise);
  std::string line = heading(option);
  if (line.size() + 2 > kHelpBegins) {
    page += line + "\n";
    line.clear();
  }
  for (const std::string& part : wrap(help, kHelpColumns - kHelpBegins)) {
    line.resize(kHelpBegins, ' ');
    page += line + part + "\n";
    line.clear();
  }
}

}  // namespace

std::vector<std::string> wrap(std::string_view text, std::size_t columns) {
  std::vector<std::string> lines{""};
  while (!text.empty()) {
    const std::size_t end = text.find(' ');
    const std::string_view word = text.substr(0, end);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    std::string& line = lines.back();
    if (line.empty()) {
      line = word;
    } else if (line.size() + 1 + word.size() <= columns) {
      line += fmt::format(" {}", word);
    } else {
      lines.emplace_back(word);
    }
  }
  return lines;
}

std::string to_text(const HelpPage& page) {
  std::string text;
  for (const std::string& usage : page.usage) {
    text += fmt::format("{}{}\n", text.empty() ? "usage: " : "       ", usage);
  }
  text += "\n";
  for (const std::string& line : wrap(page.about, kHelpColumns)) text += line + "\n";
  if (page.table != nullptr) {
    for (const OptionGroup& group : *page.table) {
      text += fmt::format("\n{}\n", group.title);
      for (const Option& option : group.options) add_option(option, text);
    }
  }
  text += "\nExamples\n";
  for (const std::string& example : page.examples) text += fmt::format("  {}\n", example);
  return text;
}

}  // namespace weft
