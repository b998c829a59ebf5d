#include "cli/prepared_run.hpp"

#include <sys/resource.h>

#include <algorithm>
#include <thread>

#include "cli/seeds.hpp"
#include "cli/tell.hpp"

namespace weft {
namespace {

// A socket for each transfer, and some files besides: the usual 1024 is soon too few. What is
// left is for connections that are kept, and for those that have been shut down and not yet closed.
Result<void> allow_open_files(int jobs, NetConfig& net) {
  constexpr rlim_t kMost = 16'384;
  constexpr rlim_t kMostIdle = 512;  // of each worker
  rlimit limit{};
  const rlim_t needed = static_cast<rlim_t>(jobs) + 256;
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return {};
  if (limit.rlim_max < needed) {
    return fail("--jobs {} needs {} open files, and the system allows {} (ulimit -Hn)", jobs,
                needed, limit.rlim_max);
  }
  const rlim_t wanted = std::min(limit.rlim_max, std::max(2 * needed, kMost));
  if (limit.rlim_cur < wanted) {
    limit.rlim_cur = wanted;
    ::setrlimit(RLIMIT_NOFILE, &limit);
  }
  const rlim_t workers = std::max(1u, std::thread::hardware_concurrency());
  net.max_idle = std::min(kMostIdle, (limit.rlim_cur - needed) / (2 * workers));
  return {};
}

void say(const std::string& text) { tell(text); }

// What the job was started with, changed as it was since, and what is given to this run.
Result<CrawlOptions> options_of(const ResumeRequest& request, const KeptJob& job) {
  CrawlOptions options;
  const OptionTable table = crawl_options(options);
  options.to_save = replaced(job.options, request.anew);
  for (const SavedOptions& part : {options.to_save, request.for_this_run}) {
    const auto given = given_again(part, table);
    if (!given) return tl::unexpected(given.error());
    if (auto set = apply(*given); !set) return tl::unexpected(set.error());
  }
  options.crawl.wait = std::max(options.crawl.wait, options.rate);
  options.output.directory = request.job;
  options.crawl.seeds = job.logins;
  return options;
}

}  // namespace

Result<void> check_transfers(CommonOptions& options, int jobs) {
  if (auto valid = validate(options.net); !valid) return valid;
  if (options.net.http == HttpVersion::http2 && options.limit_rate.count != 0) {
    tell("--http2 has no effect with --limit-rate: a limited bandwidth needs HTTP/1.1");
  }
  return allow_open_files(jobs, options.net);
}

Started<PreparedRun> prepare(CrawlOptions options) {
  auto seeds = read_seeds(options.urls, options.input_files, say);
  if (!seeds) return wrong_use(std::move(seeds).error());
  if (auto checked = check_transfers(options, options.crawl.jobs); !checked)
    return wrong_use(std::move(checked).error());
  options.crawl.seeds = std::move(seeds->urls);

  auto outputs = open_outputs(options);
  if (!outputs) return tl::unexpected(std::move(outputs).error());
  return PreparedRun{
      .options = std::move(options), .bad_lines = seeds->bad_lines, .outputs = std::move(*outputs)};
}

Started<PreparedRun> prepare(ResumeRequest request) {
  auto job = open_kept_job(request.job);
  if (!job) return tl::unexpected(std::move(job).error());
  auto options = options_of(request, *job);
  if (!options) {
    return wrong_use(
        {fmt::format("cannot go on with the job '{}': {}", request.job, options.error().message)});
  }
  if (auto checked = check_transfers(*options, options->crawl.jobs); !checked)
    return wrong_use(std::move(checked).error());

  const auto visit = job->db->visit();
  if (!visit) return wrong_use(visit.error());
  request.judge_again = request.judge_again || job->must_judge_again;
  request.update = request.update || job->must_begin_visit;
  options->crawl.recrawl = *visit > 1 || request.update;
  return PreparedRun{.options = std::move(*options),
                     .resumed = ResumedRun{std::move(request), std::move(*job)}};
}

Started<Outputs> reopen(ResumedRun& run, const CrawlOptions& options, const Notice& tell) {
  auto outputs = reopen_outputs(options.output, std::move(run.job), WhichBatch::same, tell);
  if (!outputs) return outputs;
  auto remembered = remember_change(*outputs->db, {.options = options.to_save,
                                                   .changes_scope = run.request.judge_again,
                                                   .begins_visit = run.request.update});
  if (!remembered) return refuse(ExitCode::cannot_write, std::move(remembered).error());
  return outputs;
}

}  // namespace weft
