#include "crawl/restore.hpp"

#include "crawl/robots_note.hpp"
#include "weft/engine/job_tasks.hpp"

namespace weft {

namespace {

Result<Resumed> restore_urls(JobDb& job, const CrawlMemory& into) {
  return restore_tasks(job, into.frontier,
                       [&into](const KnownUrl& known, const HostKey& host) {
                         into.gate.restore(known, host);
                       })
      .map([](const RestoredTasks& tasks) {
        return Resumed{.settled = tasks.settled, .queued = tasks.queued};
      });
}

Result<void> restore_refused(JobDb& job, const CrawlMemory& into) {
  auto done =
      job.for_each_refused([&](Fingerprint refused) { into.gate.restore_refused(refused); });
  if (!done) return done;
  const auto counts = job.refused_by_rule();
  if (!counts) return tl::unexpected(counts.error());
  for (const auto& [name, count] : *counts) {
    if (const auto rule = rule_named(name)) into.refused.add(*rule, count);
  }
  return {};
}

Result<void> restore_spent(JobDb& job, const CrawlMemory& into) {
  const auto settled = job.settled();
  if (!settled) return tl::unexpected(settled.error());
  for (const SettledCount& some : *settled) {
    const bool is_page = some.kind == RecordKind::page && !some.requisite;
    into.budget.spend(is_page && was_had(some.outcome) ? some.count : 0, some.wire_bytes);
    if (some.kind == RecordKind::page && some.outcome == Outcome::refused_robots) {
      into.refused.add(Rule::robots, some.count);
    }
  }
  return {};
}

Result<void> restore_robots(JobDb& job, const CrawlMemory& into) {
  const auto notes = job.robots();
  if (!notes) return tl::unexpected(notes.error());
  const Clock::wall_time wall = into.clock.wall();
  const Clock::time_point now = into.clock.now();
  for (const RobotsNote& note : *notes) {
    const auto origin = Url::parse(note.origin);
    if (!origin) continue;  // nothing of ours has such an origin
    RobotsAnswer answer = answer_of(note, into.config.agent);
    const Clock::duration delay = crawl_delay(answer, into.config);
    into.robots.put(note.origin, std::move(answer));
    if (note.expires <= wall) continue;  // asked for again before the origin's next page
    const auto left = std::chrono::floor<Clock::duration>(note.expires - wall);
    into.frontier.open(*origin, delay, now + left);
  }
  return {};
}

}  // namespace

Result<std::vector<Url>> seeds_of(JobDb& job) {
  const auto known = job.seeds();
  if (!known) return tl::unexpected(known.error());
  std::vector<Url> seeds;
  for (const std::string& seed : *known) {
    if (auto url = Url::parse(seed)) seeds.push_back(std::move(*url));
  }
  if (seeds.empty()) {
    return fail(
        "the job holds no URL to go on with: it was stopped before it began. Remove its "
        "directory and start it again.");
  }
  return seeds;
}

Result<void> adopt_redirected_seeds(JobDb& job, Scope& scope) {
  const auto redirects = job.seed_redirects();
  if (!redirects) return tl::unexpected(redirects.error());
  for (const auto& [from, to] : *redirects) {
    const auto seed = Url::parse(from);
    const auto target = Url::parse(to);
    if (seed && target) scope.adopt(*seed, *target);
  }
  return {};
}

Result<JobDb::Judged> judge_again(JobDb& job, const Scope& scope) {
  return job.judge_again([&](const StoredTask& task) -> std::optional<std::string> {
    auto url = Url::parse(task.url.url);
    if (!url) return std::string(name(rule_of(url.error())));
    const auto rule = scope.judge({.url = std::move(*url),
                                   .depth = task.url.depth,
                                   .hops = task.url.hops,
                                   .requisite = task.url.requisite});
    return rule ? std::optional(std::string(name(*rule))) : std::nullopt;
  });
}

Result<Resumed> restore(JobDb& job, const CrawlMemory& into) {
  const auto next = job.next_id();
  if (!next) return tl::unexpected(next.error());
  into.frontier.restore_sequence(*next);
  if (auto done = restore_hosts(job, into.frontier); !done) {
    return tl::unexpected(std::move(done).error());
  }
  for (const auto step : {restore_robots, restore_refused, restore_spent}) {
    if (auto done = step(job, into); !done) return tl::unexpected(std::move(done).error());
  }
  return restore_urls(job, into);
}

}  // namespace weft
