// Environment variables as a test wants them, and then as they were.
//
// Threads: while one begins or ends, no other thread may read the environment.
#pragma once

#include <cstdlib>
#include <map>
#include <optional>
#include <string>

namespace weft::test {

// NOLINTBEGIN(concurrency-mt-unsafe): see above
class Environment {
 public:
  // Nothing as a value: the variable is not set.
  explicit Environment(const std::map<std::string, std::optional<std::string>>& wanted) {
    for (const auto& [name, value] : wanted) {
      const char* before = std::getenv(name.c_str());
      before_[name] = before != nullptr ? std::optional<std::string>(before) : std::nullopt;
      set(name, value);
    }
  }
  Environment(const Environment&) = delete;
  Environment& operator=(const Environment&) = delete;
  ~Environment() {
    for (const auto& [name, value] : before_) set(name, value);
  }

 private:
  static void set(const std::string& name, const std::optional<std::string>& value) {
    if (value) {
      setenv(name.c_str(), value->c_str(), 1);
    } else {
      unsetenv(name.c_str());
    }
  }

  std::map<std::string, std::optional<std::string>> before_;
};
// NOLINTEND(concurrency-mt-unsafe)

}  // namespace weft::test
