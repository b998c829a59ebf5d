#include "get/group_syncs.hpp"

#include <future>
#include <memory>
#include <string>

namespace weft::get {

namespace {

// Long enough that short batches never wait for a disk: what is finished meanwhile is at worst
// read again by a resume.
constexpr std::chrono::seconds kInterval{10};

}  // namespace

GroupSyncs::GroupSyncs(GetShared& shared)
    : shared_(shared), thread_("weft-syncs", kInterval, [this] { sync(); }) {}

// A file has its name before its record is pushed: what the job has been told of is all there
// for syncfs to find.
void GroupSyncs::sync() {
  const auto end = told();
  if (!end || *end == synced_ || !shared_.folder->sync()) return;
  synced_ = *end;
  shared_.sinks.ask(
      [end = *end](JobDb& job) { return job.put_meta(kFilesSynced, std::to_string(end)); });
}

std::optional<std::uint64_t> GroupSyncs::told() const {
  const auto end = std::make_shared<std::optional<std::uint64_t>>();
  auto given = std::make_shared<std::promise<void>>();
  const std::future<void> answer = given->get_future();
  shared_.sinks.ask([end, given = std::move(given)](const JobDb& job) -> Result<void> {
    *end = job.records_end();
    given->set_value();
    return {};
  });
  answer.wait();  // it ends too where the question is dropped
  return *end;
}

}  // namespace weft::get
