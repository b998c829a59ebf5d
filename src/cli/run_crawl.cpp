#include "cli/run_crawl.hpp"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <memory>

#include "cli/plan.hpp"
#include "cli/prepared_run.hpp"
#include "cli/reporting.hpp"
#include "cli/shell_words.hpp"
#include "cli/tell.hpp"
#include "cli/watch.hpp"
#include "weft/crawl/crawl.hpp"
#include "weft/report/summary.hpp"
#include "weft/report/tally.hpp"
#include "weft/store/jsonl.hpp"

namespace weft {
namespace {

class CrawlRun {
 public:
  explicit CrawlRun(PreparedRun prepared)
      : options_(std::move(prepared.options)),
        bad_lines_(prepared.bad_lines),
        resumed_(std::move(prepared.resumed)),
        job_(std::move(prepared.outputs.job)),
        db_(std::move(prepared.outputs.db)),
        sinks_(std::move(prepared.outputs.sinks)),
        stopping_(clock_),
        plan_(signals_),
        progress_(STDERR_FILENO, shown(), clock_),
        resolver_(resolver_config(options_.dns_servers, options_.net.connect_timeout), clock_),
        limit_(options_.limit_rate, clock_),
        begun_(clock_.now()) {}

  ExitCode run();

 private:
  Result<std::unique_ptr<Crawl>> create();
  void tell_start(const Crawl& crawl) const;
  void draw(const Crawl& crawl);
  void summarise(const CrawlResult& result) const;
  void tell_lists() const;
  std::string go_on_command(const CrawlResult& result) const;
  RunEnd end_of(const CrawlResult& result) const;

  ProgressMode shown() const {
    return options_.crawl.dry_run ? ProgressMode::none : progress_mode(options_.output);
  }

  const CrawlOptions options_;
  const std::size_t bad_lines_;
  const std::optional<ResumeRequest> resumed_;  // nothing: a new crawl
  std::optional<JobDir> job_;
  std::unique_ptr<JobDb> db_;                 // until the crawl has it
  std::vector<std::unique_ptr<Sink>> sinks_;  // as db_

