// The operator's log: one event a line, past tense, then key=value in a fixed order.
// Quiet until open_log() is called. Never log under a lock, nor per URL above debug.
//
// Threads: every function may be called from any thread.
#pragma once

#include <fmt/core.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include "weft/base/result.hpp"

namespace weft {

enum class LogLevel : std::uint8_t { debug, info, warning, error, off };

struct LogConfig {
  std::string file;                    // empty: standard error
  LogLevel level = LogLevel::warning;  // what is less than this is dropped
  bool on_terminal = false;            // on standard error besides the file
};

Result<LogLevel> parse_log_level(std::string_view text);
Result<void> open_log(const LogConfig& config);

bool log_enabled(LogLevel level) noexcept;
void write_log(LogLevel level, std::string_view line);

template <class... Args>
void log(LogLevel level, fmt::format_string<Args...> format, Args&&... args) {
  if (log_enabled(level)) write_log(level, fmt::format(format, std::forward<Args>(args)...));
}

}  // namespace weft
