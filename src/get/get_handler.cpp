#include "get/get_handler.hpp"

#include <algorithm>
#include <utility>

namespace weft::get {

namespace {

// What is begun goes on before anything else is begun.
constexpr Priority kGoesOn = Priority::first;

}  // namespace

GetHandler::GetHandler(GetShared& shared, unsigned seed)
    : shared_(shared),
      retry_{.tries = shared.config.tries, .max_retry_after = shared.config.max_retry_after},
      random_(seed) {}

bool GetHandler::has_room() {
  if (shared_.clock.now() >= shared_.budget.deadline()) {
    shared_.stop(StopHow::finish_transfers, StopReason::max_time);
    return false;
  }
  return shared_.at_stake.has_room();
}

// The entry's first turn. False: it is settled, and nobody is asked.
bool GetHandler::begin(const Task& task, Hand& hand) {
  const std::unique_ptr<Listed> listed = std::move(hand.listed);
  const std::optional<PartNote> part = std::move(listed->part);
  listed->id = task.sequence;
  listed->identity = task.identity;
  hand.download = std::make_shared<Download>(shared_, std::move(*listed));
  hand.id = 1;
  return hand.download->place(hand, part);
}

std::variant<Request, Settlement> GetHandler::prepare(const Lease& lease) {
  const Task& task = lease.task();
  auto& hand = static_cast<Hand&>(*task.data);
  if (!hand.download && !begin(task, hand)) return Settlement{};
  if (const auto& down = lease.host_down()) {
    const Next next = hand.download->lost_host(hand, task, *down);
    if (next.what == Next::Do::move) {
      move(task, std::make_unique<Hand>(hand.download, hand.id, hand.source), next);
    }
    return Settlement{};
  }
  if (!shared_.at_stake.begin()) return Settlement{.retry_after = Clock::duration{}};
  std::optional<Request> request = hand.download->ask(hand, task.url);
  if (request) return *std::move(request);
  shared_.at_stake.end();
  return Settlement{};
}

Settlement GetHandler::finish(Task& task, TransferResult result) {
  auto& hand = static_cast<Hand&>(*task.data);
  if (shared_.budget.count_bytes(result.response.body_size)) {
    shared_.stop(StopHow::finish_transfers, StopReason::max_bytes);
  }
  const Next next = hand.download->end(hand, task, result);
  const RetryPolicy policy{.tries = next.failures + 1, .max_retry_after = retry_.max_retry_after};
  Settlement settlement =
      judge_end(result, std::max(1, next.failures), policy, shared_.clock.wall(), random_);
  switch (next.what) {
    case Next::Do::nothing:
      settlement.retry_after.reset();
      break;
    case Next::Do::again:
    case Next::Do::put_back:
      task.priority = kGoesOn;
      settlement.retry_after = settlement.leave_alone;
      break;
    case Next::Do::retry:
      if (!settlement.retry_after) settlement.retry_after = settlement.leave_alone;
      break;
    case Next::Do::move:
      settlement.retry_after.reset();
      move(task, std::move(task.data), next);
      break;
  }
  shared_.at_stake.end();
  return settlement;
}

void GetHandler::move(const Task& task, std::unique_ptr<TaskData> hand, const Next& next) {
  const auto hops = static_cast<std::uint8_t>(next.is_redirect ? task.hops + 1 : 0);
  shared_.frontier.push(Task{.url = *next.to,
                             .priority = kGoesOn,
                             .hops = hops,
                             .sequence = task.sequence,
                             .is_stored = false,
                             .data = std::move(hand)});
}

}  // namespace weft::get
