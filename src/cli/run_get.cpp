#include "cli/run_get.hpp"

#include <unistd.h>

#include <atomic>
#include <cstdio>
#include <filesystem>
#include <memory>

#include "cli/ended_job.hpp"
#include "cli/prepared_get.hpp"
#include "cli/reporting.hpp"
#include "cli/shell_words.hpp"
#include "cli/tell.hpp"
#include "cli/watch.hpp"
#include "weft/get/get.hpp"
#include "weft/report/summary.hpp"
#include "weft/report/tally.hpp"
#include "weft/store/jsonl.hpp"

namespace weft {
namespace {

constexpr std::size_t kTopHosts = 5;

// What is left has a size where all that is not settled is under way and large enough to be seen.
ProgressState progress_of(const GetState& state, const Totals& totals, Clock::duration elapsed) {
  ProgressState progress{.noun = "file",
                         .pages = totals.pages(),
                         .in_flight = state.frontier.leased,
                         .queued = state.frontier.queued,
                         .hosts = state.frontier.hosts,
                         .errors = totals.failures(),
                         .bytes = state.received,
                         .waiting_for = state.waiting_for,
                         .elapsed = elapsed,
                         .counts_bytes = true,
                         .settled = settled_in(totals),
                         .begun = state.begun};
  if (state.lists_read) progress.total = state.files;
  if (state.lists_read && progress.settled + state.sized == state.files) progress.left = state.left;
  progress.had = Bytes{totals.bytes.count + state.had.count};
  for (const UnderWay& one : state.largest) {
    progress.transfers.push_back({one.id, one.path, one.done, one.size});
  }
  return progress;
}

// Tells why the first few files were not had, as they fail: of a batch of one that is all a user
// wants to know, of a large one failed.txt has the rest.
class FailureTeller final : public Sink {
 public:
  explicit FailureTeller(Remarks& remarks) : remarks_(remarks) {}

  Result<void> write(const Record& record) override {
    constexpr int kMost = 10;
    if (!is_failure(record.outcome) || told_ > kMost) return {};
    const std::string why =
        record.error ? record.error->message : std::string(name(record.outcome));
    remarks_.add(++told_ > kMost ? "further failures are not told here"
                                 : fmt::format("{}: {}", record.url, why));
    return {};
  }

 private:
  Remarks& remarks_;
  int told_ = 0;
};

class GetRun {
 public:
  explicit GetRun(PreparedGet prepared)
      : options_(std::move(prepared.options)),
        resumed_(std::move(prepared.resumed)),
        is_resumed_(resumed_.has_value()),
        remembers_all_(!is_resumed_ || prepared.anew.empty()),
        job_(std::move(prepared.outputs.job)),
        db_(std::move(prepared.outputs.db)),
        former_(std::move(prepared.former)),
        sinks_(std::move(prepared.outputs.sinks)),
        stopping_(clock_),
        remarks_([this] { signals_.ring(); }),
        progress_(STDERR_FILENO, shown(), clock_),
        resolver_(resolver_config(options_.dns_servers, options_.net.connect_timeout), clock_),
        limit_(options_.limit_rate, clock_),
        begun_(clock_.now()) {}

  ExitCode run();

 private:
  GetSeams seams(std::unique_ptr<Tally> tally);
  Started<std::unique_ptr<Get>> create();
  Started<std::unique_ptr<Get>> go_on();  // null: nothing is left to do
  ExitCode end_of_done() const;
  void tell_start(const Get& get) const;
  void draw(const Get& get);
  JobEnd job_end(const GetResult& result) const;
  SummaryInput summary(JobEnd end, std::uint64_t files_before) const;
  void summarise(const GetResult& result) const;
  void tell_lists(const GetResult& result) const;
  std::string resume_command() const { return "weft resume " + shell_path(options_.get.directory); }
  std::string go_on_command(const GetResult& result) const;
  RunEnd end_of(const GetResult& result) const;

  bool is_silent() const { return options_.get.dry_run || options_.get.document == "-"; }
  ProgressMode shown() const {
    const bool is_in_the_way = options_.get.document == "-" && ::isatty(STDOUT_FILENO) == 1;
    return options_.get.dry_run || is_in_the_way ? ProgressMode::none
                                                 : progress_mode(options_.output);
  }
  std::string failed_list() const { return job_ ? job_->path() + "/failed.txt" : std::string(); }

  const GetOptions options_;
  JobReading reading_;              // of a job that goes on; before what holds its database
  std::optional<KeptJob> resumed_;  // until it is reopened
  const bool is_resumed_;
  bool remembers_all_;  // the job, of what was given anew
  std::optional<JobDir> job_;
  std::unique_ptr<JobDb> db_;                 // until the batch has it
  std::unique_ptr<FormerFiles> former_;       // as db_
  std::vector<std::unique_ptr<Sink>> sinks_;  // as db_

