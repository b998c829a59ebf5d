#include "cli/reporting.hpp"

#include <unistd.h>

#include "cli/tell.hpp"
#include "weft/base/log.hpp"

namespace weft {

ProgressMode progress_mode(const OutputOptions& asked) {
  if (asked.quiet) return ProgressMode::none;
  if (asked.progress != ProgressMode::automatic) return asked.progress;
  // Lines of the log, or records on the same terminal, would go through a bar.
  const bool has_lines = asked.verbose || (asked.jsonl == "-" && ::isatty(STDOUT_FILENO) == 1);
  return has_lines ? ProgressMode::plain : ProgressMode::automatic;
}

Result<void> count_earlier(JobDb& db, Tally& tally) {
  const auto settled = db.settled();
  if (!settled) return tl::unexpected(settled.error());
  for (const SettledCount& count : *settled) tally.add(count);
  const auto changes = db.changes();
  if (!changes) return tl::unexpected(changes.error());
  for (const auto& [change, count] : *changes) tally.add_change(change, count);
  return {};
}

std::string count_of_urls(std::uint64_t count) {
  return fmt::format("{} URL{}", count, count == 1 ? "" : "s");
}

void tell_end(const RunEnd& end) {
  if (end.sink_error) {
    tell(end.sink_error->message);
    if (end.keeps_job) {
      tell("the job is kept: once what is wrong is mended, go on with: " + end.go_on);
    }
  } else if (end.is_quiet && !end.go_on.empty() && end.stopped == StopReason::interrupted) {
    tell("interrupted; go on with: " + end.go_on);
  }
}

ExitCode end_of_reading(std::string_view command, Signals::Event signal) {
  log(LogLevel::info, "reading interrupted");
  tell(command.empty() ? "interrupted before anything was changed: give the same command again"
                       : fmt::format("interrupted; go on with: {}", command));
  return exit_code({.stopped = StopReason::interrupted, .signal = signal});
}

ExitCode exit_code(const RunEnd& end) {
  if (end.sink_error) return ExitCode::cannot_write;
  if (end.stopped == StopReason::interrupted && end.signal) {
    return *end.signal == Signals::Event::interrupt ? ExitCode::interrupted : ExitCode::terminated;
  }
  return end.has_failures ? ExitCode::some_failed : ExitCode::done;
}

void Remarks::add(std::string_view text) {
  bool is_first = false;
  {
    const Lock lock(mutex_);
    is_first = texts_.empty();
    texts_.emplace_back(text);
  }
  if (is_first) ring_();
}

void Remarks::tell_all(Progress& progress) {
  std::vector<std::string> texts;
  {
    const Lock lock(mutex_);
    texts.swap(texts_);
  }
  if (!texts.empty()) progress.clear();
  for (const std::string& text : texts) tell(text);
}

}  // namespace weft
