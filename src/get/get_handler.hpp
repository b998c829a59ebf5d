// A batch of downloads as the engine sees it: what to ask for a task, what to do with the
// answer. What a download is about is Download's; this turns its decisions into tasks.
//
// Threads: one for each worker; what they share is in GetShared.
#pragma once

#include <random>

#include "get/download.hpp"
#include "weft/engine/handler.hpp"
#include "weft/engine/retry.hpp"

namespace weft::get {

class GetHandler final : public Handler {
 public:
  GetHandler(GetShared& shared, unsigned seed);

  bool has_room() override;
  Clock::time_point deadline() const override { return shared_.budget.deadline(); }
  std::variant<Request, Settlement> prepare(const Lease& lease) override;
  Settlement finish(Task& task, TransferResult result) override;

 private:
  bool begin(const Task& task, Hand& hand);
  void move(const Task& task, std::unique_ptr<TaskData> hand, const Next& next);

  GetShared& shared_;
  const RetryPolicy retry_;
  std::minstd_rand random_;
};

}  // namespace weft::get
