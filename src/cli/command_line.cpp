// The only file that includes CLI11, which costs 1.5 s. CLI11 takes the words apart; what
// options mean is in the table.
#include "cli/command_line.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>

#include "cli/suggest.hpp"

namespace weft {
namespace {

std::string declared_as(const Option& option) {
  return option.letter == 0 ? fmt::format("--{}", option.name)
                            : fmt::format("-{},--{}", option.letter, option.name);
}

// CLI11 calls back as it reads, so that the order between options is kept.
void declare(CLI::App& app, const Option& option, CommandLine& line) {
  const auto note = [&option, &line](const CLI::results_t& values) {
    for (const std::string& value : values) line.given.push_back({&option, value, {}});
    return true;
  };
  if (!option.value.empty()) {
    app.add_option(declared_as(option), note)->trigger_on_parse()->expected(1);
    return;
  }
  const auto note_flag = [&option, &line] { line.given.push_back({&option, {}, {}}); };
  app.add_flag_callback(declared_as(option), note_flag)
      ->trigger_on_parse()
      ->disable_flag_override();
}

tl::unexpected<Error> unknown_option(const OptionTable& table, std::string_view written) {
  const std::string_view word = written.substr(0, written.find('='));
  std::vector<std::string> known{"--help"};
  for (const OptionGroup& group : table) {
    for (const Option& option : group.options) known.push_back("--" + option.name);
  }
  const std::string meant = word.starts_with("--") ? nearest(word, known) : std::string();
  if (meant.empty()) return fail("unknown option '{}'. --help lists the options.", word);
  return fail("unknown option '{}': did you mean {}?", word, meant);
}

// CLI11 names an option by all its names; the user wrote one of them.
tl::unexpected<Error> mismatch(const OptionTable& table, std::span<const std::string> words) {
  for (const std::string& word : words) {
    const std::size_t assigned = word.find('=');
    if (!word.starts_with("--") || assigned == std::string::npos) continue;
    const Option* const option = find_option(table, std::string_view(word).substr(2, assigned - 2));
    if (option != nullptr && option->value.empty()) {
      return fail("--{} takes no value", option->name);
    }
  }
  const std::string& last_word = words.back();  // values run out at the end
  const bool is_long = last_word.starts_with("--");
  for (const OptionGroup& group : table) {
    for (const Option& option : group.options) {
      const bool is_it = is_long ? last_word.substr(2) == option.name
                                 : option.letter != 0 && last_word.back() == option.letter;
      if (is_it) return fail("{} needs a value: {} {}", last_word, last_word, option.value);
    }
  }
  return fail("the last option needs a value");
}

}  // namespace

Result<CommandLine> read_command_line(const OptionTable& table,
                                      std::span<const std::string> words) {
  CommandLine line;
  CLI::App app;
  app.set_help_flag();
  app.allow_extras();
  app.add_flag("-h,--help", line.help);
  app.add_option("words", line.rest)->expected(-1);
  for (const OptionGroup& group : table) {
    for (const Option& option : group.options) declare(app, option, line);
  }
  std::vector<std::string> reversed(words.rbegin(), words.rend());  // as CLI11 wants them
  try {
    app.parse(std::move(reversed));
  } catch (const CLI::ArgumentMismatch&) {
    return mismatch(table, words);
  } catch (const CLI::ParseError& reason) {
    return fail("{}", reason.what());
  }
  for (const std::string& word : app.remaining()) {
    if (word != "--") return unknown_option(table, word);
  }
  return line;
}

Result<void> apply(std::span<const Given> given) {
  for (const Given& one : given) {
    const auto set = one.option->set(one.value);
    if (set) continue;
    if (one.place.empty()) return fail("--{}: {}", one.option->name, set.error().message);
    return fail("{}: {}: {}", one.place, one.option->name, set.error().message);
  }
  return {};
}

}  // namespace weft
