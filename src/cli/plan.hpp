// The plan of --dry-run, on standard output.
//
// Threads: add() is called from workers' threads: each line is one write to the stream, which
//          has a lock of its own.
#pragma once

#include <atomic>
#include <cerrno>
#include <cstdio>
#include <string>
#include <string_view>

#include "cli/signals.hpp"
#include "weft/url/url.hpp"

namespace weft {

class Plan {
 public:
  explicit Plan(const Signals& signals) : signals_(signals) {}

  void add(const Url& url, std::string_view rule) {
    const std::string line = rule.empty() ? fmt::format("fetch {}\n", url.href())
                                          : fmt::format("refuse {} {}\n", url.href(), rule);
    if (std::fwrite(line.data(), 1, line.size(), stdout) == line.size()) return;
    error_ = errno;
    signals_.ring();
  }

  // Why standard output takes no more, or 0.
  int error() const { return error_; }

 private:
  const Signals& signals_;
  std::atomic<int> error_{0};
};

}  // namespace weft
