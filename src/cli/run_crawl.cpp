#include "cli/run_crawl.hpp"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <memory>

#include "cli/ended_job.hpp"
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

constexpr std::size_t kTopHosts = 5;

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
  CrawlSeams seams();
  Started<std::unique_ptr<Crawl>> create();
  Started<std::unique_ptr<Crawl>> go_on();  // null: nothing is left to do
  ExitCode end_of_done() const;
  void tell_start(const Crawl& crawl) const;
  void tell_nothing_left(std::uint64_t settled) const;
  void draw(const Crawl& crawl);
  JobEnd job_end(const CrawlResult& result) const;
  SummaryInput summary(JobEnd end, std::uint64_t pages_before) const;
  void summarise(const CrawlResult& result) const;
  void tell_lists() const;
  std::string go_on_command(const CrawlResult& result) const;
  std::string go_on_command_while_read() const;
  RunEnd end_of(const CrawlResult& result) const;

  ProgressMode shown() const {
    return options_.crawl.dry_run ? ProgressMode::none : progress_mode(options_.output);
  }

  const CrawlOptions options_;
  const std::size_t bad_lines_;
  JobReading reading_;                 // of a job that goes on; before what holds its database
  std::optional<ResumedRun> resumed_;  // nothing: a new crawl
  std::optional<JobDir> job_;
  std::unique_ptr<JobDb> db_;                 // until the crawl has it
  std::vector<std::unique_ptr<Sink>> sinks_;  // as db_

  // Of a job that goes on, by the thread that reads it.
  bool is_remembered_ = false;  // what was given anew
  std::vector<std::string> notices_;
  std::optional<JobEnd> done_;  // nothing is left to do

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

CrawlSeams CrawlRun::seams() {
  CrawlSeams seams{
      .clock = clock_,
      .make_transfers =
          [this] { return make_curl_transfers(options_.net, resolver_, limit_, clock_); },
      .sinks = std::move(sinks_),
      .job = std::move(db_),
      .on_finished = [this] { signals_.ring(); },
      .on_done = [this](JobDb& job,
                        const CrawlResult& result) { return remember_end(job, job_end(result)); }};
  if (!may_use_proxy(options_.net)) seams.look_up = look_up_by(resolver_);
  if (options_.crawl.dry_run) {
    seams.on_planned = [this](const Url& url, std::string_view rule) { plan_.add(url, rule); };
  }
  return seams;
}

Started<std::unique_ptr<Crawl>> CrawlRun::create() {
  auto tally = std::make_unique<Tally>();
  tally_ = tally.get();
  sinks_.insert(sinks_.begin(), std::move(tally));
  auto crawl = Crawl::create(options_.crawl, seams());
  if (!crawl) return wrong_use(std::move(crawl).error());
  return std::move(*crawl);
}

Started<std::unique_ptr<Crawl>> CrawlRun::go_on() {
  const Notice notice = [this](const std::string& text) { notices_.push_back(text); };
  const ResumeRequest& request = resumed_->request;
  resumed_->job.db->watch(&reading_);
  auto outputs = reopen(*resumed_, options_, notice);
  if (!outputs) return tl::unexpected(std::move(outputs).error());
  is_remembered_ = true;
  if (request.update) {
    if (auto begun = begin_visit(*outputs, notice); !begun) return tl::unexpected(begun.error());
  }
  job_.emplace(std::move(*outputs->job));
  db_ = std::move(outputs->db);
  sinks_ = std::move(outputs->sinks);
  if (!request.judge_again) {
    auto end = recall_end(*db_);
    if (!end) return wrong_use(std::move(end).error());
    done_ = std::move(*end);
    if (done_) return nullptr;
  }
  auto tally = std::make_unique<Tally>();
  tally_ = tally.get();
  if (auto counted = count_earlier(*db_, *tally); !counted) return wrong_use(counted.error());
  pages_before_ = tally->totals().pages();
  sinks_.insert(sinks_.begin(), std::move(tally));
  auto crawl =
      Crawl::resume(options_.crawl, seams(), request.judge_again ? Rejudge::yes : Rejudge::no);
  if (!crawl) return wrong_use(std::move(crawl).error());
  return std::move(*crawl);
}

