#include "cli/prepared_get.hpp"

#include <algorithm>
#include <filesystem>

#include "cli/prepared_run.hpp"
#include "cli/shell_words.hpp"
#include "cli/tell.hpp"
#include "weft/get/get.hpp"

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

// The list of failures of the batch before, out of the way of the next one's: DIR/failed.N.txt.
// It is copied, not moved: killed right after, the program finds both.
Result<std::string> set_failures_aside(const std::string& directory, std::uint64_t batch) {
  const std::string from = directory + "/failed.txt";
  std::string to = fmt::format("{}/failed.{}.txt", directory, batch);
  std::error_code error;
  if (!fs::exists(from, error) || fs::file_size(from, error) == 0) return from;
  fs::copy_file(from, to, fs::copy_options::overwrite_existing, error);
  if (error) return fail("cannot copy '{}' to '{}': {}", from, to, error.message());
  return to;
}

// Lists may be the failures themselves.
void read_failures_from(const std::string& directory, const std::string& aside,
                        std::vector<std::string>& lists) {
  for (std::string& list : lists) {
    std::error_code none;
    if (list != "-" && fs::equivalent(list, directory + "/failed.txt", none)) list = aside;
  }
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

Started<void> check_is_done(JobDb& db, const std::string& directory, const std::string& job) {
  const auto is_done = db.is_done();
  if (!is_done) return wrong_use(is_done.error());
  if (*is_done) return {};
  return wrong_use({fmt::format(
      "'{}' has a batch that is not done. Go on with it by 'weft resume {}', choose another "
      "directory with -o, or give it up by removing '{}'.",
      directory, shell_path(directory), job)});
}

// The last files of a batch may still have been on their way to the disk when it was done.
Started<void> check_is_whole(JobDb& db, const GetConfig& config) {
  const auto lost = Get::take_back_lost(db, config);
  if (!lost) return wrong_use(lost.error());
  if (*lost == 0) return {};
  return wrong_use(
      {fmt::format("{} of the files that the batch before finished last are not on the disk as "
                   "they were (a power "
                   "cut?). Have them fetched again by 'weft resume {}' first.",
                   *lost, shell_path(config.directory))});
}

// A job that is done, opened for the next batch.
Started<Outputs> reopen_for_next(GetOptions& options, const std::string& directory,
                                 const Remember& remember) {
  auto job = open_kept_job(directory, kGetJob);
  if (!job) return tl::unexpected(std::move(job).error());
  if (auto done = check_is_done(*job->db, options.get.directory, directory); !done) {
    return tl::unexpected(done.error());
  }
  if (auto whole = check_is_whole(*job->db, options.get); !whole) {
    return tl::unexpected(whole.error());
  }
  const auto batch = job->db->batch();
  if (!batch) return wrong_use(batch.error());
  const auto aside = set_failures_aside(directory, *batch);
  if (!aside) return refuse(ExitCode::cannot_write, aside.error());
  read_failures_from(directory, *aside, options.get.input_files);
  auto outputs = reopen_outputs(options.output, std::move(*job), WhichBatch::next,
                                [](const std::string& text) { tell(text); });
  if (!outputs) return outputs;
  if (auto kept = remember(*outputs->db); !kept) return tl::unexpected(kept.error());
  return outputs;
}

// Null where nothing is asked of it.
Started<std::unique_ptr<FormerFiles>> open_former(const Outputs& outputs, const GetOptions& options,
                                                  JobReading* reading = nullptr) {
  if (!outputs.job || options.get.on_exist != OnExist::update) return nullptr;
  auto former = FormerFiles::open(outputs.job->path(), reading);
  if (!former) return refuse(ExitCode::cannot_write, std::move(former).error());
  return std::move(*former);
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
  if (auto checked = check_transfers(options, options.get.jobs); !checked) {
    return wrong_use(std::move(checked).error());
  }
  const std::string directory = get_job_directory(options.get.directory);
  options.output.keep_job = keeps_job(options.get);
  const Remember remember = [&](JobDb& db) {
    const std::vector<std::string> inputs = absolute(options.get.input_files);
    return remember_start(db, {.command = kGetJob,
                               .options = options.to_save,
                               .texts = {{"inputs", inputs.empty() ? "[]" : to_json(inputs)}}});
  };
  const bool goes_on = options.output.keep_job && holds_job(directory);
  auto outputs = goes_on ? reopen_for_next(options, directory, remember)
                         : open_outputs(options.output, directory, remember);
  if (!outputs) return tl::unexpected(std::move(outputs).error());
  auto former = open_former(*outputs, options);
  if (!former) return tl::unexpected(std::move(former).error());
  return PreparedGet{
      .options = std::move(options), .outputs = std::move(*outputs), .former = std::move(*former)};
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
  if (auto checked = check_transfers(*options, options->get.jobs); !checked) {
    return wrong_use(std::move(checked).error());
  }
  return PreparedGet{
      .options = std::move(*options), .resumed = std::move(*job), .anew = request.anew};
}

Started<ReopenedGet> reopen(KeptJob job, const GetOptions& options, JobReading& reading,
                            const Notice& tell) {
  auto outputs = reopen_outputs(options.output, std::move(job), WhichBatch::same, tell);
  if (!outputs) return tl::unexpected(std::move(outputs).error());
  auto remembered = remember_change(*outputs->db, {.options = options.to_save});
  if (!remembered) return refuse(ExitCode::cannot_write, std::move(remembered).error());
  auto former = open_former(*outputs, options, &reading);
  if (!former) return tl::unexpected(std::move(former).error());
  return ReopenedGet{.outputs = std::move(*outputs), .former = std::move(*former)};
}

}  // namespace weft
