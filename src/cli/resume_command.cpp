#include "cli/resume_command.hpp"

#include <algorithm>
#include <cstdio>

#include "cli/command_line.hpp"
#include "cli/help.hpp"
#include "cli/options.hpp"
#include "cli/prepared_get.hpp"
#include "cli/run_crawl.hpp"
#include "cli/run_get.hpp"
#include "cli/tell.hpp"

namespace weft {
namespace {

constexpr std::string_view kUpdate = "update";

bool is_update(const Given& given) { return given.option->name == kUpdate; }

// What of `line` is for the job, its values checked. They set nothing yet: what the job
// remembers is given first.
Result<ResumeRequest> read_given(std::string job, std::span<const Given> given) {
  if (auto checked = check_may_change(given); !checked) return tl::unexpected(checked.error());
  if (auto set = apply(given); !set) return tl::unexpected(set.error());
  ResumeRequest request{.job = std::move(job), .judge_again = changes_scope(given)};
  request.anew = saved(given);
  for (const Given& one : given) {
    if (one.option->in_job != InJob::each_run) continue;
    request.for_this_run.push_back({one.option->name, one.value});
  }
  return request;
}

}  // namespace

std::string resume_help() {
  CrawlOptions options;
  const OptionTable table = changeable(crawl_options(options));
  return to_text(
      {.usage = {"weft resume JOB [OPTION...]"},
       .about = "Goes on with a job that was stopped or killed, as it was started: JOB is its "
                "directory, which remembers the options. These may be given anew, and are "
                "remembered from then on; where the scope changes, what is queued and what the "
                "scope has refused is judged again. --include and --exclude given anew replace "
                "all those given before. The defaults are those of a job that was told nothing "
                "else. A job of weft get is gone on with in the same way; its options are those of "
                "'weft get --help'.",
       .table = &table,
       .examples = {"weft resume docs.example.org.weft",
                    "weft resume docs.example.org.weft --jobs 8 --wait 1s --exclude '\\.pdf$'"}});
}

Result<std::optional<ResumeRequest>> read_resume(Words words, const OptionTable& table) {
  const auto line = read_command_line(table, words);
  if (!line) return tl::unexpected(line.error());
  if (line->help) return std::nullopt;
  if (line->rest.size() != 1 || line->rest.front().empty()) {
    return fail("{}: write 'weft resume JOB', JOB being a directory as example.org.weft",
                line->rest.empty() ? "no job given" : "a job alone can be resumed, without URLs");
  }
  auto request = read_given(line->rest.front(), line->given);
  if (!request) return tl::unexpected(request.error());
  return std::move(*request);
}

Result<std::optional<ResumeRequest>> read_update(Words words) {
  CrawlOptions unused;
  const OptionTable table = crawl_options(unused);
  auto line = read_command_line(table, words);
  if (!line || line->help) return std::nullopt;
  const auto updates = std::ranges::count_if(line->given, is_update);
  if (updates == 0) return std::nullopt;
  if (updates > 1) return fail("--update: one job at a time");
  const std::string job = std::ranges::find_if(line->given, is_update)->value;
  if (job.empty()) return fail("--update: the job has no name");
  if (!line->rest.empty()) {
    return fail("--update visits the URLs of the job '{}' again: leave out '{}'", job,
                line->rest.front());
  }
  std::erase_if(line->given, is_update);
  auto request = read_given(job, line->given);
  if (!request) return tl::unexpected(request.error());
  request->update = true;
  return std::move(*request);
}

ExitCode resume_command(Words words) {
  // Which options there are depends on what the job is of.
  CrawlOptions crawl;
  GetOptions get;
  const auto job = std::ranges::find_if(
      words, [](const std::string& word) { return !find_get_job(word).empty(); });
  const bool is_get = job != words.end();
  auto request = read_resume(words, is_get ? get_options(get) : crawl_options(crawl));
  if (!request) {
    tell(request.error().message);
    return ExitCode::wrong_use;
  }
  if (!*request) {
    fmt::print("{}", resume_help());
    return ExitCode::done;
  }
  if (!is_get) return run_resumed(std::move(**request));
  (*request)->job = find_get_job((*request)->job);
  return run_resumed_get(**request);
}

}  // namespace weft
