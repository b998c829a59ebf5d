#include "cli/prepared_get.hpp"

#include <algorithm>
#include <filesystem>

#include "cli/kept_job.hpp"
#include "cli/prepared_run.hpp"
#include "cli/reopened_outputs.hpp"
#include "cli/tell.hpp"

namespace weft {
namespace fs = std::filesystem;
namespace {

constexpr std::string_view kJobName = ".weft";

std::vector<std::string> absolute(std::vector<std::string> paths) {
  for (std::string& path : paths) {
    if (path != "-") path = fs::absolute(path).lexically_normal().string();
  }
  return paths;
}

bool holds_job(const std::string& directory) {
  std::error_code ignored;
  return fs::exists(directory + "/job.db", ignored);
}

// Nothing where the job is not done, or cannot be read: JobDir says then what to do.
Result<void> remove_finished(const std::string& directory) {
  if (!holds_job(directory)) return {};
  bool is_finished = false;
  {
    auto lock = JobLock::take(directory);
    if (!lock) return {};
    auto db = JobDb::open(directory);
    if (!db) return {};
    const auto finished = recall(**db, "finished");
    is_finished = finished && !finished->empty();
  }
  if (!is_finished) return {};
  for (const char* file : {"job.db", "pages.jsonl", "failed.txt", "names", "weft.log"}) {
    std::error_code error;
    fs::remove(fs::path(directory) / file, error);
    if (error) {
      return fail("cannot remove '{}/{}' of the job before: {}", directory, file, error.message());
    }
  }
  return {};
}

// Where one file goes to a place of its own, or nothing is kept at all, there is nothing to go on
// with.
bool keeps_job(const GetConfig& get) { return get.document.empty() && !get.dry_run; }

Result<GetOptions> options_of(const ResumeRequest& request, const KeptJob& job,
                              const std::string& inputs) {
  GetOptions options;
  const OptionTable table = get_options(options);
  options.to_save = replaced(job.options, request.anew);
  for (const SavedOptions& part : {options.to_save, request.for_this_run}) {
    const auto given = given_again(part, table);
    if (!given) return tl::unexpected(given.error());
    if (auto set = apply(*given); !set) return tl::unexpected(set.error());
  }
  if (!inputs.empty()) {
    auto files = parse_texts(inputs);
    if (!files) return tl::unexpected(files.error());
    options.get.input_files = std::move(*files);
  }
  options.get.wait = std::max(options.get.wait, options.rate);
  options.output.directory = fs::path(request.job).parent_path().string();
  if (options.output.directory.empty()) options.output.directory = ".";
  options.get.directory = options.output.directory;
  return options;
}

}  // namespace

std::string get_job_directory(const std::string& directory) {
  return (fs::path(directory) / kJobName).string();
}

std::string find_get_job(const std::string& path) {
  if (holds_job(get_job_directory(path))) return get_job_directory(path);
  std::string normal = fs::path(path).lexically_normal().string();
  if (normal.ends_with('/')) normal.pop_back();
  return fs::path(normal).filename() == kJobName && holds_job(normal) ? normal : std::string();
}

Started<PreparedGet> prepare_get(GetOptions options) {
  if (auto checked = check_transfers(options.net, options.get.jobs); !checked) {
    return wrong_use(std::move(checked).error());
  }
  const std::string directory = get_job_directory(options.get.directory);
  options.output.keep_job = keeps_job(options.get);
  if (options.output.keep_job) {
    if (auto removed = remove_finished(directory); !removed) {
      return refuse(ExitCode::cannot_write, std::move(removed).error());
    }
  }
  const std::vector<std::string> inputs = absolute(options.get.input_files);
  auto outputs = open_outputs(options.output, directory, [&](JobDb& db) {
    return remember_start(db, {.command = kGetJob,
                               .options = options.to_save,
                               .texts = {{"inputs", inputs.empty() ? "" : to_json(inputs)}}});
  });
  if (!outputs) return tl::unexpected(std::move(outputs).error());
  return PreparedGet{.options = std::move(options), .outputs = std::move(*outputs)};
}

Started<PreparedGet> prepare_get(const ResumeRequest& request) {
  auto job = open_kept_job(request.job, kGetJob);
  if (!job) return tl::unexpected(std::move(job).error());
  const auto cannot = [&request](const Error& why) {
    return wrong_use({fmt::format("cannot go on with the job '{}': {}", request.job, why.message)});
  };
  const auto inputs = recall(*job->db, "inputs");
  if (!inputs) return cannot(inputs.error());
  auto options = options_of(request, *job, *inputs);
  if (!options) return cannot(options.error());
  if (auto checked = check_transfers(options->net, options->get.jobs); !checked) {
    return wrong_use(std::move(checked).error());
  }
  auto outputs = reopen_outputs(options->output, std::move(*job), NextVisit::go_on,
                                [](const std::string& text) { tell(text); });
  if (!outputs) return tl::unexpected(std::move(outputs).error());
  auto remembered = remember_change(*outputs->db, {.options = options->to_save});
  if (!remembered) return refuse(ExitCode::cannot_write, std::move(remembered).error());
  return PreparedGet{
      .options = std::move(*options), .outputs = std::move(*outputs), .resumed = true};
}

}  // namespace weft
