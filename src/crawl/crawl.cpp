#include "weft/crawl/crawl.hpp"

#include <algorithm>
#include <future>

#include "crawl/crawl_handler.hpp"
#include "crawl/restore.hpp"
#include "weft/engine/job_tasks.hpp"

namespace weft {

namespace {

// Records on their way to the sinks: enough to keep a disk busy, little enough to feel it.
constexpr std::size_t kSinkQueue = 1024;

CrawlConfig completed(CrawlConfig config) {
  const CrewSize size = completed(CrewSize{.threads = config.threads, .jobs = config.jobs});
  config.threads = size.threads;
  config.jobs = size.jobs;
  return config;
}

FrontierConfig frontier_config(const CrawlConfig& config) {
  return {.workers = config.threads,
          .transfers = config.jobs,
          .slots_per_host = std::max(1, config.per_host),
          .slots_per_address =
              config.per_address > 0 ? config.per_address : 2 * std::max(1, config.per_host),
          .wait = config.wait,
          .adaptive = config.adaptive,
          .robots_first = config.robots,
          .by_depth = config.limit_depth,
          .first_answer = config.first_answer,
          .tasks_in_memory = config.tasks_in_memory};
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
        crew(seams.clock, frontier, std::move(seams.on_finished)),
        trust(config.parser),
        budget({.pages = config.max_pages, .bytes = config.max_bytes, .time = config.max_time},
               seams.clock.now()),
        named_hosts(host_names(config.seeds)),
        logins(logins_of(config.seeds)),
        sinks(
            std::move(seams.sinks), std::move(seams.job), kSinkQueue,
            [this](const Error&) { crew.stop(StopHow::finish_transfers, StopReason::sink_failed); },
            gather_for(config.jobs)),
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
               .stop = [this](StopHow how, StopReason why) { crew.stop(how, why); },
               .on_planned = seams.on_planned} {}

  void hire();
  Result<void> restore();
  void admit_seeds();
  void begin();

  const CrawlConfig config;
  CrawlSeams seams;

  RuleCounts refused;
  const std::unique_ptr<Scope> scope;
  Gate gate;
  const bool keeps_job;
  JobTasks tasks;
  Frontier frontier;
  Crew crew;  // before the sinks: where they fail they stop it
  RobotsCache robots;
  ScanTrust trust;
  Budget budget;
  const std::unordered_set<std::string> named_hosts;
  const std::unordered_map<std::string, std::string> logins;
  SinkThread sinks;
  AtStake at_stake;
  CrawlShared shared;
  std::optional<Resumed> resumed{};  // where a former run is gone on with
};

void Crawl::Parts::hire() {
  if (seams.look_up) frontier.set_names(seams.look_up);
  crew.hire({.threads = config.threads, .jobs = config.jobs}, seams.make_transfers,
            [this](unsigned seed) { return std::make_unique<CrawlHandler>(shared, seed); });
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
    auto state = weft::restore(job, {.frontier = frontier,
                                     .gate = gate,
                                     .robots = robots,
                                     .budget = budget,
                                     .refused = refused,
                                     .config = config,
                                     .clock = seams.clock});
    if (state) job.watch(nullptr);  // from here on it is written to, which nothing may stop
    restored.set_value(std::move(state));
    return {};
  });
  Result<Resumed> what = restored.get_future().get();
  if (!what) return tl::unexpected(std::move(what).error());
  resumed = *what;
  return {};
}

void Crawl::Parts::begin() {
  if (!resumed) admit_seeds();
  if (budget.has_no_page()) crew.stop(StopHow::finish_transfers, StopReason::max_pages);
  if (budget.has_no_bytes()) crew.stop(StopHow::finish_transfers, StopReason::max_bytes);
}

Result<std::unique_ptr<Crawl>> Crawl::create(CrawlConfig config, CrawlSeams seams) {
  if (config.seeds.empty()) return fail("no URL to start from");
  Result<std::unique_ptr<Scope>> scope = Scope::create(config);
  if (!scope) return tl::unexpected(scope.error());
  auto parts = std::make_unique<Parts>(std::move(config), std::move(seams), std::move(*scope));
  parts->hire();
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
  parts->hire();
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
  parts_->crew.stop(StopHow::drop_transfers, StopReason::interrupted);
  parts_->crew.join();
  (void)parts_->sinks.close();
}

void Crawl::start() {
  parts_->begin();
  parts_->crew.start();
}

void Crawl::run_here() {
  parts_->begin();
  parts_->crew.run_here();
}

Resumed Crawl::resumed() const { return parts_->resumed.value_or(Resumed{}); }

bool Crawl::finished() const { return parts_->crew.finished(); }

void Crawl::stop(StopHow how, StopReason reason) { parts_->crew.stop(how, reason); }

CrawlState Crawl::state() const {
  const FrontierState frontier = parts_->frontier.state();
  return {.frontier = frontier, .waiting_for = waiting_for(frontier, parts_->seams.clock.now())};
}

CrawlResult Crawl::join() {
  parts_->crew.join();
  CrawlResult result;
  const FrontierState frontier = parts_->frontier.state();
  result.refused = parts_->refused.nonzero();
  result.troubles = parts_->frontier.troubles();
  result.left_queued = frontier.queued;
  result.known_urls = parts_->gate.known();
  result.visited_memory = parts_->gate.memory();
  result.html = parts_->trust.counts();
  if (result.left_queued == 0) {
    parts_->sinks.ask([this, &result](JobDb& job) {
      auto done = job.put_done();
      return done && parts_->seams.on_done ? parts_->seams.on_done(job, result) : done;
    });
  }
  if (Result<void> closed = parts_->sinks.close(); !closed) result.sink_error = closed.error();
  result.stopped = parts_->crew.ended_by(frontier.queued);
  return result;
}

}  // namespace weft