  // Of a job that goes on, by the thread that reads it.
  std::vector<std::string> notices_;
  std::optional<JobEnd> done_;  // nothing is left to do

  // In the order in which they must be made: threads inherit the signal mask.
  Signals signals_;
  SystemClock clock_;
  Stopping stopping_;
  Remarks remarks_;
  Progress progress_;
  Resolver resolver_;
  RateLimit limit_;
  const Clock::time_point begun_;
  const Tally* tally_ = nullptr;  // the batch's
  std::uint64_t files_before_ = 0;
  std::atomic<bool> output_broke_{false};
};

GetSeams GetRun::seams(std::unique_ptr<Tally> tally) {
  tally_ = tally.get();
  files_before_ = tally->totals().pages();
  sinks_.insert(sinks_.begin(), std::move(tally));
  if (!options_.output.quiet) sinks_.push_back(std::make_unique<FailureTeller>(remarks_));
  GetSeams seams{
      .clock = clock_,
      .make_transfers =
          [this] { return make_curl_transfers(options_.net, resolver_, limit_, clock_); },
      .sinks = std::move(sinks_),
      .job = std::move(db_),
      .former = std::move(former_),
      .on_finished = [this] { signals_.ring(); },
      .on_done = [this](JobDb& job,
                        const GetResult& result) { return remember_end(job, job_end(result)); },
      .on_complaint = [this](std::string_view text) { remarks_.add(text); }};
  if (!may_use_proxy(options_.net)) seams.look_up = look_up_by(resolver_);
  if (options_.get.dry_run) {
    seams.on_planned = [this](const Url& url, std::string_view path, std::string_view why_not) {
      const std::string line =
          path.empty() ? fmt::format("skip {}\t{}\n", url.without_credentials().href(), why_not)
                       : fmt::format("fetch {}\t{}\n", url.without_credentials().href(), path);
      if (std::fwrite(line.data(), 1, line.size(), stdout) == line.size()) return;
      output_broke_ = true;
      signals_.ring();
    };
  }
  return seams;
}

Started<std::unique_ptr<Get>> GetRun::create() {
  auto get = Get::create(options_.get, seams(std::make_unique<Tally>()));
  if (!get) return wrong_use(std::move(get).error());
  return std::move(*get);
}

Started<std::unique_ptr<Get>> GetRun::go_on() {
  resumed_->db->watch(&reading_);
  auto reopened = reopen(*std::exchange(resumed_, std::nullopt), options_, reading_,
                         [this](const std::string& text) { notices_.push_back(text); });
  if (!reopened) return tl::unexpected(std::move(reopened).error());
  remembers_all_ = true;
  job_.emplace(std::move(*reopened->outputs.job));
  db_ = std::move(reopened->outputs.db);
  sinks_ = std::move(reopened->outputs.sinks);
  former_ = std::move(reopened->former);
  const auto lost = Get::take_back_lost(*db_, options_.get);
  if (!lost) return wrong_use(lost.error());
  if (*lost > 0) {
    notices_.push_back(
        fmt::format("{} of the files finished last are not on the disk as they were (a power "
                    "cut?): they are fetched again, and what stood there is NAME.spoilt",
                    *lost));
  }
  auto end = recall_end(*db_);
  if (!end) return wrong_use(std::move(end).error());
  done_ = std::move(*end);
  if (done_) return nullptr;
  auto tally = std::make_unique<Tally>();
  if (auto counted = count_earlier(*db_, *tally); !counted) return wrong_use(counted.error());
  auto get = Get::resume(options_.get, seams(std::move(tally)));
  if (!get) return wrong_use(std::move(get).error());
  return std::move(*get);
}

ExitCode GetRun::run() {
  Started<std::unique_ptr<Get>> created;
  if (is_resumed_) {
    const bool is_read =
        watch_reading([&] { created = go_on(); }, reading_, signals_, stopping_, progress_);
    for (const std::string& notice : notices_) tell(notice);
    if (!is_read) {
      return end_of_reading(remembers_all_ ? resume_command() : std::string(), *stopping_.signal());
    }
  } else {
    created = create();
  }
  remarks_.tell_all(progress_);
  if (!created) {
    tell(created.error().message);
    return created.error().code;
  }
  if (*created == nullptr) return end_of_done();
  Get& get = **created;
  if (job_) job_->keep();
  tell_start(get);
  get.start();
  watch({.finished = [&get] { return get.finished(); },
         .in_flight = [&get] { return get.state().frontier.leased; },
         .stop = [&get](StopHow how, StopReason why) { get.stop(how, why); },
         .draw = [this, &get] { draw(get); },
         .output_broke = [this] { return output_broke_.load(); }},
        signals_, stopping_, progress_);
  const GetResult result = get.join();
  remarks_.tell_all(progress_);
  progress_.clear();
  const Totals totals = tally_->totals();
  log(LogLevel::info, "get ended files={} failures={} left_queued={} stopped={}", totals.pages(),
      totals.failures(), result.left_queued,
      result.stopped == StopReason::none ? "no" : describe(result.stopped));
  const bool pipe_broke =
      output_broke_ || (result.sink_error && result.sink_error->message == kBrokenPipe);
  if (pipe_broke) return ExitCode::done;  // whoever read it has enough
  if (!options_.output.quiet && !is_silent()) summarise(result);
  tell_lists(result);
  const RunEnd end = end_of(result);
  tell_end(end);
  return exit_code(end);
}

void GetRun::tell_start(const Get& get) const {
  if (!is_resumed_) {
    log(LogLevel::info, "get started urls={} lists={}", options_.get.wanted.size(),
        options_.get.input_files.size());
    return;
  }
  const GetResumed state = get.resumed();
  log(LogLevel::info, "get resumed settled={} queued={}", state.settled, state.queued);
  if (options_.output.quiet) return;
  tell(fmt::format("going on with '{}': {} settled, {} queued", options_.get.directory,
                   count_of_urls(state.settled), state.queued));
}

ExitCode GetRun::end_of_done() const {
  const Totals& totals = done_->tally.totals;
  log(LogLevel::info, "get resumed settled={} queued=0", settled_in(totals));
  if (!options_.output.quiet) {
    tell(fmt::format("nothing is left to do for '{}': {} settled", options_.get.directory,
                     count_of_urls(settled_in(totals))));
    if (!is_silent()) std::fputs(summary_text(summary(*done_, totals.pages())).c_str(), stderr);
  }
  return exit_code({.has_failures = totals.failures() > 0});
}

void GetRun::draw(const Get& get) {
  remarks_.tell_all(progress_);
  if (progress_.mode() == ProgressMode::none) return;
  progress_.draw(progress_of(get.state(), tally_->totals(), clock_.now() - begun_));
}

bool is_left(const GetResult& result) { return result.left_queued > 0 || !result.lists_read; }

JobEnd GetRun::job_end(const GetResult& result) const {
  JobEnd end{.tally = tally_->snapshot(kTopHosts), .set_aside = troubled(result.troubles)};
  if (result.bad_lines > 0) end.refused["bad line"] = result.bad_lines;
  return end;
}

SummaryInput GetRun::summary(JobEnd end, std::uint64_t files_before) const {
  SummaryInput input{.noun = "file",
                     .tally = std::move(end.tally),
                     .pages_before = files_before,
                     .elapsed = clock_.now() - begun_,
                     .refused = std::move(end.refused),
                     .set_aside = std::move(end.set_aside)};
  if (job_) {
    const std::string& log = options_.output.log_file;
    if (!options_.get.discard) input.results.push_back({"files", options_.get.directory});
    input.results.push_back({"records", job_->pages()});
    if (input.tally.totals.failures() > 0 || !input.refused.empty())
      input.results.push_back({"failed", failed_list()});
    input.results.push_back({"log", log.empty() ? job_->log() : log});
  }
  const std::string& jsonl = options_.output.jsonl;
  if (!jsonl.empty() && jsonl != "-") input.results.push_back({"records", jsonl});
  return input;
}

void GetRun::summarise(const GetResult& result) const {
  SummaryInput input = summary(job_end(result), files_before_);
  input.stopped_because = describe(result.stopped);
  input.left_in_queue = result.left_queued;
  input.go_on = go_on_command(result);
  std::fputs(summary_text(input).c_str(), stderr);
}

// The command that goes on with what is left, or empty.
std::string GetRun::go_on_command(const GetResult& result) const {
  if (!job_ || (!is_left(result) && !result.sink_error)) return {};
  return result.stopped == StopReason::max_bytes ? resume_command() + " --max-bytes SIZE"
                                                 : resume_command();
}

void GetRun::tell_lists(const GetResult& result) const {
  if (result.bad_lines > 0) {
    tell(fmt::format("lines of the lists that nothing could be made of: {}, see above{}",
                     result.bad_lines, job_ ? " and in " + failed_list() : ""));
  }
  if (result.input_error) tell(result.input_error->message);
}

RunEnd GetRun::end_of(const GetResult& result) const {
  return {.stopped = result.stopped,
          .sink_error = result.sink_error,
          .signal = stopping_.signal(),
          .has_failures = tally_->totals().failures() > 0 || result.bad_lines > 0 ||
                          result.input_error.has_value(),
          .is_quiet = options_.output.quiet,
          .keeps_job = job_.has_value(),
          .go_on = go_on_command(result)};
}

ExitCode run(Started<PreparedGet> prepared) {
  if (!prepared) {
    tell(prepared.error().message);
    return prepared.error().code;
  }
  net_global_init();
  return GetRun(std::move(*prepared)).run();
}

}  // namespace

ExitCode run_get(GetOptions options) { return run(prepare_get(std::move(options))); }

ExitCode run_resumed_get(const ResumeRequest& request) { return run(prepare_get(request)); }

}  // namespace weft
