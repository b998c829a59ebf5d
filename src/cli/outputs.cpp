#include "cli/outputs.hpp"

#include <filesystem>
#include <system_error>

#include "cli/kept_job.hpp"
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

// The job's database counts how far each file has got, by its path: one that is the same
// wherever the job is gone on from.
std::string path_of(const std::string& path, const Outputs& to) {
  return path == "-" || !to.job ? path : fs::absolute(path).lexically_normal().string();
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

}  // namespace

Started<void> open_copies(const OutputOptions& options, Outputs& to) {
  Started<void> opened;
  if (!options.jsonl.empty()) {
    opened = add_sink(open_record_file, path_of(options.jsonl, to), OpenMode::truncate,
                      options.order, to);
  }
  if (opened && !options.links.empty()) {
    opened =
        add_sink(open_link_file, path_of(options.links, to), OpenMode::truncate, options.order, to);
  }
  return opened ? check_places(options, to.job) : opened;
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

Started<Outputs> open_outputs(const OutputOptions& asked, const std::string& job_directory,
                              const Remember& remember) {
  Outputs outputs;
  if (asked.keep_job) {
    auto job = JobDir::create(job_directory);
    if (!job) return tl::unexpected(std::move(job).error());
    outputs.job.emplace(std::move(*job));
  }
  if (outputs.job) {  // the job's journal: always as it happened
    auto opened = add_sink(open_record_file, outputs.job->pages(), OpenMode::create_new,
                           RecordOrder::completion, outputs);
    if (!opened) return tl::unexpected(opened.error());
  }
  if (auto opened = open_copies(asked, outputs); !opened) return tl::unexpected(opened.error());
  if (outputs.job) {
    auto db = JobDb::create(outputs.job->path());
    if (!db) return refuse(ExitCode::cannot_write, std::move(db).error());
    outputs.db = std::move(*db);
    if (auto kept = remember(*outputs.db); !kept) return tl::unexpected(kept.error());
  }
  if (auto opened = start_log(asked, outputs.job); !opened) return tl::unexpected(opened.error());
  return outputs;
}

Started<Outputs> open_outputs(const CrawlOptions& options) {
  const std::string& named = options.output.directory;
  return open_outputs(options.output, named.empty() ? job_name(options.crawl.seeds.front()) : named,
                      [&options](JobDb& db) { return remember_crawl(db, options); });
}

}  // namespace weft
