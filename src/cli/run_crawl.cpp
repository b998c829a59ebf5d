#include "cli/run_crawl.hpp"

#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstdio>
#include <memory>

#include "cli/outputs.hpp"
#include "cli/seeds.hpp"
#include "cli/signals.hpp"
#include "cli/tell.hpp"
#include "weft/crawl/crawl.hpp"
#include "weft/report/summary.hpp"
#include "weft/report/tally.hpp"
#include "weft/store/jsonl.hpp"

namespace weft {
namespace {

using namespace std::chrono_literals;

// A socket for each transfer, and some files besides: the usual 1024 is soon too few.
Result<void> allow_open_files(int jobs) {
  rlimit limit{};
  const rlim_t needed = static_cast<rlim_t>(jobs) + 256;
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur >= needed) return {};
  if (limit.rlim_max < needed) {
    return fail("--jobs {} needs {} open files, and the system allows {} (ulimit -Hn)", jobs,
                needed, limit.rlim_max);
  }
  limit.rlim_cur = needed;
  ::setrlimit(RLIMIT_NOFILE, &limit);
  return {};
}

// What is asked for, checked, with everything open that it needs: it can start.
struct Prepared {
  CrawlOptions options;
  std::size_t bad_lines = 0;
  std::optional<JobDir> job;
  std::vector<std::unique_ptr<Sink>> sinks;
};

Started<Prepared> prepare(CrawlOptions options) {
  const auto complain = [](const std::string& complaint) { tell(complaint); };
  auto seeds = read_seeds(options.urls, options.input_files, complain);
  if (!seeds) return wrong_use(std::move(seeds).error());
  if (auto valid = validate(options.net); !valid) return wrong_use(std::move(valid).error());
  if (auto allowed = allow_open_files(options.crawl.jobs); !allowed) {
    return wrong_use(std::move(allowed).error());
  }
  options.crawl.seeds = std::move(seeds->urls);

  auto outputs = open_outputs(options.output, options.crawl.seeds.front());
  if (!outputs) return tl::unexpected(std::move(outputs).error());
  return Prepared{std::move(options), seeds->bad_lines, std::move(outputs->job),
                  std::move(outputs->sinks)};
}

// The plan of --dry-run, on standard output. Called from workers' threads: each line is one
// write to the stream, which has a lock of its own.
class Plan {
 public:
  explicit Plan(const Signals& signals) : signals_(signals) {}

  void add(const Url& url, std::string_view rule) {
    const std::string line = rule.empty() ? fmt::format("fetch {}\n", url.href())
                                          : fmt::format("refuse {} {}\n", url.href(), rule);
    if (std::fwrite(line.data(), 1, line.size(), stdout) == line.size()) return;
    error_ = errno;
    signals_.ring();
  }

  // Why standard output takes no more, or 0.
  int error() const { return error_; }

 private:
  const Signals& signals_;
  std::atomic<int> error_{0};
};

class CrawlRun {
 public:
  explicit CrawlRun(Prepared prepared)
      : options_(std::move(prepared.options)),
        bad_lines_(prepared.bad_lines),
        job_(std::move(prepared.job)),
        sinks_(std::move(prepared.sinks)),
        plan_(signals_),
        progress_(STDERR_FILENO, progress_mode(), clock_),
        resolver_({}, clock_),
        limit_(options_.limit_rate, clock_),
        begun_(clock_.now()) {}

  ExitCode run();

 private:
  Result<std::unique_ptr<Crawl>> create();
  void wait(Crawl& crawl);
  void stop(Crawl& crawl, Signals::Event signal);
  void draw(const Crawl& crawl);
  void summarise(const CrawlResult& result) const;
  ExitCode exit_code(const CrawlResult& result) const;

  ProgressMode progress_mode() const {
    if (options_.output.quiet || options_.crawl.dry_run) return ProgressMode::none;
    if (options_.output.progress != ProgressMode::automatic) return options_.output.progress;
    // Lines of the log, or records on the same terminal, would go through a bar.
    const bool has_lines =
        options_.output.verbose || (options_.output.jsonl == "-" && ::isatty(STDOUT_FILENO) == 1);
    return has_lines ? ProgressMode::plain : ProgressMode::automatic;
  }

  const CrawlOptions options_;
  const std::size_t bad_lines_;
  std::optional<JobDir> job_;
  std::vector<std::unique_ptr<Sink>> sinks_;  // until the crawl has them

