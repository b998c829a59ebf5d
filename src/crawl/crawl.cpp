#include "weft/crawl/crawl.hpp"

#include <algorithm>
#include <future>
#include <random>
#include <stop_token>
#include <thread>

#include "crawl/crawl_handler.hpp"
#include "crawl/job_tasks.hpp"
#include "crawl/restore.hpp"
#include "weft/engine/worker.hpp"

namespace weft {

namespace {

// Records on their way to the sinks: enough to keep a disk busy, little enough to feel it.
constexpr std::size_t kSinkQueue = 1024;

CrawlConfig completed(CrawlConfig config) {
  if (config.threads <= 0) {
    config.threads = static_cast<int>(std::max(1u, std::thread::hardware_concurrency()));
  }
  config.jobs = std::max(1, config.jobs);
  config.threads = std::min(config.threads, config.jobs);
  return config;
}

FrontierConfig frontier_config(const CrawlConfig& config) {
  return {.workers = config.threads,
          .slots_per_host = std::max(1, config.per_host),
          .wait = config.wait,
          .adaptive = config.adaptive,
          .robots_first = config.robots,
          .by_depth = config.limit_depth,
          .tasks_in_memory = config.tasks_in_memory};
}

// Half of what may be at stake (AtStake) goes into a commit, so that the other half is in flight
// meanwhile.
Gather gather(const CrawlConfig& config) {
  constexpr std::size_t kMost = 64;
  return {.enough = std::clamp<std::size_t>(static_cast<std::size_t>(config.jobs) / 2, 1, kMost)};
}

std::unordered_set<std::string> host_names(const std::vector<Url>& seeds) {
  std::unordered_set<std::string> names;
  for (const Url& seed : seeds) names.insert(host_key(seed).name);
  return names;
}

std::unordered_map<std::string, std::string> logins_of(const std::vector<Url>& seeds) {
  std::unordered_map<std::string, std::string> logins;
  for (const Url& seed : seeds) {
    if (!seed.has_credentials()) continue;
    const std::string& href = seed.href();
    logins.emplace(seed.origin(), href.substr(0, href.size() - seed.target().size()));
  }
  return logins;
}

}  // namespace

std::string_view describe(StopReason reason) {
  switch (reason) {
    case StopReason::none:
      return "";
    case StopReason::max_pages:
      return "--max-pages was reached";
    case StopReason::max_bytes:
      return "--max-bytes was reached";
    case StopReason::max_time:
      return "--max-time was reached";
    case StopReason::first_failure:
      return "a URL failed (--fail-fast)";
    case StopReason::interrupted:
      return "it was interrupted";
    case StopReason::sink_failed:
      return "records could not be written";
  }
  return "";
}

// Destroyed from the bottom up: threads before workers, workers before what they use.
struct Crawl::Parts {
  Parts(CrawlConfig asked, CrawlSeams given, std::unique_ptr<Scope> judged)
      : config(completed(std::move(asked))),
        seams(std::move(given)),
        scope(std::move(judged)),
        gate(config, *scope, refused),
        keeps_job(seams.job != nullptr),
        tasks(sinks, frontier),
        frontier(frontier_config(config), seams.clock, keeps_job ? &tasks : nullptr),
        trust(config.parser),
        budget(config, seams.clock.now()),
        named_hosts(host_names(config.seeds)),
        logins(logins_of(config.seeds)),
        sinks(
            std::move(seams.sinks), std::move(seams.job), kSinkQueue,
            [this](const Error&) { stop(StopHow::finish_transfers, StopReason::sink_failed); },
            gather(config)),
        at_stake(static_cast<std::size_t>(config.jobs), sinks, [this] { frontier.wake_all(); }),
        shared{.config = config,
               .clock = seams.clock,
               .frontier = frontier,
               .scope = *scope,
               .gate = gate,
               .refused = refused,
               .robots = robots,
               .budget = budget,
               .sinks = sinks,
               .keeps_job = keeps_job,
               .trust = trust,
               .at_stake = at_stake,
               .named_hosts = named_hosts,
               .logins = logins,
               .stop = [this](StopHow how, StopReason why) { stop(how, why); },
               .on_planned = seams.on_planned} {}

  void add_workers();
  Result<void> restore();
  void admit_seeds();
  void begin();
  void run(Worker& worker);
  void stop(StopHow how, StopReason reason);
  void join_threads() {
    for (std::thread& thread : threads) {
      if (thread.joinable()) thread.join();
    }
  }

