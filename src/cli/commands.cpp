#include "cli/commands.hpp"

#include <fmt/core.h>

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <system_error>
#include <vector>

#include "cli/suggest.hpp"
#include "cli/tell.hpp"

#ifndef WEFT_VERSION
#define WEFT_VERSION "0 (built by hand)"
#endif

namespace weft {
namespace {

struct Command {
  std::string_view name;
  std::string_view usage;
  std::string_view about;
  ExitCode (*run)(Words words);
};

constexpr Command kCommands[] = {
    {"crawl", "crawl  [URL...] [-i FILE]", "crawl from seeds", crawl_command},
    {"get", "get    [URL...] [-i FILE]", "download every URL of a list", get_command},
    {"resume", "resume JOB", "go on with a job that was stopped or killed", resume_command},
    {"robots", "robots URL", "may this URL be fetched, and which rule says so", robots_command},
};

ExitCode print_help() {
  fmt::print(
      "usage: weft COMMAND [OPTION...] [URL...]\n"
      "\n"
      "A polite crawler and batch downloader: fetches every URL once, presses no host\n"
      "harder than you said, loses nothing when it is killed, keeps a record of each.\n"
      "\n"
      "Commands\n");
  for (const Command& command : kCommands) {
    fmt::print("  weft {:<26}{}\n", command.usage, command.about);
  }
  fmt::print(
      "\n"
      "  weft COMMAND --help            the options of a command\n"
      "  weft --version\n"
      "\n"
      "Examples\n"
      "  weft crawl https://example.org/\n"
      "  weft get -o images -i urls.txt\n");
  return ExitCode::done;
}

// What a command printed may only now turn out not to fit on the disk.
ExitCode with_output_written(ExitCode code) {
  const bool written = std::fflush(stdout) == 0 && std::ferror(stdout) == 0;
  if (written || errno == EPIPE) return code;
  tell(fmt::format("cannot write to standard output: {}", std::generic_category().message(errno)));
  return ExitCode::cannot_write;
}

ExitCode unknown_command(const std::string& word) {
  std::vector<std::string> names;
  for (const Command& command : kCommands) names.emplace_back(command.name);
  const bool is_option = word.starts_with('-');
  const std::string meant = is_option ? std::string() : nearest(word, names);
  if (word.find("://") != std::string::npos) {
    tell(fmt::format("'{}' is no command: did you mean 'weft crawl {}'?", word, word));
  } else if (is_option) {
    tell(
        fmt::format("'{}' comes before any command: write 'weft COMMAND {}'. 'weft --help' lists "
                    "the commands.",
                    word, word));
  } else if (!meant.empty()) {
    tell(fmt::format("unknown command '{}': did you mean '{}'?", word, meant));
  } else {
    tell(fmt::format("unknown command '{}'. 'weft --help' lists the commands.", word));
  }
  return ExitCode::wrong_use;
}

}  // namespace

ExitCode run_program(Words words) {
  std::signal(SIGXFSZ, SIG_IGN);  // a write past the limit fails, as one to a full disk does
  if (words.empty()) {
    tell("no command. 'weft --help' lists the commands; 'weft crawl URL' crawls.");
    return ExitCode::wrong_use;
  }
  const std::string& word = words.front();
  if (word == "--help" || word == "-h") return print_help();
  if (word == "--version" || word == "-V") {
    fmt::print("weft {}\n", WEFT_VERSION);
    return ExitCode::done;
  }
  for (const Command& command : kCommands) {
    if (command.name == word) return with_output_written(command.run(words.subspan(1)));
  }
  return unknown_command(word);
}

}  // namespace weft
