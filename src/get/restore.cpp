#include "get/restore.hpp"

namespace weft::get {

namespace {

// Queued ids go to the frontier in pieces, so that they never stand in memory twice.
constexpr std::size_t kPiece = 64;

Result<GetResumed> restore_entries(JobDb& job, const BatchMemory& into) {
  auto names = job.host_names();
  if (!names) return tl::unexpected(std::move(names).error());
  std::vector<HostKey> hosts;
  for (std::string& name : *names) hosts.push_back(HostKey{std::move(name)});
  std::vector<std::vector<QueuedId>> pieces(hosts.size());
  GetResumed resumed;
  std::vector<bool> queued;  // by id
  const auto give = [&](std::size_t host) {
    into.frontier.restore(hosts[host], pieces[host]);
    pieces[host].clear();
  };
  auto done = job.for_each_url([&](const KnownUrl& known) {
    if (known.fingerprint) into.feeder.restore(*known.fingerprint);
    if (!known.queued) {
      ++resumed.settled;
      return;
    }
    ++resumed.queued;
    if (queued.size() <= known.id) queued.resize(known.id + 1);
    queued[known.id] = true;
    pieces[known.host].push_back(
        {static_cast<TaskId>(known.id), static_cast<Priority>(known.priority), known.depth});
    if (pieces[known.host].size() == kPiece) give(known.host);
  });
  if (!done) return tl::unexpected(std::move(done).error());
  for (std::size_t host = 0; host < pieces.size(); ++host) {
    if (!pieces[host].empty()) give(host);
  }
  if (into.given == nullptr) return resumed;
  auto recalled =
      into.given->recall([&queued](std::uint64_t id) { return id < queued.size() && queued[id]; },
                         [&into](std::string_view path) { into.claims->restore(path); });
  if (!recalled) return tl::unexpected(std::move(recalled).error());
  return resumed;
}

}  // namespace

Result<GetResumed> restore_batch(JobDb& job, const BatchMemory& into) {
  const auto next = job.next_id();
  if (!next) return tl::unexpected(next.error());
  into.frontier.restore_sequence(*next);
  const auto notes = job.hosts();
  if (!notes) return tl::unexpected(notes.error());
  for (const HostNote& note : *notes) into.frontier.restore(note);
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
