// Tasks as the job has them, there and back: what the frontier has no room for is asked of the
// job on the sink thread, which owns it.
//
// Threads: as TaskStore.
#pragma once

#include <cstdint>
#include <functional>
#include <utility>
#include <vector>

#include "weft/engine/frontier.hpp"
#include "weft/store/sink.hpp"

namespace weft {

AdmittedUrl admitted_url(const Task& task);

// Fails where what is stored is no URL: somebody else wrote to the job.
Result<Task> task_of(StoredTask stored);

// Gives `tasks` their sequences, in order, and tells them to `entry` where a job is kept.
void number_tasks(std::vector<Task>& tasks, Frontier& frontier, bool keeps_job,
                  JournalEntry& entry);

// What the job knows of its URLs goes back to the frontier: how hosts were dealt with, and every
// queued task, as spilled. `visit` is told of each URL, settled ones too.
struct RestoredTasks {
  std::uint64_t settled = 0;
  std::uint64_t queued = 0;
};
Result<void> restore_hosts(JobDb& job, Frontier& frontier);
Result<RestoredTasks> restore_tasks(
    JobDb& job, Frontier& frontier,
    const std::function<void(const KnownUrl& known, const HostKey& host)>& visit);

class JobTasks final : public TaskStore {
 public:
  using MakeTask = std::function<Result<Task>(StoredTask)>;

  // Both must outlive it, and may be made after it.
  JobTasks(SinkThread& sinks, Frontier& frontier, MakeTask make = task_of)
      : sinks_(sinks), frontier_(frontier), make_(std::move(make)) {}

  void load(TailRequest request) override;
  void keep(HostNote note) override { sinks_.push({.host = std::move(note)}); }

 private:
  SinkThread& sinks_;
  Frontier& frontier_;
  const MakeTask make_;
};

}  // namespace weft
