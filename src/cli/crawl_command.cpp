#include "cli/crawl_command.hpp"

#include <algorithm>
#include <cstdio>

#include "cli/command_line.hpp"
#include "cli/config_file.hpp"
#include "cli/help.hpp"
#include "cli/run_crawl.hpp"
#include "cli/tell.hpp"

namespace weft {
namespace {

// The file first, then the command line over it.
Result<void> set_all(const CommandLine& line, const OptionTable& table) {
  const auto config = std::find_if(line.given.rbegin(), line.given.rend(), [](const Given& given) {
    return given.option->name == kConfigOption;
  });
  if (config != line.given.rend()) {
    if (auto set = apply_config(config->value, "crawl", table, line); !set) return set;
  }
  return apply(line);
}

}  // namespace

std::string crawl_help() {
  CrawlOptions options;
  const OptionTable table = crawl_options(options);
  return to_text(
      {.usage = {"weft crawl [OPTION...] URL...", "weft crawl [OPTION...] -i FILE"},
       .about = "Crawls from the seeds: fetches every page in scope once, as robots.txt allows, "
                "and keeps a record of each URL in DIR/pages.jsonl. Durations are written 500ms, "
                "2s, 1m30s or 1h; sizes 10k, 1.5M or 2GiB.",
       .table = &table,
       .examples = {"weft crawl -o docs --scope prefix https://docs.python.org/3/",
                    "weft crawl --no-job --jsonl - -d 1 --wait 1s -i sites.txt > pages.jsonl"}});
}

Result<std::optional<CrawlOptions>> read_crawl_options(Words words) {
  CrawlOptions options;
  const OptionTable table = crawl_options(options);
  const auto line = read_command_line(table, words);
  if (!line) return tl::unexpected(line.error());
  if (line->help) return std::nullopt;
  if (auto set = set_all(*line, table); !set) return tl::unexpected(set.error());
  options.urls = line->rest;
  options.crawl.wait = std::max(options.crawl.wait, options.rate);
  if (!options.output.keep_job && !options.output.directory.empty()) {
    return fail("-o names a job directory and --no-job keeps none: leave one of them out");
  }
  if (options.crawl.dry_run) options.output.keep_job = false;
  return options;
}

ExitCode crawl_command(Words words) {
  auto options = read_crawl_options(words);
  if (!options) {
    tell(options.error().message);
    return ExitCode::wrong_use;
  }
  if (!*options) {
    fmt::print("{}", crawl_help());
    return ExitCode::done;
  }
  return run_crawl(std::move(**options));
}

}  // namespace weft
