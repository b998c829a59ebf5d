#include "cli/outputs.hpp"

#include <filesystem>
#include <system_error>

#include "weft/store/jsonl.hpp"

namespace weft {
namespace fs = std::filesystem;
namespace {

using Open = Result<std::unique_ptr<Sink>> (*)(const std::string& path, OpenMode mode);

Started<void> add_sink(Open open, const std::string& path, OpenMode mode, RecordOrder order,
                       Outputs& to) {
  auto sink = open(path, mode);
  if (!sink) return refuse(ExitCode::cannot_write, std::move(sink).error());
  to.sinks.push_back(order == RecordOrder::input ? in_input_order(std::move(*sink))
                                                 : std::move(*sink));
  return {};
}

Started<void> open_sinks(const OutputOptions& options, Outputs& to) {
  Started<void> opened;
  if (to.job) {
    opened = add_sink(open_record_file, to.job->pages(), OpenMode::create_new, options.order, to);
  }
  if (opened && !options.jsonl.empty()) {
    opened = add_sink(open_record_file, options.jsonl, OpenMode::truncate, options.order, to);
  }
  if (opened && !options.links.empty()) {
    opened = add_sink(open_link_file, options.links, OpenMode::truncate, options.order, to);
  }
  return opened;
}

// Two files that are one would hold every line twice, or lines of two kinds.
Started<void> check_places(const OutputOptions& options, const std::optional<JobDir>& job) {
  std::vector<std::string> places;
  for (const std::string& place : {options.jsonl, options.links, job ? job->pages() : ""}) {
    std::error_code ignored;
    const bool can_clash = place == "-" || fs::is_regular_file(place, ignored);
    if (!can_clash) continue;
    for (const std::string& other : places) {
      if (place != other && !fs::equivalent(place, other, ignored)) continue;
      return wrong_use({fmt::format("two outputs go to '{}': name two places", place)});
    }
    places.push_back(place);
  }
  return {};
}

Started<void> start_log(const OutputOptions& options, const std::optional<JobDir>& job) {
  LogConfig config{.file = options.log_file,
                   .level = options.log_level.value_or(LogLevel::info),
                   .on_terminal = options.verbose};
  if (config.file.empty() && job) config.file = job->log();
  if (config.file.empty() && !options.verbose) return {};
  if (config.level == LogLevel::off) return {};
  if (auto opened = open_log(config); !opened) {
    return refuse(ExitCode::cannot_write, std::move(opened).error());
  }
  return {};
}

}  // namespace

Started<Outputs> open_outputs(const OutputOptions& options, const Url& first_seed) {
  Outputs outputs;
  if (options.keep_job) {
    auto job = JobDir::create(options.directory.empty() ? job_name(first_seed) : options.directory);
    if (!job) return tl::unexpected(std::move(job).error());
    outputs.job.emplace(std::move(*job));
  }
  if (auto opened = open_sinks(options, outputs); !opened) return tl::unexpected(opened.error());
  if (auto apart = check_places(options, outputs.job); !apart) return tl::unexpected(apart.error());
  if (auto opened = start_log(options, outputs.job); !opened) {
    return tl::unexpected(opened.error());
  }
  return outputs;
}

}  // namespace weft
