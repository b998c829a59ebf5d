// One thread's share of the work: many transfers in flight, one loop.
#pragma once

#include <cstddef>
#include <deque>
#include <optional>
#include <stop_token>
#include <vector>

#include "weft/engine/cost_meter.hpp"
#include "weft/engine/frontier.hpp"
#include "weft/engine/handler.hpp"
#include "weft/engine/large_answers.hpp"
#include "weft/net/transfers.hpp"

namespace weft {

// Ways to end before the frontier is drained.
struct Stop {
  std::stop_token finish;  // start nothing more, finish what is in flight
  std::stop_token drop;    // drop what is in flight; its tasks go back to the frontier
};

// Threads:   run() is called once, by the worker's thread.
// Ownership: everything given must outlive the worker.
class Worker {
 public:
  struct Parts {
    const Clock& clock;
    Frontier& frontier;
    Handler& handler;
    Transfers& transfers;
    LargeAnswers& large;  // shared by all workers
  };
  Worker(int id, std::size_t capacity, const Parts& parts);

  // Until the frontier is drained or a stop is requested. Whoever requests a stop wakes
  // the worker afterwards (Frontier::wake_all).
  void run(const Stop& stop);

 private:
  // Starts as many transfers as there is room for. Returns when to look again; transfers_
  // is woken where that is at once.
  Clock::time_point start_transfers();
  bool start(Lease lease);  // false: settled without asking
  void settle(Completion completion);
  void settle_all();
  void read_large(const Stop& stop);

  const int id_;
  const Clock& clock_;
  Frontier& frontier_;
  Handler& handler_;
  Transfers& transfers_;

  std::vector<std::optional<Lease>> flights_;  // by token
  std::vector<std::uint64_t> free_;            // tokens not in use
  std::vector<Completion> ended_;
  LargeAnswers& large_turns_;
  std::deque<Completion> large_;  // that wait for their turn to be read
  Clock::time_point large_wake_ = Clock::time_point::max();
  CostMeter meter_;
  bool drained_ = false;
};

}  // namespace weft
