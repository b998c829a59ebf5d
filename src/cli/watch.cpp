#include "cli/watch.hpp"

#include <atomic>
#include <thread>

#include "cli/tell.hpp"
#include "weft/base/thread_name.hpp"
#include "weft/base/units.hpp"

namespace weft {
namespace {

using namespace std::chrono_literals;

void stop(const Watched& run, Signals::Event signal, Signals& signals, Stopping& stopping) {
  const StopHow how = stopping.signalled(signal);
  run.stop(how, StopReason::interrupted);
  if (how == StopHow::drop_transfers) {
    tell("dropping what is in flight; once more ends the program at once");
    signals.let_through();
    return;
  }
  const std::size_t in_flight = run.in_flight();
  tell(in_flight == 0 ? "stopping"
                      : fmt::format("stopping when what is in flight is finished ({}), within {}; "
                                    "once more drops it",
                                    in_flight, to_text(Clock::duration(Stopping::kGrace))));
}

Clock::duration tick_of(const Progress& progress) {
  switch (progress.mode()) {
    case ProgressMode::automatic:
    case ProgressMode::bar:
      return 200ms;
    case ProgressMode::plain:
      return Progress::kPlainInterval;
    case ProgressMode::none:
      break;
  }
  return 1h;
}

bool asks_to_stop(Signals::Event event) {
  return event == Signals::Event::interrupt || event == Signals::Event::terminate;
}

}  // namespace

void watch(const Watched& run, Signals& signals, Stopping& stopping, Progress& progress) {
  const Clock::duration tick = tick_of(progress);
  run.draw();
  while (!run.finished()) {
    const Signals::Event event = signals.wait(stopping.wait_at_most(tick));
    if (asks_to_stop(event)) {
      progress.clear();
      stop(run, event, signals, stopping);
    } else if (stopping.grace_is_over()) {
      progress.clear();
      run.stop(StopHow::drop_transfers, StopReason::interrupted);
      tell("the time is over: dropping what is in flight");
    } else if (run.output_broke()) {
      run.stop(StopHow::drop_transfers, StopReason::sink_failed);
    }
    run.draw();
  }
}

bool watch_reading(const std::function<void()>& read, JobReading& reading, Signals& signals,
                   Stopping& stopping, Progress& progress) {
  constexpr auto kSilence = 1s;  // most jobs are read by then
  std::atomic<bool> ended{false};
  std::jthread reader([&] {
    name_thread("weft-reader");
    read();
    ended = true;
    signals.ring();
  });
  const Clock::duration tick = tick_of(progress);
  Clock::duration next = kSilence;
  while (!ended) {
    const Signals::Event event = signals.wait(next);
    if (asks_to_stop(event)) {
      stopping.signalled(event);
      reading.stop();
      signals.let_through();
    } else if (event == Signals::Event::none) {
      next = tick;
    }
    if (next == tick && !reading.stopped()) progress.draw(reading.state());
  }
  progress.clear();
  return !reading.stopped();
}

}  // namespace weft