  // In the order in which they must be made: threads inherit the signal mask.
  Signals signals_;
  SystemClock clock_;
  Plan plan_;
  Progress progress_;
  Resolver resolver_;
  RateLimit limit_;
  const Clock::time_point begun_;
  const Tally* tally_ = nullptr;  // the crawl's
  std::optional<Signals::Event> stopped_by_;
};

Result<std::unique_ptr<Crawl>> CrawlRun::create() {
  auto tally = std::make_unique<Tally>();
  tally_ = tally.get();
  sinks_.insert(sinks_.begin(), std::move(tally));
  CrawlSeams seams{
      .clock = clock_,
      .make_transfers =
          [this] { return make_curl_transfers(options_.net, resolver_, limit_, clock_); },
      .sinks = std::move(sinks_),
      .on_finished = [this] { signals_.ring(); }};
  if (options_.crawl.dry_run) {
    seams.on_planned = [this](const Url& url, std::string_view rule) { plan_.add(url, rule); };
  }
  return Crawl::create(options_.crawl, std::move(seams));
}

ExitCode CrawlRun::run() {
  auto crawl = create();
  if (!crawl) {
    tell(crawl.error().message);
    return ExitCode::wrong_use;
  }
  if (job_) job_->keep();
  log(LogLevel::info, "crawl started seeds={} first={}", options_.crawl.seeds.size(),
      options_.crawl.seeds.front().without_credentials().href());
  (*crawl)->start();
  wait(**crawl);
  const CrawlResult result = (*crawl)->join();
  progress_.clear();
  log(LogLevel::info, "crawl ended pages={} failures={} left_queued={} stopped={}",
      tally_->totals().of(Outcome::ok), tally_->totals().failures(), result.left_queued,
      result.stopped == StopReason::none ? "no" : describe(result.stopped));

  const bool pipe_broke =
      plan_.error() == EPIPE || (result.sink_error && result.sink_error->message == kBrokenPipe);
  if (pipe_broke) return ExitCode::done;  // whoever read it has enough
  if (!options_.output.quiet) summarise(result);
  if (bad_lines_ > 0)
    tell(fmt::format("lines of the lists that were no URLs: {}, see above", bad_lines_));
  if (result.sink_error) tell(result.sink_error->message);
  return exit_code(result);
}

void CrawlRun::wait(Crawl& crawl) {
  const Clock::duration tick = progress_.mode() == ProgressMode::bar     ? 200ms
                               : progress_.mode() == ProgressMode::plain ? Progress::kPlainInterval
                                                                         : Clock::duration(1h);
  draw(crawl);
  while (!crawl.finished()) {
    const Signals::Event event = signals_.wait(tick);
    if (event == Signals::Event::interrupt || event == Signals::Event::terminate) {
      stop(crawl, event);
    } else if (plan_.error() != 0) {
      crawl.stop(StopHow::drop_transfers, StopReason::sink_failed);
    }
    draw(crawl);
  }
}

void CrawlRun::stop(Crawl& crawl, Signals::Event signal) {
  progress_.clear();
  if (!stopped_by_) {
    crawl.stop(StopHow::finish_transfers);
    stopped_by_ = signal;
    const std::size_t in_flight = crawl.state().frontier.leased;
    tell(in_flight == 0 ? "stopping"
                        : fmt::format("stopping when what is in flight is finished ({}); once more "
                                      "drops it",
                                      in_flight));
    return;
  }
  crawl.stop(StopHow::drop_transfers);
  tell("dropping what is in flight; once more ends the program at once");
  signals_.let_through();
}

void CrawlRun::draw(const Crawl& crawl) {
  if (progress_.mode() == ProgressMode::none) return;
  const CrawlState state = crawl.state();
  const Totals totals = tally_->totals();
  progress_.draw({.pages = totals.of(Outcome::ok),
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
                     .elapsed = clock_.now() - begun_,
                     .refused = result.refused,
                     .stopped_because = std::string(describe(result.stopped)),
                     .left_in_queue = result.left_queued};
  for (const HostTrouble& trouble : result.troubles) {
    input.set_aside.push_back({trouble.host, trouble.reason});
  }
  if (job_) input.results = {{"records", job_->pages()}, {"log", job_->log()}};
  const auto add = [&input](std::string_view what, const std::string& path) {
    if (!path.empty() && path != "-") input.results.push_back({std::string(what), path});
  };
  add("records", options_.output.jsonl);
  add("links", options_.output.links);
  std::fputs(summary_text(input).c_str(), stderr);
}

ExitCode CrawlRun::exit_code(const CrawlResult& result) const {
  if (result.sink_error) return ExitCode::cannot_write;
  if (result.stopped == StopReason::interrupted && stopped_by_) {
    return *stopped_by_ == Signals::Event::interrupt ? ExitCode::interrupted : ExitCode::terminated;
  }
  const bool failed = tally_->totals().failures() > 0 || bad_lines_ > 0;
  return failed ? ExitCode::some_failed : ExitCode::done;
}

}  // namespace

ExitCode run_crawl(CrawlOptions options) {
  auto prepared = prepare(std::move(options));
  if (!prepared) {
    tell(prepared.error().message);
    return prepared.error().code;
  }
  net_global_init();
  return CrawlRun(std::move(*prepared)).run();
}

}  // namespace weft
