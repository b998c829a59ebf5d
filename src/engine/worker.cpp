#include "weft/engine/worker.hpp"

#include <algorithm>

namespace weft {

namespace {

// Tasks settled without asking (robots.txt says no, a host is down) take up no room: after
// so many of them, a stop and the transfers in flight get their turn.
constexpr int kUnaskedInARow = 64;

}  // namespace

Worker::Worker(int id, std::size_t capacity, const Parts& parts)
    : id_(id),
      clock_(parts.clock),
      frontier_(parts.frontier),
      handler_(parts.handler),
      transfers_(parts.transfers),
      flights_(capacity),
      large_turns_(parts.large),
      meter_(parts.clock) {
  for (std::size_t token = capacity; token > 0; --token) free_.push_back(token - 1);
}

void Worker::run(const Stop& stop) {
  while (true) {
    Clock::time_point wake = Clock::time_point::max();
    if (!stop.finish.stop_requested()) wake = start_transfers();
    if (stop.drop.stop_requested()) transfers_.cancel_all();

    const bool idle = free_.size() == flights_.size();
    if (idle && (drained_ || stop.finish.stop_requested())) return;

    transfers_.wait(std::min(wake, large_wake_), ended_);
    settle_all();
    read_large(stop);
  }
}

void Worker::settle_all() {
  for (Completion& completion : ended_) {
    if (LargeAnswers::is_large(completion)) {
      large_.push_back(std::move(completion));
    } else {
      settle(std::move(completion));
    }
  }
  ended_.clear();
}

void Worker::read_large(const Stop& stop) {
  large_wake_ = Clock::time_point::max();
  if (large_.empty()) return;
  const bool is_alone = flights_.size() - free_.size() == large_.size();  // none to be spared
  const Clock::time_point now = clock_.now();
  const bool has_turn = large_turns_.begin(now);
  if (has_turn || is_alone || stop.finish.stop_requested()) {
    settle(std::move(large_.front()));
    large_.pop_front();
    const Clock::time_point then = clock_.now();
    if (has_turn) large_turns_.end(then, then - now);
  }
  if (!large_.empty()) large_wake_ = is_alone ? now : large_turns_.retry_at(clock_.now());
}

Clock::time_point Worker::start_transfers() {
  int unasked = 0;
  while (!free_.empty() && handler_.has_room()) {
    if (unasked == kUnaskedInARow) {
      transfers_.wake();
      break;
    }
    Taken taken = frontier_.take(id_);
    for (const HostKey& host : taken.closed) transfers_.close_idle(host);
    if (!taken.lease) {
      drained_ = taken.drained;
      return std::min(taken.wake, handler_.deadline());
    }
    if (!start(std::move(*taken.lease))) ++unasked;
  }
  return handler_.deadline();
}

bool Worker::start(Lease lease) {
  std::variant<Request, Settlement> what = handler_.prepare(lease);
  if (auto* settlement = std::get_if<Settlement>(&what)) {
    std::move(lease).settle(std::move(*settlement));
    return false;
  }
  const std::uint64_t token = free_.back();
  free_.pop_back();
  ++lease.task().attempts;
  auto& request = std::get<Request>(what);
  const Patience& patience = lease.patience();
  request.answer_within = patience.answer_within;
  request.yield_after = patience.yield_after;
  request.others_wait = patience.others_wait;
  flights_[token].emplace(std::move(lease));
  transfers_.start(std::move(request), token);
  return true;
}

void Worker::settle(Completion completion) {
  std::optional<Lease>& flight = flights_[completion.token];
  if (completion.result.outcome == Outcome::cancelled) {
    --flight->task().attempts;  // dropped: the lease puts it back
  } else {
    TransferResult& result = completion.result;
    result.late = result.late && !flight->patience().is_last;
    const bool is_counted = !result.late;
    meter_.begin();
    Settlement settlement = handler_.finish(flight->task(), std::move(result));
    settlement.cost = meter_.end();
    if (!is_counted) --flight->task().attempts;
    std::move(*flight).settle(std::move(settlement));
  }
  flight.reset();
  free_.push_back(completion.token);
}

}  // namespace weft
