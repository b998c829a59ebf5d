// The time of a file, as the system tells it.
#pragma once

#include <chrono>
#include <ctime>

#include "weft/base/clock.hpp"

namespace weft::get {

inline Clock::wall_time file_time(const timespec& time) {
  return Clock::wall_time(std::chrono::duration_cast<Clock::wall_time::duration>(
      std::chrono::seconds(time.tv_sec) + std::chrono::nanoseconds(time.tv_nsec)));
}

}  // namespace weft::get
