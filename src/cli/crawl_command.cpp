#include "cli/crawl_command.hpp"

#include <algorithm>
#include <cstdio>

#include "cli/command_line.hpp"
#include "cli/config_file.hpp"
#include "cli/help.hpp"
#include "cli/resume_command.hpp"
#include "cli/run_crawl.hpp"
#include "cli/tell.hpp"

namespace weft {
std::string crawl_help() {
  CrawlOptions options;
  const OptionTable table = crawl_options(options);
  return to_text(
      {.usage = {"weft crawl [OPTION...] URL...", "weft crawl [OPTION...] -i FILE",
                 "weft crawl [OPTION...] --update JOB"},
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
  const auto given = with_config(*line, "crawl", table);
  if (!given) return tl::unexpected(given.error());
  if (auto set = apply(*given); !set) return tl::unexpected(set.error());
  if (!options.update.empty()) return fail("--update is given on the command line alone");
  options.to_save = saved(*given);
  options.urls = line->rest;
  options.crawl.wait = std::max(options.crawl.wait, options.rate);
  if (!options.output.keep_job && !options.output.directory.empty()) {
    return fail("-o names a job directory and --no-job keeps none: leave one of them out");
  }
  if (options.crawl.dry_run) options.output.keep_job = false;
  return options;
}

ExitCode crawl_command(Words words) {
  auto update = read_update(words);
  if (!update) {
    tell(update.error().message);
    return ExitCode::wrong_use;
  }
  if (*update) return run_resumed(std::move(**update));
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
