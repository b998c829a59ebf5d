// The workers of a run and their threads: hired together, started together, stopped together.
//
// Threads:   one owner calls everything; stop(), finished() and stopped_by() from any thread.
// Ownership: the clock, the frontier, and what the makers refer to, must outlive the threads:
// join(), or
//            the destructor, ends them.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <stop_token>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "weft/engine/worker.hpp"

namespace weft {

// Why a run ended before its frontier was drained.
enum class StopReason : std::uint8_t {
  none,
  max_pages,
  max_bytes,
  max_time,
  first_failure,  // --fail-fast
  interrupted,    // stop() by the owner
  sink_failed,    // records could not be written
};
std::string_view describe(StopReason reason);

enum class StopHow : std::uint8_t { finish_transfers, drop_transfers };

struct CrewSize {
  int threads = 0;  // 0: one for each CPU
  int jobs = 64;    // transfers in flight, all workers together
};

// At least one job, and no thread without one.
CrewSize completed(CrewSize size);

class Crew {
 public:
  using MakeTransfers = std::function<std::unique_ptr<Transfers>()>;
  using MakeHandler = std::function<std::unique_ptr<Handler>(unsigned seed)>;

  // `on_finished` is called on the last worker's thread when it has ended.
  Crew(const Clock& clock, Frontier& frontier, std::function<void()> on_finished);
  ~Crew();  // drops what is in flight and joins
  Crew(const Crew&) = delete;
  Crew& operator=(const Crew&) = delete;

  // Both are called once for each worker. REQUIRES: completed(size), nothing started.
  void hire(const CrewSize& size, const MakeTransfers& make_transfers,
            const MakeHandler& make_handler);

  void start();
  void run_here();  // the first worker alone, on the caller's thread, until the end: for tests
  bool finished() const { return running_ == 0; }

  void stop(StopHow how, StopReason reason);
  StopReason stopped_by() const { return reason_; }  // the first reason given

  // What is said of a run that has ended and left so much undone: nothing stopped one that was
  // whole when it was to stop.
  StopReason ended_by(std::size_t left) const;

  void join();

 private:
  struct Seat {
    std::unique_ptr<Transfers> transfers;
    std::unique_ptr<Handler> handler;
    std::unique_ptr<Worker> worker;
  };
  void run(Worker& worker);

  const Clock& clock_;
  Frontier& frontier_;
  const std::function<void()> on_finished_;
  std::stop_source finish_;
  std::stop_source drop_;
  std::atomic<StopReason> reason_{StopReason::none};
  std::atomic<int> running_{0};
  std::unique_ptr<LargeAnswers> large_;  // before the workers, which use it
  std::vector<Seat> seats_;
  std::vector<std::thread> threads_;
};

// What a run is waiting for, for people; empty where for nothing.
std::string waiting_for(const FrontierState& frontier, Clock::time_point now);

}  // namespace weft
