// What the runs of all commands show alike.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "cli/exit_code.hpp"
#include "cli/options.hpp"
#include "cli/signals.hpp"
#include "weft/base/mutex.hpp"
#include "weft/engine/crew.hpp"
#include "weft/report/tally.hpp"

namespace weft {

// How progress is shown, as asked for and as the terminal has room for it.
ProgressMode progress_mode(const OutputOptions& asked);

// What the job settled before this run.
Result<void> count_earlier(JobDb& db, Tally& tally);

std::string count_of_urls(std::uint64_t count);

// How a run of a command that may keep a job has ended.
struct RunEnd {
  StopReason stopped = StopReason::none;
  std::optional<Error> sink_error{};
  std::optional<Signals::Event> signal{};  // the first one
  bool has_failures = false;
  bool is_quiet = false;
  bool keeps_job = false;
  std::string go_on{};  // the command that goes on with what is left, or empty
};

// The end of a run that a signal stopped while it read its job. `command` goes on with it; empty
// where the same command is to be given again, of which the job remembers nothing.
ExitCode end_of_reading(std::string_view command, Signals::Event signal);

// What the user has to know of it that the summary does not say, or nobody sees.
void tell_end(const RunEnd& end);
ExitCode exit_code(const RunEnd& end);

// What threads other than the main one have to tell while a status is drawn: kept until the main
// thread has taken the status away.
//
// Threads: add() from any thread, the rest from the main one.
class Remarks {
 public:
  // `ring` has the main thread call tell_all() soon.
  explicit Remarks(std::function<void()> ring) : ring_(std::move(ring)) {}

  void add(std::string_view text) EXCLUDES(mutex_);
  void tell_all(Progress& progress) EXCLUDES(mutex_);

 private:
  const std::function<void()> ring_;
  Mutex mutex_;
  std::vector<std::string> texts_ GUARDED_BY(mutex_);
};

}  // namespace weft
