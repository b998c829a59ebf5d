#include "cli/reporting.hpp"

#include <unistd.h>

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

}  // namespace weft
