#include "cli/stopping.hpp"

#include <algorithm>

namespace weft {

StopHow Stopping::signalled(Signals::Event signal) {
  if (!signal_) {
    signal_ = signal;
    drop_at_ = clock_.now() + kGrace;
    return StopHow::finish_transfers;
  }
  drop_at_.reset();
  return StopHow::drop_transfers;
}

bool Stopping::grace_is_over() {
  if (!drop_at_ || clock_.now() < *drop_at_) return false;
  drop_at_.reset();
  return true;
}

Clock::duration Stopping::wait_at_most(Clock::duration tick) const {
  if (!drop_at_) return tick;
  return std::clamp(*drop_at_ - clock_.now(), Clock::duration{}, tick);
}

}  // namespace weft
