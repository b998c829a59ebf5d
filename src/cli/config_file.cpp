#include "cli/config_file.hpp"

#include <algorithm>

#include "cli/suggest.hpp"
#include "cli/text_file.hpp"
#include "cli/toml.hpp"

namespace weft {
namespace {

Result<const Option*> known_option(const OptionTable& table, const std::string& key) {
  const Option* const option = find_option(table, key);
  if (option != nullptr && key != kConfigOption) return option;
  if (option != nullptr) return fail("a configuration file cannot name another one");
  std::vector<std::string> known;
  for (const OptionGroup& group : table) {
    for (const Option& other : group.options) known.push_back(other.name);
  }
  const std::string meant = nearest(key, known);
  if (meant.empty()) return fail("there is no option '{}'", key);
  return fail("there is no option '{}': did you mean {}?", key, meant);
}

// sitemaps = false is no-sitemaps = true; where an option has no opposite, false leaves it.
Result<void> add_flag(const OptionTable& table, const Option& option, const TomlEntry& entry,
                      std::vector<Given>& to) {
  const bool is_one = entry.values.size() == 1 && !entry.values.front().quoted;
  const std::string& text = is_one ? entry.values.front().text : entry.key;
  if (text != "true" && text != "false") return fail("{} is either true or false", option.name);
  const std::string name = option.name;
  const Option* const meant =
      text == "true" ? &option
                     : find_option(table, name.starts_with("no-") ? name.substr(3) : "no-" + name);
  if (meant != nullptr) to.push_back({meant, {}, {}});
  return {};
}

Result<std::vector<Given>> read_entry(const OptionTable& table, const TomlEntry& entry) {
  const auto option = known_option(table, entry.key);
  if (!option) return tl::unexpected(option.error());
  std::vector<Given> given;
  if ((*option)->value.empty()) {
    if (auto added = add_flag(table, **option, entry, given); !added) {
      return tl::unexpected(added.error());
    }
    return given;
  }
  for (const TomlValue& value : entry.values) given.push_back({*option, value.text, {}});
  return given;
}

}  // namespace

Result<std::vector<Given>> read_config_text(std::string_view text, std::string_view path,
                                            std::string_view command, const OptionTable& table) {
  const auto entries = parse_toml(text);
  if (!entries) return fail("{}:{}", path, entries.error().message);
  std::vector<Given> all;
  for (const TomlEntry& entry : *entries) {
    const std::string place = fmt::format("{}:{}", path, entry.line);
    if (!entry.table.empty() && entry.table != command) {
      return fail("{}: [{}] is no command of this program: write [{}]", place, entry.table,
                  command);
    }
    auto given = read_entry(table, entry);
    if (!given) return fail("{}: {}", place, given.error().message);
    for (Given& one : *given) {
      one.place = place;
      all.push_back(std::move(one));
    }
  }
  return all;
}

Result<std::vector<Given>> with_config(const CommandLine& line, std::string_view command,
                                       const OptionTable& table) {
  const auto config = std::find_if(line.given.rbegin(), line.given.rend(), [](const Given& given) {
    return given.option->name == kConfigOption;
  });
  if (config == line.given.rend()) return line.given;
  const std::string& path = config->value;
  const auto text = read_text_file(path);
  if (!text) return fail("cannot read the configuration file '{}': {}", path, text.error().message);
  auto all = read_config_text(*text, path, command, table);
  if (!all) return all;
  std::erase_if(*all, [&line](const Given& in_file) {
    return std::ranges::any_of(
        line.given, [&](const Given& written) { return written.option == in_file.option; });
  });
  all->insert(all->end(), line.given.begin(), line.given.end());
  return all;
}

}  // namespace weft
