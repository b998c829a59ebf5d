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
Result<void> set_flag(const OptionTable& table, const Option& option, const TomlEntry& entry) {
  const bool is_one = entry.values.size() == 1 && !entry.values.front().quoted;
  const std::string& text = is_one ? entry.values.front().text : entry.key;
  if (text == "true") return option.set({});
  if (text != "false") return fail("{} is either true or false", option.name);
  const std::string name = option.name;
  const Option* const opposite =
      find_option(table, name.starts_with("no-") ? name.substr(3) : "no-" + name);
  return opposite == nullptr ? Result<void>() : opposite->set({});
}

Result<void> set_entry(const OptionTable& table, const Option& option, const TomlEntry& entry) {
  if (option.value.empty()) return set_flag(table, option, entry);
  for (const TomlValue& value : entry.values) {
    if (auto set = option.set(value.text); !set) {
      return fail("{}: {}", option.name, set.error().message);
    }
  }
  return {};
}

}  // namespace

Result<void> apply_config_text(std::string_view text, std::string_view path,
                               std::string_view command, const OptionTable& table,
                               const CommandLine& line) {
  const auto entries = parse_toml(text);
  if (!entries) return fail("{}:{}", path, entries.error().message);
  for (const TomlEntry& entry : *entries) {
    const auto at = [&](const Error& why) {
      return fail("{}:{}: {}", path, entry.line, why.message);
    };
    if (!entry.table.empty() && entry.table != command) {
      return fail("{}:{}: [{}] is no command of this program: write [{}]", path, entry.line,
                  entry.table, command);
    }
    const auto option = known_option(table, entry.key);
    if (!option) return at(option.error());
    const bool given =
        std::ranges::any_of(line.given, [&](const Given& one) { return one.option == *option; });
    if (given) continue;
    if (auto set = set_entry(table, **option, entry); !set) return at(set.error());
  }
  return {};
}

Result<void> apply_config(const std::string& path, std::string_view command,
                          const OptionTable& table, const CommandLine& line) {
  const auto text = read_text_file(path);
  if (!text) return fail("cannot read the configuration file '{}': {}", path, text.error().message);
  return apply_config_text(*text, path, command, table, line);
}

}  // namespace weft
