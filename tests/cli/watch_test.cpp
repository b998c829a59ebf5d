// The reading of a job, as the main thread watches it.
#include "cli/watch.hpp"

#include <doctest/doctest.h>
#include <unistd.h>

#include <thread>

namespace weft {
namespace {

using namespace std::chrono_literals;

struct Watching {
  Signals signals;
  SystemClock clock;
  Stopping stopping{clock};
  Progress progress{STDERR_FILENO, ProgressMode::none, clock};
  JobReading reading;

  bool watch(const std::function<void()>& read) {
    return watch_reading(read, reading, signals, stopping, progress);
  }
};

TEST_CASE_FIXTURE(Watching, "a job is read on another thread, which is waited for") {
  std::thread::id reader;
  CHECK(watch([&] { reader = std::this_thread::get_id(); }));
  CHECK(reader != std::thread::id());
  CHECK(reader != std::this_thread::get_id());
  CHECK_FALSE(stopping.signal());
}

TEST_CASE_FIXTURE(Watching, "a signal stops the reading, whatever else rings") {
  struct Case {
    int signal;
    Signals::Event event;
  };
  for (const Case& one :
       {Case{SIGINT, Signals::Event::interrupt}, Case{SIGTERM, Signals::Event::terminate}}) {
    Watching watching;
    bool was_stopped = false;
    CHECK_FALSE(watching.watch([&] {
      watching.signals.ring();
      ::kill(::getpid(), one.signal);
      was_stopped = watching.reading.wait_until_stopped(1h);
    }));
    CHECK(was_stopped);
    CHECK(watching.stopping.signal() == one.event);
  }
}

}  // namespace
}  // namespace weft