  const CrawlConfig config;
  CrawlSeams seams;

  std::stop_source finish;
  std::stop_source drop;
  std::atomic<StopReason> reason{StopReason::none};
  std::atomic<int> running{0};

  RuleCounts refused;
  const std::unique_ptr<Scope> scope;
  Gate gate;
  const bool keeps_job;
  JobTasks tasks;
  Frontier frontier;
  RobotsCache robots;
  ScanTrust trust;
  Budget budget;
  const std::unordered_set<std::string> named_hosts;
  const std::unordered_map<std::string, std::string> logins;
  SinkThread sinks;
  AtStake at_stake;
  CrawlShared shared;
  std::optional<Resumed> resumed{};  // where a former run is gone on with

  std::vector<std::unique_ptr<Transfers>> transfers;
  std::vector<std::unique_ptr<CrawlHandler>> handlers;
  std::vector<std::unique_ptr<Worker>> workers;
  std::vector<std::thread> threads;
};

void Crawl::Parts::add_workers() {
  const auto count = static_cast<std::size_t>(config.threads);
  const auto jobs = static_cast<std::size_t>(config.jobs);
  std::random_device entropy;
  for (std::size_t id = 0; id < count; ++id) {
    const std::size_t capacity = jobs / count + (id < jobs % count ? 1 : 0);
    transfers.push_back(seams.make_transfers());
    handlers.push_back(std::make_unique<CrawlHandler>(shared, entropy()));
    workers.push_back(std::make_unique<Worker>(static_cast<int>(id), capacity, frontier,
                                               *handlers.back(), *transfers.back()));
    frontier.set_waker(static_cast<int>(id), [waited = transfers.back().get()] { waited->wake(); });
  }
}

// The job takes the seeds whole or not at all: a crawl killed meanwhile has not begun.
void Crawl::Parts::admit_seeds() {
  constexpr std::size_t kTogether = 1000;
  Admissions found;
  const auto deliver = [&](JournalEntry entry) {
    number_tasks(found.tasks, frontier, keeps_job, entry);
    sinks.push(std::move(entry));
    frontier.push(std::exchange(found.tasks, {}));
  };
  for (const Url& seed : config.seeds) {
    const Admission admission = gate.admit({.url = seed}, nullptr, found);
    if (found.tasks.size() >= kTogether) deliver({.more_follows = true});
    if (admission.admitted != Admitted::refused) continue;
    deliver({.more_follows = true});  // the seeds before it have the numbers before its
    deliver({.record = Record{.sequence = frontier.reserve(1),
                              .url = seed.without_credentials().href(),
                              .outcome = Outcome::refused_scope,
                              .error = RecordError{std::string(name(admission.rule)),
                                                   std::string(describe(admission.rule))},
                              .rule = std::string(name(admission.rule)),
                              .host = host_key(seed).name},
             .more_follows = true});
  }
  deliver({});
  (void)sinks.commit();  // nothing is fetched that is not written down; a failure has stopped us
}

// On the sink thread, which owns the job, so that what the frontier asks for meanwhile comes
// after.
Result<void> Crawl::Parts::restore() {
  std::promise<Result<Resumed>> restored;
  sinks.ask([&](JobDb& job) -> Result<void> {
    restored.set_value(weft::restore(job, {.frontier = frontier,
                                           .gate = gate,
                                           .robots = robots,
                                           .budget = budget,
                                           .refused = refused,
                                           .config = config,
                                           .clock = seams.clock}));
    return {};
  });
  Result<Resumed> what = restored.get_future().get();
  if (!what) return tl::unexpected(std::move(what).error());
  resumed = *what;
  return {};
}

void Crawl::Parts::begin() {
  if (!resumed) admit_seeds();
  if (budget.has_no_page()) stop(StopHow::finish_transfers, StopReason::max_pages);
  if (budget.has_no_bytes()) stop(StopHow::finish_transfers, StopReason::max_bytes);
}

void Crawl::Parts::run(Worker& worker) {
  worker.run({.finish = finish.get_token(), .drop = drop.get_token()});
  if (running.fetch_sub(1) == 1 && seams.on_finished) seams.on_finished();
}

void Crawl::Parts::stop(StopHow how, StopReason why) {
  StopReason none = StopReason::none;
  reason.compare_exchange_strong(none, why);  // the first reason is the one told
  finish.request_stop();
  if (how == StopHow::drop_transfers) drop.request_stop();
  frontier.wake_all();
}

Result<std::unique_ptr<Crawl>> Crawl::create(CrawlConfig config, CrawlSeams seams) {
  if (config.seeds.empty()) return fail("no URL to start from");
  Result<std::unique_ptr<Scope>> scope = Scope::create(config);
  if (!scope) return tl::unexpected(scope.error());
  auto parts = std::make_unique<Parts>(std::move(config), std::move(seams), std::move(*scope));
  parts->add_workers();
  return std::unique_ptr<Crawl>(new Crawl(std::move(parts)));
}

Result<std::unique_ptr<Crawl>> Crawl::resume(CrawlConfig config, CrawlSeams seams,
                                             Rejudge rejudge) {
  JobDb& job = *seams.job;
  auto seeds = seeds_of(job);
  if (!seeds) return tl::unexpected(std::move(seeds).error());
  config.seeds.insert(config.seeds.end(), std::make_move_iterator(seeds->begin()),
                      std::make_move_iterator(seeds->end()));
  Result<std::unique_ptr<Scope>> scope = Scope::create(config);
  if (!scope) return tl::unexpected(scope.error());
  if (auto adopted = adopt_redirected_seeds(job, **scope); !adopted) {
    return tl::unexpected(adopted.error());
  }
  JobDb::Judged judged;
  if (rejudge == Rejudge::yes) {
    auto again = judge_again(job, **scope);
    if (!again) return tl::unexpected(std::move(again).error());
    judged = *again;
  }
  auto parts = std::make_unique<Parts>(std::move(config), std::move(seams), std::move(*scope));
  parts->add_workers();
  // From here on the frontier asks the sink thread for tasks: a crawl alone ends that in order.
  std::unique_ptr<Crawl> crawl(new Crawl(std::move(parts)));
  if (auto restored = crawl->parts_->restore(); !restored) {
    return tl::unexpected(std::move(restored).error());
  }
  crawl->parts_->resumed->refused_now = judged.refused;
  crawl->parts_->resumed->admitted_now = judged.admitted;
  return crawl;
}

Crawl::Crawl(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}

Crawl::~Crawl() {
  parts_->stop(StopHow::drop_transfers, StopReason::interrupted);
  parts_->join_threads();
  (void)parts_->sinks.close();  // a failure wakes the workers' transfers: while they are there
}

void Crawl::start() {
  parts_->running = parts_->config.threads;
  parts_->begin();
  for (const auto& worker : parts_->workers) {
    parts_->threads.emplace_back([parts = parts_.get(), &worker] { parts->run(*worker); });
  }
}

void Crawl::run_here() {
  parts_->running = 1;
  parts_->begin();
  parts_->run(*parts_->workers.front());
}

Resumed Crawl::resumed() const { return parts_->resumed.value_or(Resumed{}); }

bool Crawl::finished() const { return parts_->running == 0; }

void Crawl::stop(StopHow how, StopReason reason) { parts_->stop(how, reason); }

CrawlState Crawl::state() const {
  CrawlState state{.frontier = parts_->frontier.state()};
  const FrontierState& frontier = state.frontier;
  if (frontier.leased > 0) {
    state.waiting_for =
        fmt::format("{} response{}", frontier.leased, frontier.leased == 1 ? "" : "s");
  } else if (frontier.next != Clock::time_point::max()) {
    const auto now = parts_->seams.clock.now();
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(
        std::max(Clock::duration{}, frontier.next - now));
    state.waiting_for = fmt::format("{}, asked again in {}", frontier.next_host, to_text(left));
    if (!frontier.next_reason.empty()) state.waiting_for += " (" + frontier.next_reason + ")";
  }
  return state;
}

CrawlResult Crawl::join() {
  parts_->join_threads();
  CrawlResult result;
  if (Result<void> closed = parts_->sinks.close(); !closed) result.sink_error = closed.error();
  const FrontierState frontier = parts_->frontier.state();
  result.stopped = parts_->reason;
  const bool is_whole = result.stopped != StopReason::sink_failed &&
                        result.stopped != StopReason::first_failure && frontier.queued == 0;
  if (is_whole) result.stopped = StopReason::none;  // it was done when it was to stop
  result.refused = parts_->refused.nonzero();
  result.troubles = parts_->frontier.troubles();
  result.left_queued = frontier.queued;
  result.known_urls = parts_->gate.known();
  result.visited_memory = parts_->gate.memory();
  result.html = parts_->trust.counts();
  return result;
}

}  // namespace weft
