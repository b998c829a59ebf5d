#include "weft/engine/cost_meter.hpp"

#include <doctest/doctest.h>

#include "support/manual_clock.hpp"

namespace weft::test {

namespace {

using namespace std::chrono_literals;

// One answer: CPU used, then time in which others have the CPU.
Clock::duration cost_of(CostMeter& meter, ManualClock& clock, Clock::duration cpu,
                        Clock::duration waited = {}) {
  meter.begin();
  clock.burn(cpu);
  clock.advance(waited);
  return meter.end();
}

}  // namespace

TEST_CASE("an answer costs the CPU it took, not the time in which its thread did not run") {
  ManualClock clock;
  CostMeter meter(clock);
  CHECK(cost_of(meter, clock, 80ms, 900ms) == 80ms);
  CHECK(cost_of(meter, clock, 30ms, 1ms) == 30ms);
  CHECK(cost_of(meter, clock, 0us, 500ms) == 0us);
  CHECK(cost_of(meter, clock, 70us) == 70us);
}

TEST_CASE("what the thread does between two answers is charged to neither, but for a moment") {
  ManualClock clock;
  CostMeter meter(clock);
  cost_of(meter, clock, 10ms);
  clock.burn(300ms);
  CHECK(cost_of(meter, clock, 20ms) == 20ms);
  clock.burn(500us);
  const Clock::duration cost = cost_of(meter, clock, 20ms, 40ms);
  CHECK(cost >= 20ms);
  CHECK(cost <= 20ms + CostMeter::kShort);
}

TEST_CASE("short answers in a row share a reading of the CPU clock for each millisecond") {
  ManualClock clock;
  CostMeter meter(clock);
  for (int i = 0; i < 1000; ++i) CHECK(cost_of(meter, clock, 75us) == 75us);
  CHECK(clock.cpu_readings() <= 76);
}

TEST_CASE("an answer costs no more than the time it took") {
  ManualClock clock;
  CostMeter meter(clock);
  cost_of(meter, clock, 10us);
  clock.burn(900us);  // within the moment
  CHECK(cost_of(meter, clock, 1ms) == 1ms);
}

}  // namespace weft::test
