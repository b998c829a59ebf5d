#include "weft/engine/job_tasks.hpp"

namespace weft {

namespace {

// Queued ids go to the frontier in pieces, so that they never stand in memory twice.
constexpr std::size_t kPiece = 64;

}  // namespace

AdmittedUrl admitted_url(const Task& task) {
  return {.id = task.sequence,
          .url = task.url.href(),
          .kind = task.kind,
          .depth = task.depth,
          .via = task.via == nullptr ? std::nullopt : std::optional(task.via->sequence),
          .priority = static_cast<std::uint8_t>(task.priority),
          .hops = task.hops,
          .requisite = task.requisite,
          .fingerprint = task.identity,
          .host = host_key(task.url).name};
}

Result<Task> task_of(StoredTask stored) {
  auto url = Url::parse(stored.url.url);
  if (!url) {
    return fail("job.db holds '{}' as a URL to be fetched, which is none: {}", stored.url.url,
                describe(url.error()));
  }
  Task task{.url = std::move(*url),
            .kind = stored.url.kind,
            .priority = static_cast<Priority>(stored.url.priority),
            .requisite = stored.url.requisite,
            .hops = stored.url.hops,
            .depth = stored.url.depth,
            .sequence = stored.url.id,
            .identity = stored.url.fingerprint};
  if (stored.url.via) {
    task.via = std::make_shared<const Via>(Via{*stored.url.via, std::move(stored.via_url)});
  }
  if (stored.last_visit) {
    task.last_visit = std::make_unique<const LastVisit>(std::move(*stored.last_visit));
  }
  return task;
}

void number_tasks(std::vector<Task>& tasks, Frontier& frontier, bool keeps_job,
                  JournalEntry& entry) {
  if (tasks.empty()) return;
  std::uint64_t sequence = frontier.reserve(tasks.size());
  for (Task& task : tasks) {
    task.sequence = sequence++;
    if (keeps_job) entry.admitted.push_back(admitted_url(task));
  }
}

Result<void> restore_hosts(JobDb& job, Frontier& frontier) {
  const auto notes = job.hosts();
  if (!notes) return tl::unexpected(notes.error());
  for (const HostNote& note : *notes) frontier.restore(note);
  return {};
}

Result<RestoredTasks> restore_tasks(
    JobDb& job, Frontier& frontier,
    const std::function<void(const KnownUrl& known, const HostKey& host)>& visit) {
  auto names = job.host_names();
  if (!names) return tl::unexpected(std::move(names).error());
  std::vector<HostKey> hosts;
  for (std::string& name : *names) hosts.push_back(HostKey{std::move(name)});
  std::vector<std::vector<QueuedId>> pieces(hosts.size());
  RestoredTasks restored;
  const auto give = [&](std::size_t host) {
    frontier.restore(hosts[host], pieces[host]);
    pieces[host].clear();
  };
  auto done = job.for_each_url([&](const KnownUrl& known) {
    visit(known, hosts[known.host]);
    if (!known.queued) {
      ++restored.settled;
      return;
    }
    ++restored.queued;
    pieces[known.host].push_back(
        {static_cast<TaskId>(known.id), static_cast<Priority>(known.priority), known.depth});
    if (pieces[known.host].size() == kPiece) give(known.host);
  });
  if (!done) return tl::unexpected(std::move(done).error());
  for (std::size_t host = 0; host < pieces.size(); ++host) {
    if (!pieces[host].empty()) give(host);
  }
  return restored;
}

void JobTasks::load(TailRequest request) {
  sinks_.ask([this, request = std::move(request)](JobDb& job) -> Result<void> {
    auto stored = job.tasks(request.ids);
    if (!stored) return tl::unexpected(std::move(stored).error());
    std::vector<Task> tasks;
    for (StoredTask& one : *stored) {
      auto task = make_(std::move(one));
      if (!task) return tl::unexpected(std::move(task).error());
      tasks.push_back(std::move(*task));
    }
    frontier_.refill(request, std::move(tasks));
    return {};
  });
}

}  // namespace weft
