#include "get/restore.hpp"

#include "weft/engine/job_tasks.hpp"

namespace weft::get {

namespace {

Result<GetResumed> restore_entries(JobDb& job, const BatchMemory& into) {
  std::vector<bool> queued;  // by id
  const auto tasks = restore_tasks(job, into.frontier, [&](const KnownUrl& known, const HostKey&) {
    if (known.fingerprint) into.feeder.restore(*known.fingerprint);
    if (!known.queued) return;
    if (queued.size() <= known.id) queued.resize(known.id + 1);
    queued[known.id] = true;
  });
  if (!tasks) return tl::unexpected(tasks.error());
  const GetResumed resumed{.settled = tasks->settled, .queued = tasks->queued};
  if (into.given == nullptr) return resumed;
  auto recalled =
      into.given->recall([&queued](std::uint64_t id) { return id < queued.size() && queued[id]; },
                         [&into](std::string_view path) { into.claims->restore(path); },
                         [&job] { return job.is_stopped(); });
  if (!recalled) return tl::unexpected(std::move(recalled).error());
  return resumed;
}

}  // namespace

Result<GetResumed> restore_batch(JobDb& job, const BatchMemory& into) {
  const auto next = job.next_id();
  if (!next) return tl::unexpected(next.error());
  into.frontier.restore_sequence(*next);
  if (auto done = restore_hosts(job, into.frontier); !done) {
    return tl::unexpected(std::move(done).error());
  }
  auto named = job.for_each_file([&](std::string_view path) {
    if (into.claims != nullptr) into.claims->restore(path);
    if (into.keys != nullptr) into.keys->restore(path);
  });
  if (!named) return tl::unexpected(std::move(named).error());
  if (into.shards != nullptr) {
    if (auto shard = into.shards->resume(job); !shard) {
      return tl::unexpected(std::move(shard).error());
    }
  }
  const auto settled = job.settled();
  if (!settled) return tl::unexpected(settled.error());
  for (const SettledCount& some : *settled) into.budget.spend(0, some.wire_bytes);
  return restore_entries(job, into);
}

}  // namespace weft::get