ExitCode CrawlRun::run() {
  Started<std::unique_ptr<Crawl>> crawl;
  if (resumed_) {
    const bool is_read =
        watch_reading([&] { crawl = go_on(); }, reading_, signals_, stopping_, progress_);
    for (const std::string& notice : notices_) tell(notice);
    if (!is_read) return end_of_reading(go_on_command_while_read(), *stopping_.signal());
  } else {
    crawl = create();
  }
  if (!crawl) {
    tell(crawl.error().message);
    return crawl.error().code;
  }
  if (*crawl == nullptr) return end_of_done();
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
  const ResumeRequest& request = resumed_->request;
  log(LogLevel::info, "crawl {} settled={} queued={} refused_now={} admitted_now={} given={}",
      request.update ? "begun again" : "resumed", state.settled, state.queued, state.refused_now,
      state.admitted_now, to_text(request.anew));
  if (options_.output.quiet) return;
  if (request.update) {
    tell(fmt::format("visiting '{}' again: {} queued", job_->path(), count_of_urls(state.queued)));
  } else if (state.queued == 0) {
    tell_nothing_left(state.settled);
  } else {
    tell(fmt::format("going on with '{}': {} settled, {} queued", job_->path(),
                     count_of_urls(state.settled), state.queued));
  }
  if (state.refused_now + state.admitted_now == 0) return;
  tell(fmt::format("the scope has changed: {} queued {} refused now, {} refused {} queued",
                   state.refused_now, state.refused_now == 1 ? "URL is" : "URLs are",
                   state.admitted_now, state.admitted_now == 1 ? "one" : "ones"));
}

void CrawlRun::tell_nothing_left(std::uint64_t settled) const {
  tell(fmt::format("nothing is left to do for '{}': {} settled", job_->path(),
                   count_of_urls(settled)));
}

ExitCode CrawlRun::end_of_done() const {
  const Totals& totals = done_->tally.totals;
  log(LogLevel::info, "crawl resumed settled={} queued=0", settled_in(totals));
  if (!options_.output.quiet) {
    tell_nothing_left(settled_in(totals));
    std::fputs(summary_text(summary(*done_, totals.pages())).c_str(), stderr);
  }
  return exit_code({.has_failures = totals.failures() > 0});
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

JobEnd CrawlRun::job_end(const CrawlResult& result) const {
  return {.tally = tally_->snapshot(kTopHosts),
          .refused = result.refused,
          .set_aside = troubled(result.troubles)};
}

SummaryInput CrawlRun::summary(JobEnd end, std::uint64_t pages_before) const {
  SummaryInput input{.tally = std::move(end.tally),
                     .pages_before = pages_before,
                     .elapsed = clock_.now() - begun_,
                     .refused = std::move(end.refused),
                     .set_aside = std::move(end.set_aside)};
  if (job_) {
    const std::string& log = options_.output.log_file;
    input.results = {{"records", job_->pages()}, {"log", log.empty() ? job_->log() : log}};
  }
  const auto add = [&input](std::string_view what, const std::string& path) {
    if (!path.empty() && path != "-") input.results.push_back({std::string(what), path});
  };
  add("records", options_.output.jsonl);
  add("links", options_.output.links);
  return input;
}

void CrawlRun::summarise(const CrawlResult& result) const {
  SummaryInput input = summary(job_end(result), pages_before_);
  const HtmlCounts& html = result.html;
  input.html = {.scanned = html.scanned,
                .parsed = html.parsed,
                .audited = html.audited,
                .differed = html.differed,
                .costly = html.cut + html.spared,
                .costly_hosts = html.costly_hosts};
  input.stopped_because = describe(result.stopped);
  input.left_in_queue = result.left_queued;
  input.go_on = go_on_command(result);
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

// Empty where the job does not know what was asked for.
std::string CrawlRun::go_on_command_while_read() const {
  const ResumeRequest& request = resumed_->request;
  if (!is_remembered_ && (request.update || !request.anew.empty())) return {};
  return "weft resume " + shell_path(request.job);
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
