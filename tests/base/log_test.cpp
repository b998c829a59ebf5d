#include "weft/base/log.hpp"

#include <doctest/doctest.h>
#include <unistd.h>

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <string>
#include <thread>
#include <vector>

#include "weft/base/text.hpp"

namespace weft {
namespace {

// A log in a directory of its own; closed again, and the directory removed, at the end.
class LogFile {
 public:
  explicit LogFile(LogLevel level) {
    std::filesystem::create_directory(directory_);
    REQUIRE(open_log({.file = file(), .level = level}));
  }
  ~LogFile() {
    REQUIRE(open_log({.file = "", .level = LogLevel::off}));
    std::filesystem::remove_all(directory_);
  }
  LogFile(const LogFile&) = delete;
  LogFile& operator=(const LogFile&) = delete;

  std::string file() const { return directory_ / "weft.log"; }

  std::vector<std::string> lines() const {
    std::ifstream in(file());
    std::vector<std::string> lines;
    for (std::string line; std::getline(in, line);) lines.push_back(line);
    return lines;
  }

 private:
  std::filesystem::path directory_ =
      std::filesystem::temp_directory_path() / ("weft-log-" + std::to_string(::getpid()));
};

TEST_CASE("a log line is a UTC time with milliseconds, a level and the event") {
  const LogFile log_file(LogLevel::info);
  log(LogLevel::info, "host set aside host={} failures={}", "example.org", 3);
  const auto lines = log_file.lines();
  REQUIRE(lines.size() == 1);
  std::string shape = lines[0].substr(0, lines[0].find(' '));
  for (char& c : shape) {
    if (is_ascii_digit(c)) c = '0';
  }
  CHECK(shape == "0000-00-00T00:00:00.000Z");
  CHECK(lines[0].ends_with("Z info host set aside host=example.org failures=3"));
}

TEST_CASE("what is less than the level is dropped") {
  const LogFile log_file(LogLevel::warning);
  CHECK_FALSE(log_enabled(LogLevel::debug));
  CHECK_FALSE(log_enabled(LogLevel::info));
  CHECK(log_enabled(LogLevel::warning));
  CHECK(log_enabled(LogLevel::error));
  log(LogLevel::info, "page fetched");
  log(LogLevel::warning, "page cut off");
  log(LogLevel::error, "disk full");
  const auto lines = log_file.lines();
  REQUIRE(lines.size() == 2);
  CHECK(lines[0].ends_with(" warning page cut off"));
  CHECK(lines[1].ends_with(" error disk full"));
}

TEST_CASE("nothing is enabled when the log is off, not even off itself") {
  REQUIRE(open_log({.file = "", .level = LogLevel::off}));
  CHECK_FALSE(log_enabled(LogLevel::error));
  CHECK_FALSE(log_enabled(LogLevel::off));
}

TEST_CASE("what a server sent cannot start a line of its own") {
  const LogFile log_file(LogLevel::info);
  log(LogLevel::info, "header refused value={}",
      "a\r\n2026-01-01T00:00:00.000Z error forged\x1b[2J");
  const auto lines = log_file.lines();
  REQUIRE(lines.size() == 1);
  CHECK(lines[0].ends_with(R"(value=a\x0d\x0a2026-01-01T00:00:00.000Z error forged\x1b[2J)"));
}

TEST_CASE("a log goes on where the last one ended") {
  const LogFile log_file(LogLevel::info);
  log(LogLevel::info, "crawl started");
  REQUIRE(open_log({.file = log_file.file(), .level = LogLevel::info}));
  log(LogLevel::info, "crawl resumed");
  CHECK(log_file.lines().size() == 2);
}

TEST_CASE("a log may be on standard error besides its file") {
  const LogFile log_file(LogLevel::info);
  const std::string terminal = log_file.file() + ".terminal";
  const int before = ::dup(STDERR_FILENO);
  REQUIRE(std::freopen(terminal.c_str(), "w", stderr) != nullptr);
  REQUIRE(open_log({.file = log_file.file(), .level = LogLevel::info, .on_terminal = true}));
  log(LogLevel::info, "crawl started");
  std::fflush(stderr);
  ::dup2(before, STDERR_FILENO);
  ::close(before);
  std::string shown;
  std::getline(std::ifstream(terminal), shown);
  CHECK(shown.ends_with("Z info crawl started"));
  CHECK(log_file.lines() == std::vector<std::string>{shown});
}

TEST_CASE("lines of several threads do not mix") {
  const LogFile log_file(LogLevel::info);
  {
    std::vector<std::jthread> threads;
    for (int t = 0; t < 4; ++t) {
      threads.emplace_back([] {
        for (int i = 0; i < 100; ++i) log(LogLevel::info, "{}", std::string(200, 'x'));
      });
    }
  }
  const auto lines = log_file.lines();
  CHECK(lines.size() == 400);
  for (const auto& line : lines) CHECK(line.ends_with("Z info " + std::string(200, 'x')));
}

TEST_CASE("a log that cannot be written says which and why") {
  const auto opened = open_log({.file = "/dev/null/weft.log"});
  REQUIRE_FALSE(opened);
  CHECK(opened.error().message.find("'/dev/null/weft.log'") != std::string::npos);
  CHECK(opened.error().message.find("Not a directory") != std::string::npos);
}

TEST_CASE("a log level is read by its name") {
  CHECK(parse_log_level("debug").value() == LogLevel::debug);
  CHECK(parse_log_level("info").value() == LogLevel::info);
  CHECK(parse_log_level("warning").value() == LogLevel::warning);
  CHECK(parse_log_level("error").value() == LogLevel::error);
  CHECK(parse_log_level("off").value() == LogLevel::off);
  const auto level = parse_log_level("loud");
  REQUIRE_FALSE(level);
  CHECK(level.error().message ==
        "'loud' is not a log level: write debug, info, warning, error or off");
}

}  // namespace
}  // namespace weft
