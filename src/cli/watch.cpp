#include "cli/watch.hpp"

#include "cli/tell.hpp"
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

}  // namespace

void watch(const Watched& run, Signals& signals, Stopping& stopping, Progress& progress) {
  const Clock::duration tick = progress.mode() == ProgressMode::bar     ? 200ms
                               : progress.mode() == ProgressMode::plain ? Progress::kPlainInterval
                                                                        : Clock::duration(1h);
  run.draw();
  while (!run.finished()) {
    const Signals::Event event = signals.wait(stopping.wait_at_most(tick));
    if (event == Signals::Event::interrupt || event == Signals::Event::terminate) {
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

}  // namespace weft