  // In the order in which they must be made: threads inherit the signal mask.
  Signals signals_;
  SystemClock clock_;
  Stopping stopping_;
  Plan plan_;
  Progress progress_;
  Resolver resolver_;
  RateLimit limit_;
  const Clock::time_point begun_;
  const Tally* tally_ = nullptr;  // the crawl's
  std::uint64_t pages_before_ = 0;
};

Result<std::unique_ptr<Crawl>> CrawlRun::create() {
  auto tally = std::make_unique<Tally>();
  tally_ = tally.get();
  if (resumed_) {
    if (auto counted = count_earlier(*db_, *tally); !counted) {
      return tl::unexpected(counted.error());
    }
  }
  pages_before_ = tally->totals().pages();
  sinks_.insert(sinks_.begin(), std::move(tally));
  CrawlSeams seams{
      .clock = clock_,
      .make_transfers =
          [this] { return make_curl_transfers(options_.net, resolver_, limit_, clock_); },
      .sinks = std::move(sinks_),
      .job = std::move(db_),
      .on_finished = [this] { signals_.ring(); }};
  if (!may_use_proxy(options_.net)) seams.look_up = look_up_by(resolver_);
  if (options_.crawl.dry_run) {
    seams.on_planned = [this](const Url& url, std::string_view rule) { plan_.add(url, rule); };
  }
  if (!resumed_) return Crawl::create(options_.crawl, std::move(seams));
  return Crawl::resume(options_.crawl, std::move(seams),
                       resumed_->judge_again ? Rejudge::yes : Rejudge::no);
}

ExitCode CrawlRun::run() {
  auto crawl = create();
  if (!crawl) {
    tell(crawl.error().message);
    return ExitCode::wrong_use;
  }
  if (job_) job_->keep();
  tell_start(**crawl);
  (*crawl)->start();
  watch({.finished = [&crawl] { return (*crawl)->finished(); },
         .in_flight = [&crawl] { return (*crawl)->state().frontier.leased; },
         .stop = [&crawl](StopHow how, StopReason why) { (*crawl)->stop(how, why); },
         .draw = [this, &crawl] { draw(**crawl); },
         .output_broke = [this] { return plan_.error() != 0; }},
        signals_, stopping_, progress_);
  const CrawlResult result = (*crawl)->join();
  progress_.clear();
  log(LogLevel::info, "crawl ended pages={} failures={} left_queued={} stopped={}",
      tally_->totals().pages(), tally_->totals().failures(), result.left_queued,
      result.stopped == StopReason::none ? "no" : describe(result.stopped));

  const bool pipe_broke =
      plan_.error() == EPIPE || (result.sink_error && result.sink_error->message == kBrokenPipe);
  if (pipe_broke) return ExitCode::done;  // whoever read it has enough
  if (!options_.output.quiet) summarise(result);
  tell_lists();
  const RunEnd end = end_of(result);
  tell_end(end);
  return exit_code(end);
}

void CrawlRun::tell_start(const Crawl& crawl) const {
  if (!resumed_) {
    log(LogLevel::info, "crawl started seeds={} first={}", options_.crawl.seeds.size(),
        options_.crawl.seeds.front().without_credentials().href());
    return;
  }
  const Resumed state = crawl.resumed();
  log(LogLevel::info, "crawl {} settled={} queued={} refused_now={} admitted_now={} given={}",
      resumed_->update ? "begun again" : "resumed", state.settled, state.queued, state.refused_now,
      state.admitted_now, to_text(resumed_->anew));
  if (options_.output.quiet) return;
  if (resumed_->update) {
    tell(fmt::format("visiting '{}' again: {} queued", job_->path(), count_of_urls(state.queued)));
  } else if (state.queued == 0) {
    tell(fmt::format("nothing is left to do for '{}': {} settled", job_->path(),
                     count_of_urls(state.settled)));
  } else {
    tell(fmt::format("going on with '{}': {} settled, {} queued", job_->path(),
                     count_of_urls(state.settled), state.queued));
  }
  if (state.refused_now + state.admitted_now == 0) return;
  tell(fmt::format("the scope has changed: {} queued {} refused now, {} refused {} queued",
                   state.refused_now, state.refused_now == 1 ? "URL is" : "URLs are",
                   state.admitted_now, state.admitted_now == 1 ? "one" : "ones"));
}

void CrawlRun::draw(const Crawl& crawl) {
  if (progress_.mode() == ProgressMode::none) return;
  const CrawlState state = crawl.state();
  const Totals totals = tally_->totals();
  progress_.draw({.pages = totals.pages(),
                  .in_flight = state.frontier.leased,
                  .queued = state.frontier.queued,
                  .hosts = state.frontier.hosts,
                  .errors = totals.failures(),
                  .bytes = totals.wire_bytes,
                  .waiting_for = state.waiting_for,
                  .elapsed = clock_.now() - begun_});
}

void CrawlRun::summarise(const CrawlResult& result) const {
  constexpr std::size_t kTopHosts = 5;
  SummaryInput input{.tally = tally_->snapshot(kTopHosts),
                     .pages_before = pages_before_,
                     .elapsed = clock_.now() - begun_,
                     .refused = result.refused,
                     .html = {.scanned = result.html.scanned,
                              .parsed = result.html.parsed,
                              .audited = result.html.audited,
                              .differed = result.html.differed,
                              .costly = result.html.cut + result.html.spared,
                              .costly_hosts = result.html.costly_hosts},
                     .stopped_because = std::string(describe(result.stopped)),
                     .left_in_queue = result.left_queued,
                     .go_on = go_on_command(result)};
  for (const HostTrouble& trouble : result.troubles) {
    input.set_aside.push_back({trouble.host, trouble.reason});
  }
  if (job_) {
    const std::string& log = options_.output.log_file;
    input.results = {{"records", job_->pages()}, {"log", log.empty() ? job_->log() : log}};
  }
  const auto add = [&input](std::string_view what, const std::string& path) {
    if (!path.empty() && path != "-") input.results.push_back({std::string(what), path});
  };
  add("records", options_.output.jsonl);
  add("links", options_.output.links);
  std::fputs(summary_text(input).c_str(), stderr);
}

// The command that goes on with what is left, or empty.
std::string CrawlRun::go_on_command(const CrawlResult& result) const {
  if (!job_ || (result.left_queued == 0 && !result.sink_error)) return {};
  std::string command = "weft resume " + shell_path(job_->path());
  if (result.stopped == StopReason::max_pages) return command + " --max-pages N";
  if (result.stopped == StopReason::max_bytes) return command + " --max-bytes SIZE";
  return command;
}

void CrawlRun::tell_lists() const {
  if (bad_lines_ > 0) {
    tell(fmt::format("lines of the lists that were no URLs: {}, see above", bad_lines_));
  }
}

RunEnd CrawlRun::end_of(const CrawlResult& result) const {
  return {.stopped = result.stopped,
          .sink_error = result.sink_error,
          .signal = stopping_.signal(),
          .has_failures = tally_->totals().failures() > 0 || bad_lines_ > 0,
          .is_quiet = options_.output.quiet,
          .keeps_job = job_.has_value(),
          .go_on = go_on_command(result)};
}

ExitCode run(Started<PreparedRun> prepared) {
  if (!prepared) {
    tell(prepared.error().message);
    return prepared.error().code;
  }
  net_global_init();
  return CrawlRun(std::move(*prepared)).run();
}

}  // namespace

ExitCode run_crawl(CrawlOptions options) { return run(prepare(std::move(options))); }

ExitCode run_resumed(ResumeRequest request) { return run(prepare(std::move(request))); }

}  // namespace weft
