#include "weft/engine/cost_meter.hpp"

#include <algorithm>

namespace weft {

void CostMeter::begin() {
  begun_ = clock_.now();
  if (!read_at_ || begun_ - *read_at_ >= kShort) read();
}

Clock::duration CostMeter::end() {
  const Clock::duration passed = clock_.now() - begun_;
  if (passed < kShort) return passed;
  const Clock::duration cpu_before = cpu_;
  read();
  return std::clamp(cpu_ - cpu_before, Clock::duration{}, passed);
}

void CostMeter::read() {
  read_at_ = clock_.now();
  cpu_ = clock_.thread_cpu();
}

}  // namespace weft
