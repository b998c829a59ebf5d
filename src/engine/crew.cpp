#include "weft/engine/crew.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <random>

#include "weft/base/thread_name.hpp"
#include "weft/base/units.hpp"

namespace weft {

std::string_view describe(StopReason reason) {
  switch (reason) {
    case StopReason::none:
      return "";
    case StopReason::max_pages:
      return "--max-pages was reached";
    case StopReason::max_bytes:
      return "--max-bytes was reached";
    case StopReason::max_time:
      return "--max-time was reached";
    case StopReason::first_failure:
      return "a URL failed (--fail-fast)";
    case StopReason::interrupted:
      return "it was interrupted";
    case StopReason::sink_failed:
      return "records could not be written";
  }
  return "";
}

CrewSize completed(CrewSize size) {
  if (size.threads <= 0) {
    size.threads = static_cast<int>(std::max(1u, std::thread::hardware_concurrency()));
  }
  size.jobs = std::max(1, size.jobs);
  size.threads = std::min(size.threads, size.jobs);
  return size;
}

Crew::Crew(const Clock& clock, Frontier& frontier, std::function<void()> on_finished)
    : clock_(clock), frontier_(frontier), on_finished_(std::move(on_finished)) {}

Crew::~Crew() {
  stop(StopHow::drop_transfers, StopReason::interrupted);
  join();
  frontier_.end_names();  // whose answers wake workers
}

void Crew::hire(const CrewSize& size, const MakeTransfers& make_transfers,
                const MakeHandler& make_handler) {
  const auto count = static_cast<std::size_t>(size.threads);
  large_ = std::make_unique<LargeAnswers>(size.threads);
  const auto jobs = static_cast<std::size_t>(size.jobs);
  std::random_device entropy;
  for (std::size_t id = 0; id < count; ++id) {
    const std::size_t capacity = jobs / count + (id < jobs % count ? 1 : 0);
    Seat seat{.transfers = make_transfers(), .handler = make_handler(entropy()), .worker = {}};
    seat.worker = std::make_unique<Worker>(static_cast<int>(id), capacity,
                                           Worker::Parts{.clock = clock_,
                                                         .frontier = frontier_,
                                                         .handler = *seat.handler,
                                                         .transfers = *seat.transfers,
                                                         .large = *large_});
    frontier_.set_waker(static_cast<int>(id), [waited = seat.transfers.get()] { waited->wake(); });
    seats_.push_back(std::move(seat));
  }
}

void Crew::start() {
  running_ = static_cast<int>(seats_.size());
  for (const Seat& seat : seats_) {
    threads_.emplace_back([this, number = threads_.size() + 1, worker = seat.worker.get()] {
      name_thread(fmt::format("weft-worker-{}", number));
      run(*worker);
    });
  }
}

void Crew::run_here() {
  running_ = 1;
  run(*seats_.front().worker);
}

void Crew::run(Worker& worker) {
  worker.run({.finish = finish_.get_token(), .drop = drop_.get_token()});
  if (running_.fetch_sub(1) == 1 && on_finished_) on_finished_();
}

void Crew::stop(StopHow how, StopReason reason) {
  StopReason none = StopReason::none;
  reason_.compare_exchange_strong(none, reason);
  finish_.request_stop();
  if (how == StopHow::drop_transfers) drop_.request_stop();
  frontier_.wake_all();
}

StopReason Crew::ended_by(std::size_t left) const {
  const StopReason reason = reason_;
  const bool is_whole =
      reason != StopReason::sink_failed && reason != StopReason::first_failure && left == 0;
  return is_whole ? StopReason::none : reason;
}

void Crew::join() {
  for (std::thread& thread : threads_) {
    if (thread.joinable()) thread.join();
  }
}

std::string waiting_for(const FrontierState& frontier, Clock::time_point now) {
  if (frontier.leased > 0) {
    return fmt::format("{} response{}", frontier.leased, frontier.leased == 1 ? "" : "s");
  }
  if (frontier.next == Clock::time_point::max()) return {};
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(
      std::max(Clock::duration{}, frontier.next - now));
  std::string what = fmt::format("{}, asked again in {}", frontier.next_host, to_text(left));
  if (!frontier.next_reason.empty()) what += " (" + frontier.next_reason + ")";
  return what;
}

}  // namespace weft
