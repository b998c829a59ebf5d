#include "weft/engine/job_tasks.hpp"

namespace weft {

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
