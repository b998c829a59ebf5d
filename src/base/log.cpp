// The only file that includes spdlog, which costs every includer 0.8 s.
#include "weft/base/log.hpp"

#include <spdlog/logger.h>
#include <spdlog/sinks/basic_file_sink.h>
#include <spdlog/sinks/stdout_sinks.h>

#include <array>
#include <atomic>
#include <memory>
#include <vector>

#include "weft/base/mutex.hpp"

namespace weft {
namespace {

struct Level {
  std::string_view name;
  spdlog::level::level_enum theirs;
};

// In the order of LogLevel.
constexpr std::array<Level, 5> kLevels{{
    {"debug", spdlog::level::debug},
    {"info", spdlog::level::info},
    {"warning", spdlog::level::warn},
    {"error", spdlog::level::err},
    {"off", spdlog::level::off},
}};

constexpr spdlog::level::level_enum theirs(LogLevel level) {
  return kLevels[static_cast<std::size_t>(level)].theirs;
}

// The open log. Writers copy the pointer out, so that no line is written under our mutex.
class Journal {
 public:
  void open(std::shared_ptr<spdlog::logger> logger, LogLevel level) EXCLUDES(mutex_) {
    const Lock lock(mutex_);
    logger_ = std::move(logger);
    level_.store(level, std::memory_order_relaxed);
  }

  std::shared_ptr<spdlog::logger> logger() EXCLUDES(mutex_) {
    const Lock lock(mutex_);
    return logger_;
  }

  LogLevel level() const noexcept { return level_.load(std::memory_order_relaxed); }

 private:
  std::atomic<LogLevel> level_{LogLevel::off};

  // State below is guarded by mutex_.
  Mutex mutex_;
  std::shared_ptr<spdlog::logger> logger_ GUARDED_BY(mutex_);
};

Journal& journal() {
  static Journal journal;
  return journal;
}

// What servers send may end up in a line; it must not be able to start another.
std::string on_one_line(std::string_view line) {
  std::string safe;
  safe.reserve(line.size());
  for (const char c : line) {
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) {
      safe += fmt::format("\\x{:02x}", static_cast<unsigned>(c));
    } else {
      safe += c;
    }
  }
  return safe;
}

}  // namespace

Result<LogLevel> parse_log_level(std::string_view text) {
  for (std::size_t i = 0; i < kLevels.size(); ++i) {
    if (kLevels[i].name == text) return static_cast<LogLevel>(i);
  }
  return fail("'{}' is not a log level: write debug, info, warning, error or off", text);
}

Result<void> open_log(const LogConfig& config) {
  std::vector<spdlog::sink_ptr> sinks;
  try {
    if (!config.file.empty()) {
      sinks.push_back(std::make_shared<spdlog::sinks::basic_file_sink_mt>(config.file));
    }
    if (config.file.empty() || config.on_terminal) {
      sinks.push_back(std::make_shared<spdlog::sinks::stderr_sink_mt>());
    }
  } catch (const spdlog::spdlog_ex& reason) {
    return fail("cannot open the log '{}': {}", config.file, reason.what());
  }
  auto logger = std::make_shared<spdlog::logger>("weft", sinks.begin(), sinks.end());
  logger->set_pattern("%Y-%m-%dT%H:%M:%S.%eZ %l %v", spdlog::pattern_time_type::utc);
  logger->set_level(theirs(config.level));
  logger->flush_on(spdlog::level::info);  // a killed program leaves what it said
  // What is worked on goes on without: said once, for each line would fail.
  logger->set_error_handler([said = std::make_shared<std::atomic_flag>()](const std::string& why) {
    if (!said->test_and_set()) fmt::print(stderr, "weft: the log is incomplete: {}\n", why);
  });
  journal().open(std::move(logger), config.level);
  return {};
}

bool log_enabled(LogLevel level) noexcept {
  return level >= journal().level() && level != LogLevel::off;
}

void write_log(LogLevel level, std::string_view line) {
  const auto logger = journal().logger();
  if (logger != nullptr) logger->log(theirs(level), on_one_line(line));
}

}  // namespace weft
